package org.loopscope.app.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.tokenizer.AddedTokens;
import org.loopscope.model.tokenizer.Tokenizer;
import org.loopscope.model.tokenizer.UnavailableTokenizer;

/** What the left side of the window asks for: a prompt and how to run it, with the sentence for each field that is wrong. */
public final class RunForm {
    /** What can be typed wrong. */
    public enum Field {
        PROMPT,
        STEPS,
        GENERATE,
        DECODING,
        DRAFT_STEP,
        DRAFT_TOKENS,
        TEMPERATURE,
        TOP_P,
        SEED
    }

    private final StringProperty prompt = new SimpleStringProperty("");
    private final StringProperty steps = new SimpleStringProperty("4");
    private final BooleanProperty captureLayers = new SimpleBooleanProperty();
    private final BooleanProperty specialTokens = new SimpleBooleanProperty(true);
    private final GenerationForm generation = new GenerationForm();
    private final StringProperty promptProblem = new SimpleStringProperty("");
    private final StringProperty optionsProblem = new SimpleStringProperty("");
    private final ReadOnlyObjectWrapper<@Nullable Field> wrongField = new ReadOnlyObjectWrapper<>();

    public StringProperty promptProperty() {
        return prompt;
    }

    /** T as typed. */
    public StringProperty stepsProperty() {
        return steps;
    }

    /** How tokens are generated after the prompt. */
    public GenerationForm generation() {
        return generation;
    }

    /** Tokens to generate, as typed. */
    public StringProperty generateProperty() {
        return generation.generateProperty();
    }

    public BooleanProperty captureLayersProperty() {
        return captureLayers;
    }

    /** Whether {@code model} has a tokenizer that can be used. */
    public static boolean readsText(LoopedModel model) {
        return model.tokenizer()
                .filter(tokenizer -> !(tokenizer instanceof UnavailableTokenizer))
                .isPresent();
    }

    /** Whether prompts get the special tokens that the model's tokenizer puts around them. */
    public BooleanProperty specialTokensProperty() {
        return specialTokens;
    }

    /** Whether {@code model} puts special tokens around prompts. */
    public static boolean addsTokens(LoopedModel model) {
        return !added(model, false).isNone();
    }

    /** The model as it is to read prompts. */
    LoopedModel reading(LoopedModel model) {
        return specialTokens.get() ? model : model.withoutAddedTokens();
    }

    /** What {@link #tokenIds} puts around a text; a chat form has all its tokens in its text. */
    static AddedTokens added(LoopedModel model, boolean chat) {
        return chat
                ? AddedTokens.NONE
                : model.tokenizer().map(Tokenizer::addedTokens).orElse(AddedTokens.NONE);
    }

    /** What is wrong with the prompt, or empty. */
    public StringProperty promptProblemProperty() {
        return promptProblem;
    }

    /** What is wrong with the run settings, or empty. */
    public StringProperty optionsProblemProperty() {
        return optionsProblem;
    }

    /** The field that one of the two problems is about, or null. */
    public ReadOnlyObjectProperty<@Nullable Field> wrongFieldProperty() {
        return wrongField.getReadOnlyProperty();
    }

    void clearProblems() {
        promptProblem.set("");
        optionsProblem.set("");
        wrongField.set(null);
    }

    void mark(Field field, String sentence) {
        (field == Field.PROMPT ? promptProblem : optionsProblem).set(sentence);
        wrongField.set(field);
    }

    /** Options as typed; {@code rule} says from which step generated tokens are read. */
    RunOptions options(ExitRule rule, Set<Integer> stopIds) throws FieldException {
        int t = Typed.integer(Field.STEPS, "T", steps.get(), 1, RunOptions.MAX_STEPS);
        RunOptions base = RunOptions.steps(t).withLayers(captureLayers.get()).withStopIds(stopIds);
        return generation.apply(base, rule);
    }

    /** Whether a prompt can be put into a chat form of {@code model}. */
    public static boolean chats(LoopedModel model) {
        return readsText(model) && model.chat().isAvailable();
    }

    static FieldException noPrompt() {
        return new FieldException(Field.PROMPT, "Prompt: expected some text, found none.");
    }

    /**
     * Ids of the prompt: through the tokenizer, or typed as numbers for a model that has none that can be used. Slow for a long
     * text.
     *
     * @param chat whether the text is put into the model's chat form first
     */
    static int[] tokenIds(LoopedModel model, String text, boolean chat) throws FieldException {
        if (model.tokenizer().isEmpty()) {
            return typedIds(text);
        }
        Tokenizer tokenizer = model.tokenizer().get();
        if (!readsText(model) && text.matches("[\\s\\d,]+")) {
            return typedIds(text);
        }
        try {
            return chat ? tokenizer.encode(model.chat().prompt(text)) : tokenizer.encodePrompt(text);
        } catch (LoopscopeException e) {
            throw new FieldException(Field.PROMPT, e);
        }
    }

    private static int[] typedIds(String text) throws FieldException {
        List<Integer> ids = new ArrayList<>();
        for (String part : text.strip().split("[\\s,]+")) {
            try {
                ids.add(Integer.parseInt(part));
            } catch (NumberFormatException e) {
                throw new FieldException(
                        Field.PROMPT,
                        "Prompt: this model has no tokenizer, so token ids such as 1, 2, 3 are expected; found \""
                                + part + "\".");
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Blames the prompt for what is wrong without a single generated token, and their number for the rest. */
    static void checkLength(LoopedModel model, int[] ids, RunOptions options) throws FieldException {
        Field blamed = Field.PROMPT;
        try {
            model.config().requireTokens(ids, 0);
            blamed = Field.GENERATE;
            model.config().requireTokens(ids, options.generate());
        } catch (LoopscopeException e) {
            throw new FieldException(blamed, e);
        }
    }
}
