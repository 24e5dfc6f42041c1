package org.loopscope.app.shell;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.beans.binding.Bindings;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitMenuButton;
import javafx.scene.control.TextArea;
import javafx.scene.control.Tooltip;
import javafx.scene.control.TreeView;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.app.workbench.RunForm;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.chat.ChatFormat;

/** The left side: model, prompt, how to run it, and prompts to try. */
final class SidebarView {
    private static final int END_TOKENS = 3;

    private final Workbench workbench;
    private final FormFields fields;
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
        this.fields = new FormFields(workbench.form());
        this.found = found;
        this.modelCommands = modelCommands;
        root.getStyleClass().add("ls-sidebar");
        VBox.setVgrow(samples, Priority.ALWAYS);
        samples.setMinHeight(150); // gives way first, then the sidebar scrolls
        root.getChildren()
                .addAll(
                        heading("Model"),
                        modelChooser(),
                        new PrecisionView(workbench).node(),
                        modelFacts(),
                        heading("Prompt"),
                        promptEditor(),
                        FormFields.sentence(form().promptProblemProperty(), "prompt-problem", "ls-problem"),
                        heading("Run"),
                        settings(),
                        new GenerationView(workbench, fields).node(),
                        FormFields.sentence(form().optionsProblemProperty(), "options-problem", "ls-problem"),
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
        return Tokens.line(model.info().id()) + " · "
                + Units.parameters(model.info().parameters());
    }

    private Node modelFacts() {
        Label facts = new Label();
        facts.setId("model-facts");
        facts.getStyleClass().add("ls-muted");
        facts.setWrapText(true);
        facts.setMinHeight(Region.USE_PREF_SIZE);
        facts.textProperty().bind(Bindings.createStringBinding(this::factsText, workbench.modelProperty()));
        Tooltip checks = wide();
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
                        .map(check -> check.name() + ": " + check.outcome().label() + ". "
                                + ForeignText.line(check.sentence()))
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
                + (RunForm.readsText(model) ? "" : " · no tokenizer: type token ids")
                + model.chat()
                        .template()
                        .map(template -> " · chat by " + template)
                        .orElse("")
                + ends(model.chat());
    }

    private static String ends(ChatFormat chat) {
        String ends = chat.endTokens(true).tokens().stream()
                .limit(END_TOKENS)
                .map(token -> Tokens.shown(token.text()))
                .collect(Collectors.joining(" "));
        int more = chat.endTokens(true).tokens().size() - END_TOKENS;
        return ends.isEmpty() ? "" : " · ends at " + ends + (more > 0 ? " and " + more + " more" : "");
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
                            return model != null && !RunForm.readsText(model) ? "token ids: 1, 2, 3" : "text to run";
                        },
                        workbench.modelProperty()));
        fields.markWhenWrong(prompt, RunForm.Field.PROMPT);
        return prompt;
    }

    private Node settings() {
        FlowPane pane = new FlowPane(8, 6);
        pane.setMinHeight(Region.USE_PREF_SIZE);
        pane.getChildren()
                .addAll(
                        fields.number(
                                RunForm.Field.STEPS,
                                "T",
                                "steps",
                                form().stepsProperty(),
                                "Loop steps, 1 to 64; beyond the trained T is outside training"),
                        fields.number(
                                RunForm.Field.GENERATE,
                                "generate",
                                "generate",
                                form().generateProperty(),
                                "Tokens to generate after the prompt"),
                        layerBox(),
                        chatBox(),
                        specialTokensBox());
        return pane;
    }

    private Node specialTokensBox() {
        CheckBox box = new CheckBox("special tokens");
        box.setId("special-tokens");
        Tooltip tip = new Tooltip();
        tip.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> addsNoTokens()
                                ? "The tokenizer of this model puts no special tokens around a prompt"
                                : "Put the special tokens around the prompt that the model's files ask for",
                        workbench.modelProperty()));
        box.setTooltip(tip);
        box.selectedProperty().bindBidirectional(form().specialTokensProperty());
        box.disableProperty().bind(Bindings.createBooleanBinding(this::addsNoTokens, workbench.modelProperty()));
        HBox holder = new HBox(box); // a disabled control shows no tooltip of its own
        Tooltip.install(holder, tip);
        holder.managedProperty().bind(holder.visibleProperty());
        holder.visibleProperty().bind(box.disableProperty().not()); // few models have any
        return holder;
    }

    private boolean addsNoTokens() {
        LoopedModel model = workbench.modelProperty().get();
        return model == null || !RunForm.addsTokens(model);
    }

    private Node chatBox() {
        CheckBox box = new CheckBox("chat");
        box.setId("chat");
        Tooltip tip = wide();
        tip.textProperty().bind(Bindings.createStringBinding(this::chatText, workbench.modelProperty()));
        box.setTooltip(tip);
        box.selectedProperty().bindBidirectional(form().generation().chatProperty());
        box.disableProperty().bind(Bindings.createBooleanBinding(this::noChat, workbench.modelProperty()));
        HBox holder = new HBox(box); // a disabled control shows no tooltip of its own
        Tooltip.install(holder, tip);
        return holder;
    }

    /** For sentences: broken into lines. */
    private static Tooltip wide() {
        Tooltip tip = new Tooltip();
        tip.setWrapText(true);
        tip.setMaxWidth(560);
        return tip;
    }

    private String chatText() {
        LoopedModel model = workbench.modelProperty().get();
        if (model == null || noChat()) {
            return model == null
                    ? "There is no model yet"
                    : model.chat().problem().orElse("This model was not trained for chat");
        }
        return "Put the prompt into the model's chat form: "
                + model.chat().template().orElse("") + ". A chat ends at "
                + model.chat().endTokens(true).text();
    }

    private boolean noChat() {
        LoopedModel model = workbench.modelProperty().get();
        return model == null || !RunForm.chats(model);
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
