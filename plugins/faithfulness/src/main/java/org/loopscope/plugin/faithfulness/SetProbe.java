package org.loopscope.plugin.faithfulness;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.agreement.AnswerSet;
import org.loopscope.analysis.agreement.AnswerTable;
import org.loopscope.analysis.patch.PatchPair;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.analysis.patch.PatchSet;
import org.loopscope.analysis.patch.PatchSettings;
import org.loopscope.analysis.patch.PatchSource;
import org.loopscope.analysis.patch.PatchSummary;
import org.loopscope.analysis.probe.DepthProbes;
import org.loopscope.analysis.probe.ProbeInput;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.probe.ProbeRun;
import org.loopscope.analysis.probe.ProbeSet;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.table.TableFile;
import org.loopscope.figure.Figure;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.figure.AnswerFigures;
import org.loopscope.plugin.figure.PatchFigures;
import org.loopscope.plugin.figure.ProbeFigures;

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

    /** What every step answers. */
    record Agreement() implements SetProbe {
        @Override
        public void run(LoopedModel model, String set, int steps, int limit, Path rows, RunControl control)
                throws LoopscopeException {
            new AnswerSet(model, ProbeInput.open(set, ProbeSet.TEMPLATE, limit), steps).run(rows, kept -> {}, control);
        }

        @Override
        public Shown read(Path rows, String about) throws LoopscopeException {
            AgreementMatrix agreement = AnswerTable.read(rows).agreement();
            return new Shown(
                    AnswerFigures.agreement(agreement, about), agreement.n() + " prompts, T = " + agreement.steps());
        }
    }

    /**
     * What can be read from the states.
     *
     * @param layers whether after every layer, rather than at the steps' outputs
     * @param shuffles of the labels beside every probe
     */
    record Linear(boolean layers, int shuffles) implements SetProbe {
        @Override
        public void run(LoopedModel model, String set, int steps, int limit, Path rows, RunControl control)
                throws LoopscopeException {
            int perStep = layers ? model.config().layers() : 0;
            new ProbeRun(
                            model,
                            ProbeInput.open(set, ProbeSet.TEMPLATE, limit),
                            new DepthProbes.Settings(
                                    steps,
                                    perStep,
                                    DepthProbes.Settings.USUAL_FOLDS,
                                    DepthProbes.Settings.USUAL_L2,
                                    0,
                                    shuffles))
                    .run(rows, (prompts, probes) -> {}, control);
        }

        @Override
        public Shown read(Path rows, String about) throws LoopscopeException {
            List<ProbeRow> probes = ProbeRow.read(rows);
            if (probes.isEmpty()) {
                throw new LoopscopeException(rows + ": expected at least one probe, found none.");
            }
            int perStep = 1 + probes.stream().mapToInt(ProbeRow::layer).max().orElse(0);
            return new Shown(
                    ProbeFigures.auc(probes, Math.max(1, perStep), about),
                    String.format(
                            Locale.ROOT,
                            "%d probes, each beside %d shuffles of its labels, tested on %d prompts (%s)",
                            probes.size(),
                            Math.max(1, probes.get(0).shuffled().shuffles()),
                            probes.get(0).probe().n(),
                            probes.get(0).evaluation()));
        }
    }

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

    /** The sets that come with the program for linear probes: with choices and a marked split. */
    static List<SampleSet> probeSets() {
        return List.of(
                set("embedded/probe-cups.jsonl", "Cups, for probes", "embedded"),
                set("ouro/question-pairs.jsonl", "Question pairs, for Ouro", "ouro"));
    }

    /** Those for agreement, which any prompt with an answer serves. */
    static List<SampleSet> answerSets() throws LoopscopeException {
        return Stream.concat(probeSets().stream(), SampleCatalog.builtIn().sets().stream())
                .toList();
    }

    /** Those for patching: pairs of prompts. */
    static List<SampleSet> pairSets() {
        return List.of(set("embedded/patch-pairs.jsonl", "Pairs of people, sums and cups, for patching", "embedded"));
    }

    private static SampleSet set(String file, String title, String model) {
        return new SampleSet(file, title, model, title, false);
    }
}
