package org.loopscope.app.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.Tokenizer;
import org.loopscope.model.exit.ExitRule;

/** What the left side of the window asks for: a prompt and how to run it, with the sentence for each field that is wrong. */
public final class RunForm {
    private final StringProperty prompt = new SimpleStringProperty("");
    private final StringProperty steps = new SimpleStringProperty("4");
    private final StringProperty generate = new SimpleStringProperty("0");
    private final BooleanProperty captureLayers = new SimpleBooleanProperty();
    private final ObjectProperty<KvPolicy> kvPolicy = new SimpleObjectProperty<>(KvPolicy.FULL);
    private final StringProperty temperature = new SimpleStringProperty("0");
    private final StringProperty promptProblem = new SimpleStringProperty("");
    private final StringProperty optionsProblem = new SimpleStringProperty("");

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

    void clearProblems() {
        promptProblem.set("");
        optionsProblem.set("");
    }

    /** Options as typed; {@code rule} says from which step generated tokens are read. */
    RunOptions options(ExitRule rule, Set<Integer> stopIds) throws LoopscopeException {
        int t = integer("T", steps.get(), 1, RunOptions.MAX_STEPS);
        int tokens = integer("Tokens to generate", generate.get(), 0, 100_000);
        double heat;
        try {
            heat = Double.parseDouble(temperature.get().strip());
        } catch (NumberFormatException e) {
            throw new LoopscopeException(
                    "Temperature: expected a number from 0 to 100, found \"" + temperature.get() + "\".", e);
        }
        if (!(heat >= 0 && heat <= 100)) {
            throw new LoopscopeException("Temperature: expected a number from 0 to 100, found " + heat + ".");
        }
        return RunOptions.steps(t)
                .withLayers(captureLayers.get())
                .withGenerate(tokens)
                .withExitRule(rule)
                .withKvPolicy(kvPolicy.get())
                .withSampling(heat == 0 ? Sampling.GREEDY : new Sampling(heat, 1, 1))
                .withStopIds(stopIds);
    }

    private static int integer(String field, String text, int low, int high) throws LoopscopeException {
        String sentence = field + ": expected a whole number from " + low + " to " + high + ", found \"" + text + "\".";
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= low && value <= high) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new LoopscopeException(sentence, e);
        }
        throw new LoopscopeException(sentence);
    }

    /** Refuses a prompt that the context cannot hold, or ids that are no tokens. */
    static void check(LoopedModel model, int[] ids) throws LoopscopeException {
        if (ids.length > model.config().contextLength()) {
            throw new LoopscopeException("Prompt: expected at most "
                    + model.config().contextLength() + " tokens, the context of this model, found " + ids.length + ".");
        }
        for (int id : ids) {
            if (id < 0 || id >= model.config().vocabSize()) {
                throw new LoopscopeException("Prompt: expected token ids from 0 to "
                        + (model.config().vocabSize() - 1) + ", found " + id + ".");
            }
        }
    }

    /** Ids of the prompt: through the tokenizer, or typed as numbers for a model that has none. */
    static int[] tokenIds(LoopedModel model, String text) throws LoopscopeException {
        if (text.isBlank()) {
            throw new LoopscopeException("Prompt: expected some text, found none.");
        }
        if (model.tokenizer().isPresent()) {
            Tokenizer tokenizer = model.tokenizer().get();
            return tokenizer.encode(text);
        }
        List<Integer> ids = new ArrayList<>();
        for (String part : text.strip().split("[\\s,]+")) {
            try {
                ids.add(Integer.parseInt(part));
            } catch (NumberFormatException e) {
                throw new LoopscopeException(
                        "Prompt: this model has no tokenizer, so token ids such as 1, 2, 3 are expected; found \""
                                + part + "\".",
                        e);
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
