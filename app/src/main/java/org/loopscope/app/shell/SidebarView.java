package org.loopscope.app.shell;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.beans.binding.Bindings;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitMenuButton;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.control.TreeView;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.app.workbench.RunForm;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;

/** The left side: model, prompt, how to run it, and prompts to try. */
final class SidebarView {
    private final Workbench workbench;
    private final VBox root = new VBox();
    private final TextArea prompt = new TextArea();
    private final SplitMenuButton modelButton = new SplitMenuButton();
    private final List<Command> modelCommands;
    private final ObservableList<String> found;

    /** @param found models that are offered beside those opened before */
    SidebarView(
            Workbench workbench,
            List<Command> modelCommands,
            ObservableList<String> found,
            TreeView<SampleTree.Item> samples) {
        this.workbench = workbench;
        this.found = found;
        this.modelCommands = modelCommands;
        root.getStyleClass().add("ls-sidebar");
        VBox.setVgrow(samples, Priority.ALWAYS);
        samples.setMinHeight(150); // gives way first, then the sidebar scrolls
        root.getChildren()
                .addAll(
                        heading("Model"),
                        modelChooser(),
                        modelFacts(),
                        heading("Prompt"),
                        promptEditor(),
                        problem(form().promptProblemProperty(), "prompt-problem"),
                        heading("Run"),
                        settings(),
                        problem(form().optionsProblemProperty(), "options-problem"),
                        RunCostLine.of(workbench),
                        heading("Sample prompts"),
                        samples);
    }

    Node node() {
        ScrollPane scroll = new ScrollPane(root);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setMinWidth(190);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("ls-sidebar-scroll");
        return scroll;
    }

    void focusPrompt() {
        prompt.requestFocus();
        prompt.selectAll();
    }

    private RunForm form() {
        return workbench.form();
    }

    private static Label heading(String text) {
        Label label = new Label(text);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.getStyleClass().add("ls-heading");
        return label;
    }

