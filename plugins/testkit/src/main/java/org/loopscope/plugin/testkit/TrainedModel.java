package org.loopscope.plugin.testkit;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

/** The embedded model, opened once for all tests in one Java machine and never closed, and sets that are run on it. */
public final class TrainedModel {
    private TrainedModel() {}

    private static final class Opened {
        static final LoopedModel MODEL = open();

        private static LoopedModel open() {
            try {
                return Models.open(Models.EMBEDDED, RunControl.none());
            } catch (LoopscopeException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public static LoopedModel get() {
        return Opened.MODEL;
    }

    /** The prompts of a file of JSON lines. */
    public static PromptSet set(String jsonl) throws LoopscopeException {
        return PromptSet.read(new StringReader(jsonl), "set.jsonl");
    }

    /** Writes the rows of a set; how many were there already. */
    public static <P, R extends Record> int run(
            SetLab<P, R, ?> lab, List<P> items, Values values, Path file, RunControl control)
            throws LoopscopeException {
        return new SetRun<>(lab, get(), items, values).into(file, kept -> {}, control);
    }

    /** Cancelled when it has begun so many prompts. */
    public static RunControl stoppedAt(int prompts) {
        AtomicInteger begun = new AtomicInteger();
        return RunControl.of(() -> begun.get() > prompts, (stage, done, total) -> begun.incrementAndGet());
    }
}
