package org.loopscope.plugin.faithfulness;

import java.nio.file.Path;
import java.util.List;
import org.loopscope.analysis.patch.PatchPair;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.analysis.patch.PatchSet;
import org.loopscope.analysis.patch.PatchSettings;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.patch.PatchSummary;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.table.TableFile;
import org.loopscope.figure.Figure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.figure.PatchFigures;

/** A probe that goes through a set, with the settings that {@code loopscope probe} has where none are given. */
sealed interface SetProbe {
    /**
     * Runs the set, or goes on where an earlier run into the same file stopped.
     *
     * @param steps T
     * @param limit prompts or pairs at most, the first ones
     */
    void run(LoopedModel model, String set, int steps, int limit, Path rows, RunControl control)
            throws LoopscopeException;

    /**
     * Reads rows that are there.
     *
     * @param about what the figure says of model, set and arithmetic
     */
    Shown read(Path rows, String about) throws LoopscopeException;

    /**
     * What rows hold.
     *
     * @param facts how many prompts and the like
     */
    record Shown(Figure figure, String facts) {}

    /** What states do. */
    record Patch(PatchSource source) implements SetProbe {
        @Override
        public void run(LoopedModel model, String set, int steps, int limit, Path rows, RunControl control)
                throws LoopscopeException {
            SetFile file = SetFile.open(set);
            List<PatchPair> all = PatchPairs.read(file.reader(), file.name());
            new PatchSet(
                            model,
                            file,
                            all.subList(0, Math.min(limit, all.size())),
                            new PatchSettings(steps, false, source, 1, 0))
                    .run(rows, kept -> {}, control);
        }

        @Override
        public Shown read(Path rows, String about) throws LoopscopeException {
            PatchSummary summary = PatchSummary.read(rows);
            int layers = 1
                    + summary.lines().stream()
                            .mapToInt(PatchSummary.Line::layer)
                            .max()
                            .orElse(0);
            PatchSource written = PatchSource.parse(
                    TableFile.first(rows, "loopscope probe patch").getOrDefault("source", ""));
            return new Shown(
                    PatchFigures.byStep(summary, written, Math.max(1, layers), about), summary.pairs() + " pairs");
        }
    }

    /** The sets that come with the program for patching: pairs of prompts. */
    static List<SampleSet> pairSets() {
        return List.of(set("embedded/patch-pairs.jsonl", "Pairs of people, sums and cups, for patching", "embedded"));
    }

    private static SampleSet set(String file, String title, String model) {
        return new SampleSet(file, title, model, title, false);
    }
}