    private static Label problem(ObservableStringValue sentence, String id) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add("ls-problem");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.textProperty().bind(sentence);
        label.visibleProperty().bind(Bindings.isNotEmpty(sentence));
        label.managedProperty().bind(label.visibleProperty());
        return label;
    }

    private Node modelChooser() {
        modelButton.setId("model-chooser");
        modelButton.setMaxWidth(Double.MAX_VALUE);
        modelButton.setAccessibleText("Model");
        modelButton.setOnAction(e -> modelButton.show());
        modelButton.setOnShowing(e -> fillModelMenu());
        fillModelMenu();
        modelButton
                .textProperty()
                .bind(Bindings.createStringBinding(
                        this::modelTitle,
                        workbench.modelProperty(),
                        workbench.modelNameProperty(),
                        workbench.activeTaskProperty()));
        modelButton.disableProperty().bind(workbench.busyBinding());
        return modelButton;
    }

    private void fillModelMenu() {
        modelButton
                .getItems()
                .setAll(modelCommands.stream().map(SidebarView::plainItem).toList());
        Set<String> names = new LinkedHashSet<>(workbench.settings().recentModels());
        names.addAll(found);
        for (String name : names) {
            MenuItem item = new MenuItem(name);
            item.setMnemonicParsing(false);
            item.setOnAction(e -> workbench.openModel(name, () -> {}));
            modelButton.getItems().add(item);
        }
    }

    private static MenuItem plainItem(Command command) {
        MenuItem item = new MenuItem(command.text());
        item.setId("model-" + command.id());
        item.setOnAction(e -> command.run());
        return item;
    }

    private String modelTitle() {
        LoopedModel model = workbench.modelProperty().get();
        if (model == null) {
            return workbench.activeTaskProperty().get() == null ? "Choose a model" : "opening…";
        }
        return model.info().id() + " · " + Units.parameters(model.info().parameters());
    }

    private Node modelFacts() {
        Label facts = new Label();
        facts.setId("model-facts");
        facts.getStyleClass().add("ls-muted");
        facts.setWrapText(true);
        facts.setMinHeight(Region.USE_PREF_SIZE);
        facts.textProperty().bind(Bindings.createStringBinding(this::factsText, workbench.modelProperty()));
        Tooltip checks = new Tooltip();
        checks.textProperty().bind(Bindings.createStringBinding(this::checksText, workbench.modelProperty()));
        facts.setTooltip(checks);
        return facts;
    }

    private String checksText() {
        LoopedModel model = workbench.modelProperty().get();
        if (model == null || model.checks().isEmpty()) {
            return "No self-checks were made.";
        }
        return "Self-checks\n"
                + model.checks().stream()
                        .map(check -> check.name() + ": " + check.outcome().label() + ". " + check.sentence())
                        .collect(Collectors.joining("\n"));
    }

    private String factsText() {
        LoopedModel model = workbench.modelProperty().get();
        if (model == null) {
            return "";
        }
        var c = model.config();
        return c.layers() + " layers × T " + c.trainedSteps() + " · d " + c.hiddenSize() + " · " + c.vocabSize()
                + " tokens · " + model.info().checkpointDtype()
                + (model.tokenizer().isPresent() ? "" : " · no tokenizer: type token ids");
    }

    private Node promptEditor() {
        prompt.setId("prompt");
        prompt.setAccessibleText("Prompt");
        prompt.setWrapText(true);
        prompt.setPrefRowCount(3);
        prompt.setMinHeight(64);
        prompt.textProperty().bindBidirectional(form().promptProperty());
        prompt.getStyleClass().add("ls-mono");
        prompt.promptTextProperty()
                .bind(Bindings.createStringBinding(
                        () -> {
                            LoopedModel model = workbench.modelProperty().get();
                            return model != null && model.tokenizer().isEmpty() ? "token ids: 1, 2, 3" : "text to run";
                        },
                        workbench.modelProperty()));
        markWhenWrong(prompt, RunForm.Field.PROMPT);
        return prompt;
    }

    private void markWhenWrong(Node node, RunForm.Field field) {
        form().wrongFieldProperty().addListener((o, before, now) -> {
            node.getStyleClass().remove("ls-wrong");
            if (now == field) {
                node.getStyleClass().add("ls-wrong");
            }
        });
    }

    private Node settings() {
        FlowPane pane = new FlowPane(8, 6);
        pane.setMinHeight(Region.USE_PREF_SIZE);
        pane.getChildren()
                .addAll(
                        number(
                                RunForm.Field.STEPS,
                                "T",
                                "steps",
                                form().stepsProperty(),
                                "Loop steps, 1 to 64; beyond the trained T is outside training"),
                        number(
                                RunForm.Field.GENERATE,
                                "generate",
                                "generate",
                                form().generateProperty(),
                                "Tokens to generate after the prompt"),
                        number(
                                RunForm.Field.TEMPERATURE,
                                "temp.",
                                "temperature",
                                form().temperatureProperty(),
                                "Sampling temperature; 0 takes the most likely token"),
                        kvChooser(),
                        layerBox());
        return pane;
    }

    private Node number(RunForm.Field kind, String text, String id, StringProperty value, String help) {
        TextField field = new TextField();
        field.setId(id);
        field.setPrefColumnCount(3);
        field.setAccessibleText(help);
        field.setTooltip(new Tooltip(help));
        field.textProperty().bindBidirectional(value);
        markWhenWrong(field, kind);
        Label label = new Label(text);
        label.setLabelFor(field);
        HBox box = new HBox(4, label, field);
        box.getStyleClass().add("ls-field");
        return box;
    }

    private Node kvChooser() {
        ComboBox<KvPolicy> box = new ComboBox<>();
        box.setId("kv-policy");
        box.getItems().setAll(KvPolicy.values());
        box.valueProperty().bindBidirectional(form().kvPolicyProperty());
        box.setCellFactory(list -> new KvCell());
        box.setButtonCell(new KvCell());
        box.setAccessibleText("KV cache policy while generating");
        box.setTooltip(
                new Tooltip("What the KV cache keeps of earlier tokens while generating; the prompt always runs full"));
        return box;
    }

    private static final class KvCell extends ListCell<KvPolicy> {
        @Override
        protected void updateItem(KvPolicy item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty || item == null ? "" : "KV: " + item.cliName());
        }
    }

    private Node layerBox() {
        CheckBox box = new CheckBox("layer states");
        box.setId("capture-layers");
        box.setTooltip(
                new Tooltip("Also keep the residual stream after every layer of every step, for the lens by layer"));
        box.selectedProperty().bindBidirectional(form().captureLayersProperty());
        return box;
    }

    /** A button in the sidebar's style. */
    static Button link(String text) {
        Button button = new Button(text);
        button.getStyleClass().add("ls-link");
        return button;
    }
}
