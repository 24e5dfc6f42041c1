package org.loopscope.model.tokenizer;

import java.time.Duration;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/** Whether a tokenizer that was not seen before stands some texts and what comes out of them, in a process of its own. */
final class Trial {
    private static final Duration IN_ALL =
            Duration.ofSeconds(3); // of the processor; a usual one takes a tenth of a second
    private static final long MAX_TOKENS_BACK = 4000;
    private static final int SINGLE = 64;

    private final TokenizerFile file;
    private final ServedEngine engine;
    private final long startNanos;

    private Trial(TokenizerFile file, ServedEngine engine) {
        this.file = file;
        this.engine = engine;
        this.startNanos = engine.cpuNanos();
    }

    /** @throws LoopscopeException if a text ends the process, or all of them take too long or too much memory */
    static void run(TokenizerFile file, ServedEngine engine, Vocabulary vocabulary) throws LoopscopeException {
        new Trial(file, engine).run(vocabulary);
    }

    private void run(Vocabulary vocabulary) throws LoopscopeException {
        for (String text : TrialTexts.of(file.root())) {
            there(text);
        }
        long[] ids = vocabulary.someIds(MAX_TOKENS_BACK);
        back(ids);
        back();
        for (int i = 0; i < Math.min(SINGLE, ids.length); i++) {
            back(ids[i]);
            back(ids[ids.length - 1 - i]);
        }
    }

    private void there(String text) throws LoopscopeException {
        try {
            back(engine.encode(text, true, left()).ids());
        } catch (Engine.NoTokensException e) {
            // a small vocabulary has no tokens for most of the texts
        } catch (ServedEngine.EndedException e) {
            throw refused("the text " + ForeignText.quoted(ForeignText.shown(text, 20)), e);
        }
    }

    private void back(long... ids) throws LoopscopeException {
        try {
            left();
            engine.decode(ids);
        } catch (Engine.NoTokensException e) {
            // said in words, which is all that is asked
        } catch (ServedEngine.EndedException e) {
            throw refused("the text of " + ids.length + " tokens", e);
        }
    }

    private Duration left() throws LoopscopeException {
        Duration left = IN_ALL.minusNanos(engine.cpuNanos() - startNanos);
        if (left.isNegative()) {
            throw new LoopscopeException(file.name()
                    + ": expected a tokenizer that stands some texts on trial, found one that takes too long.");
        }
        return left.plusMillis(100);
    }

    private LoopscopeException refused(String where, ServedEngine.EndedException e) {
        return new LoopscopeException(
                file.name() + ": expected a tokenizer that stands some texts on trial, found one that " + e.why()
                        + " at " + where + ".",
                e);
    }
}
