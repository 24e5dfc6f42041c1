package org.loopscope.app.shell;

import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.binding.StringBinding;
import javafx.beans.property.ObjectProperty;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ListCell;
import javafx.scene.control.TitledPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.app.workbench.GenerationForm;
import org.loopscope.app.workbench.GenerationForm.Way;
import org.loopscope.app.workbench.RunForm;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.KvPolicy;

/** How tokens are generated: which loops are run, what the KV cache keeps, and sampling. Folded away while none are. */
final class GenerationView {
    private static final String DECODING =
            "Which loops a generated token goes through. every loop: all T, then the exit"
                    + " rule says which one it is read from. skip loops: the loop really ends where the exit rule leaves."
                    + " draft & verify: drafts tokens at an early step and verifies them at full depth; the text stays the same.";

    private final Workbench workbench;
    private final GenerationForm form;
    private final FormFields fields;
    private final TitledPane root = new TitledPane();
    private final BooleanBinding generates;

    GenerationView(Workbench workbench, FormFields fields) {
        this.workbench = workbench;
        this.form = workbench.form().generation();
        this.fields = fields;
        this.generates = Bindings.createBooleanBinding(form::generates, form.generateProperty());
        root.setId("generation");
        root.getStyleClass().addAll("dense", "ls-generation");
        root.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> generates.get() ? form.summary() : "Generation: none asked for",
                        generates,
                        form.wayProperty(),
                        form.kvPolicyProperty(),
                        form.temperatureProperty()));
        root.setContent(content());
        root.setAnimated(false);
        root.setMinWidth(0); // the title gives way, not the sidebar
        root.setMinHeight(Region.USE_PREF_SIZE);
        root.setExpanded(generates.get());
        generates.addListener((o, before, now) -> root.setExpanded(now));
        root.getContent().disableProperty().bind(generates.not());
        reveal();
    }

    Node node() {
        return root;
    }

    /** A field that is marked is never out of sight. */
    private void reveal() {
        workbench.form().wrongFieldProperty().addListener((o, before, now) -> {
            if (now != null && now.ordinal() >= RunForm.Field.DECODING.ordinal()) {
                root.setExpanded(true);
            }
        });
    }

    private Node content() {
        FlowPane sampling = new FlowPane(8, 6);
        sampling.getChildren()
                .addAll(
                        fields.number(
                                RunForm.Field.TEMPERATURE,
                                "temp.",
                                "temperature",
                                form.temperatureProperty(),
                                "Sampling temperature; 0 takes the most likely token"),
                        fields.number(
                                RunForm.Field.TOP_P,
                                "top-p",
                                "top-p",
                                form.topPProperty(),
                                "Sample from the most probable tokens that together reach this probability, above 0 up to"
                                        + " 1; without effect at temperature 0"),
                        fields.number(
                                RunForm.Field.SEED,
                                "seed",
                                "seed",
                                form.seedProperty(),
                                "Seed of the sampling; the same seed, settings and model give the same text"));
        StringBinding obstacle = Bindings.createStringBinding(
                () -> obstacle(form.wayProperty().get()),
                form.wayProperty(),
                form.kvPolicyProperty(),
                form.temperatureProperty(),
                workbench.exitRuleProperty());
        return new VBox(
                6,
                wayChooser(),
                FormFields.sentence(obstacle, "decoding-obstacle", "ls-problem"),
                drafting(),
                kvChooser(),
                sampling);
    }

    private String obstacle(Way way) {
        return form.obstacle(way, workbench.exitRuleProperty().get());
    }

    private Node wayChooser() {
        ComboBox<Way> box = box("decoding", form.wayProperty(), way -> "Decoding: " + way, this::obstacle);
        box.getItems().setAll(Way.values());
        box.setAccessibleText("Decoding");
        box.setTooltip(new Tooltip(DECODING));
        fields.markWhenWrong(box, RunForm.Field.DECODING);
        return box;
    }

    private Node drafting() {
        FlowPane pane = new FlowPane(8, 6);
        pane.getChildren()
                .addAll(
                        fields.number(
                                RunForm.Field.DRAFT_STEP,
                                "draft step",
                                "draft-step",
                                form.draftStepProperty(),
                                "The step whose logits draft tokens, 1 to T − 1"),
                        fields.number(
                                RunForm.Field.DRAFT_TOKENS,
                                "tokens",
                                "draft-tokens",
                                form.draftTokensProperty(),
                                "Tokens drafted before they are verified at full depth"));
        pane.visibleProperty().bind(Bindings.equal(form.wayProperty(), Way.DRAFT_AND_VERIFY));
        pane.managedProperty().bind(pane.visibleProperty());
        return pane;
    }

    private Node kvChooser() {
        ComboBox<KvPolicy> box =
                box("kv-policy", form.kvPolicyProperty(), policy -> "KV: " + policy.cliName(), policy -> "");
        box.getItems().setAll(KvPolicy.values());
        box.setAccessibleText("KV cache policy while generating");
        box.setTooltip(
                new Tooltip("What the KV cache keeps of earlier tokens while generating; the prompt always runs full"));
        return box;
    }

    /** A choice whose cells are disabled, with the reason as tooltip, while something else is in their way. */
    private static <T> ComboBox<T> box(
            String id, ObjectProperty<T> value, Function<T, String> text, Function<T, String> obstacle) {
        ComboBox<T> box = new ComboBox<>();
        box.setId(id);
        box.setMinWidth(0);
        box.valueProperty().bindBidirectional(value);
        box.setCellFactory(list -> new Cell<>(text, obstacle));
        box.setButtonCell(new Cell<>(text, choice -> ""));
        box.setMaxWidth(Double.MAX_VALUE);
        return box;
    }

    private static final class Cell<T> extends ListCell<T> {
        private final Function<T, String> text;
        private final Function<T, String> obstacle;

        Cell(Function<T, String> text, Function<T, String> obstacle) {
            this.text = text;
            this.obstacle = obstacle;
        }

        @Override
        protected void updateItem(T item, boolean empty) {
            super.updateItem(item, empty);
            String reason = empty || item == null ? "" : obstacle.apply(item);
            String shown = empty || item == null ? "" : text.apply(item);
            setText(reason.isEmpty() ? shown : shown + "\n" + reason);
            setDisable(!reason.isEmpty());
            setWrapText(true);
            setPrefWidth(0); // as wide as the list, which is as wide as the box
        }
    }
}
