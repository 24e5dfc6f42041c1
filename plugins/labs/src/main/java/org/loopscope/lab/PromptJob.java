package org.loopscope.lab;

import java.util.List;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * A job with one run for each prompt, its answer behind it; a prompt without answer may be continued by the model. A run that
 * meets a number that is not finite leaves one row that says so.
 */
public abstract class PromptJob<R extends Record> implements Job<R> {
    private final LoopedModel model;
    private final Tokenizer tokenizer;
    private final List<Prompt> prompts;
    private final int steps;
    private final int generate;

    /**
     * Reads all prompts as tokens.
     *
     * @param steps T of the runs
     * @param generate tokens generated after a prompt that has no answer
     * @throws LoopscopeException if the model has no tokenizer or a prompt cannot be run, with its number
     */
    protected PromptJob(LoopedModel model, List<Prompt> prompts, int steps, int generate) throws LoopscopeException {
        this.tokenizer = model.requireTokenizer();
        this.model = model;
        this.prompts = List.copyOf(prompts);
        this.steps = steps;
        this.generate = generate;
        for (int i = 0; i < prompts.size(); i++) {
            PromptText.check(model.config(), tokenizer, i + 1, prompts.get(i), generate);
        }
    }

    /** How many tokens are generated after a prompt that has no answer. */
    public static Setting<Integer> generate(int usual) {
        return Setting.whole("generate", 0)
                .called("tokens generated")
                .means("Tokens generated at full depth after a prompt without answer.")
                .or(usual);
    }

    /** Runs the model for one prompt. */
    public final class Reader {
        private final int generated;
        private final RunControl control;

        private Reader(int generated, RunControl control) {
            this.generated = generated;
            this.control = control;
        }

        /** A run of T steps; with the state after every layer or of step outputs alone. */
        public Capture run(int[] ids, boolean layers) throws LoopscopeException {
            return model.run(
                    ids, RunOptions.steps(steps).withGenerate(generated).withLayers(layers), control);
        }

        /** The same, looked at. */
        public Inspection inspect(int[] ids) throws LoopscopeException {
            return Inspection.of(run(ids, false), model, 1, control);
        }

        public RunControl control() {
            return control;
        }
    }

    /** The rows of a prompt; {@code number} counts from 1. */
    protected abstract List<R> rows(int number, Prompt prompt, PromptText text, Reader run) throws LoopscopeException;

    /** The row of a prompt that could not be measured. */
    protected abstract R problem(int number, Prompt prompt);

    @Override
    public final int size() {
        return prompts.size();
    }

    @Override
    public final List<R> rows(int item, RunControl control) throws LoopscopeException {
        Prompt prompt = prompts.get(item);
        PromptText text = PromptText.of(tokenizer, prompt, generate);
        return rows(item + 1, prompt, text, new Reader(text.generate(), control));
    }

    @Override
    public final List<R> problem(int item, Exception cause) {
        return List.of(problem(item + 1, prompts.get(item)));
    }

    @Override
    public final int steps() {
        return steps;
    }

    protected final Origin origin() {
        return Origin.of(model.info());
    }

    /** The group of a prompt, or the empty text. */
    protected static String group(Prompt prompt) {
        return prompt.group().orElse("");
    }
}
