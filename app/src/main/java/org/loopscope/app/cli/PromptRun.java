package org.loopscope.app.cli;

import java.util.Optional;
import java.util.Set;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunMemory;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.model.tokenizer.AddedTokens;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * One prompt run through one model, as a command was asked to.
 *
 * @param model stays open until this is closed
 * @param capture what the run left; marked with its problem if it stopped at a state that was not finite
 */
record PromptRun(LoopedModel model, Capture capture) implements AutoCloseable {
    private static final long TOLD_FROM = 100_000_000; // bytes that are worth a word before a run

    /**
     * Checks everything that can be checked, opens the model and runs the prompt; says before the run what it will take
     * where that is much.
     *
     * @throws LoopscopeException with one sentence for what cannot be used
     * @throws java.util.concurrent.CancellationException if the work is cancelled; the model is closed then
     */
    static PromptRun start(String modelName, PromptOptions prompt, RunSettings settings, ProgressOption.Work work)
            throws LoopscopeException {
        return start(modelName, prompt, settings, work, model -> {});
    }

    /** Whether what is to be read from a run fits the model that makes it. */
    @FunctionalInterface
    interface Fits {
        void check(ModelInfo model) throws LoopscopeException;
    }

    /** The same; {@code fits} is asked once the model is open, before it runs. */
    static PromptRun start(
            String modelName, PromptOptions prompt, RunSettings settings, ProgressOption.Work work, Fits fits)
            throws LoopscopeException {
        RunControl control = work.control();
        settings.check();
        settings.checkDecoding();
        Optional<int[]> ids = prompt.readIds();
        Optional<String> text = prompt.readText();
        if (settings.chat && text.isEmpty()) {
            throw new LoopscopeException(
                    "--chat formats a text: expected --prompt or --prompt-file, found --token-ids.");
        }
        LoopedModel model = settings.specialTokens.of(Models.open(modelName, settings.precision(), control));
        try {
            fits.check(model.info());
            settings.tellRecipe(model.info(), work.line());
            return new PromptRun(model, run(model, text, ids, settings, work));
        } catch (LoopscopeException | RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    private static Capture run(
            LoopedModel model,
            Optional<String> text,
            Optional<int[]> ids,
            RunSettings settings,
            ProgressOption.Work work)
            throws LoopscopeException {
        boolean given = ids.isPresent();
        int[] tokens = given ? ids.get() : encode(model, text.orElseThrow(), settings.chat);
        Set<Integer> stopIds =
                given ? Set.of() : model.chat().endTokens(settings.chat).ids();
        var options = settings.options(model.config().trainedSteps(), stopIds);
        model.config().requireTokens(tokens, options.generate());
        RunMemory memory = model.memory(tokens.length, options);
        if (memory.keptBytes() + memory.workBytes() >= TOLD_FROM) {
            work.line().tell("This run keeps " + memory.text() + ".");
        }
        try {
            Capture capture = model.run(tokens, options, work.control());
            return text.isPresent() ? withText(capture, text.get(), model, settings.chat) : capture;
        } catch (NonFiniteStateException e) {
            Capture partial = e.partial().orElseThrow(() -> e);
            return text.isPresent() ? withText(partial, text.get(), model, settings.chat) : partial;
        }
    }

    /** The tokens of a text, in the chat form if asked; refuses a model that cannot read it. */
    static int[] encode(LoopedModel model, String text, boolean chat) throws LoopscopeException {
        String given = text(model, text, chat);
        Tokenizer tokenizer = model.requireTokenizer();
        return chat ? tokenizer.encode(given) : tokenizer.encodePrompt(given);
    }

    /** With the text and what was put around it: by the chat form, which has all its tokens in its text, or the tokenizer. */
    private static Capture withText(Capture capture, String text, LoopedModel model, boolean chat) {
        return chat
                ? capture.withPrompt(text, model.chat().template())
                : capture.withPrompt(text)
                        .withAddedTokens(
                                model.tokenizer().map(Tokenizer::addedTokens).orElse(AddedTokens.NONE));
    }

    /** A text as the model gets it, in the chat form if asked; refuses a model that cannot read it. */
    static String text(LoopedModel model, String text, boolean chat) throws LoopscopeException {
        Checks.require(
                model.tokenizer().isPresent(),
                "The model " + model.info().id()
                        + " has no usable tokenizer.json, so it cannot read text; give --token-ids instead.");
        return chat ? model.chat().required(model.info().id()).prompt(text) : text;
    }

    @Override
    public void close() {
        model.close();
    }
}
