package org.loopscope.app.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.Tokenizer;
import org.loopscope.model.exit.ExitRule;

/** What the left side of the window asks for: a prompt and how to run it, with the sentence for each field that is wrong. */
public final class RunForm {
    /** What can be typed wrong. */
    public enum Field {
        PROMPT,
        STEPS,
        GENERATE,
        TEMPERATURE
    }

    private final StringProperty prompt = new SimpleStringProperty("");
    private final StringProperty steps = new SimpleStringProperty("4");
    private final StringProperty generate = new SimpleStringProperty("0");
    private final BooleanProperty captureLayers = new SimpleBooleanProperty();
    private final ObjectProperty<KvPolicy> kvPolicy = new SimpleObjectProperty<>(KvPolicy.FULL);
    private final StringProperty temperature = new SimpleStringProperty("0");
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

    /** Tokens to generate, as typed. */
    public StringProperty generateProperty() {
        return generate;
    }

    public BooleanProperty captureLayersProperty() {
        return captureLayers;
    }

    public ObjectProperty<KvPolicy> kvPolicyProperty() {
        return kvPolicy;
    }

    /** Sampling temperature as typed; 0 is greedy. */
    public StringProperty temperatureProperty() {
        return temperature;
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
        int t = integer(Field.STEPS, "T", steps.get(), 1, RunOptions.MAX_STEPS);
        int tokens = integer(Field.GENERATE, "Tokens to generate", generate.get(), 0, 100_000);
        double heat = temperature();
        return RunOptions.steps(t)
                .withLayers(captureLayers.get())
                .withGenerate(tokens)
                .withExitRule(rule)
                .withKvPolicy(kvPolicy.get())
                .withSampling(heat == 0 ? Sampling.GREEDY : new Sampling(heat, 1, 1))
                .withStopIds(stopIds);
    }

    private double temperature() throws FieldException {
        String text = temperature.get().strip();
        double heat;
        try {
            heat = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            heat = Double.NaN; // told below, like every other value outside the range
        }
        if (!(heat >= 0 && heat <= 100)) {
            throw new FieldException(
                    Field.TEMPERATURE, "Temperature: expected a number from 0 to 100, found \"" + text + "\".");
        }
        return heat;
    }

    private static int integer(Field field, String name, String text, int low, int high) throws FieldException {
        int value;
        try {
            value = Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            value = low - 1; // told below, like every other value outside the range
        }
        if (value < low || value > high) {
            throw new FieldException(
                    field,
                    name + ": expected a whole number from " + low + " to " + high + ", found \"" + text + "\".");
        }
        return value;
    }

    /** Ids of the prompt: through the tokenizer, or typed as numbers for a model that has none. */
    static int[] tokenIds(LoopedModel model, String text) throws FieldException {
        if (text.isBlank()) {
            throw new FieldException(Field.PROMPT, "Prompt: expected some text, found none.");
        }
        if (model.tokenizer().isEmpty()) {
            return typedIds(text);
        }
        Tokenizer tokenizer = model.tokenizer().get();
        try {
            return tokenizer.encode(text);
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
