package org.loopscope.plugin.exit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.exit.WeightedExit;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.sweep.SweepCurve;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.analysis.sweep.SweepPoint;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.testkit.TrainedModel;

/** Sweeps of the embedded model. */
class SweepLabTest {
    private static final String SET = "{\"prompt\":\"people Mia's friend is\",\"answer\":\"Eve\",\"group\":\"k=1\"}\n"
            + "{\"prompt\":\"people Leo's boss's neighbour is\",\"answer\":\"Tom\",\"group\":\"k=2\"}\n"
            + "{\"prompt\":\"calc 3-5=\",\"answer\":\"8\",\"group\":\"calc, \\\"3\\\"\"}\n"
            + "{\"prompt\":\"calc 2+2=\"}\n";
    private static final LoopedModel model = TrainedModel.get();

    @TempDir
    Path folder;

    private static int run(PromptSet set, String steps, String rules, int generate, Path out, RunControl control)
            throws LoopscopeException {
        SweepLab lab = new SweepLab();
        Values values = Values.of(lab.settings())
                .with(SweepLab.STEPS, steps)
                .with(SweepLab.RULES, rules)
                .with(SweepLab.GENERATE, generate);
        return TrainedModel.run(lab, set.prompts(), values, out, control);
    }

    private static int run(PromptSet set, Path out, RunControl control) throws LoopscopeException {
        return run(set, "1..4", "all", 3, out, control);
    }

    private Path whole() throws LoopscopeException {
        Path file = folder.resolve("whole.csv");
        assertEquals(0, run(TrainedModel.set(SET), file, RunControl.none()));
        return file;
    }

    @Test
    void anInterruptedSweepEndsInTheBytesOfAWholeOne() throws Exception {
        byte[] expected = Files.readAllBytes(whole());
        Path file = folder.resolve("sweep.csv");
        Path part = folder.resolve("sweep.csv.part");
        assertThrows(CancellationException.class, () -> run(TrainedModel.set(SET), file, TrainedModel.stoppedAt(2)));
        assertFalse(Files.exists(file));
        byte[] kept = Files.readAllBytes(part);
        Files.write(part, Arrays.copyOf(kept, kept.length - 40)); // as if killed in the middle of a line
        assertEquals(1, run(TrainedModel.set(SET), file, RunControl.none()));
        assertArrayEquals(expected, Files.readAllBytes(file));
        assertFalse(Files.exists(part));
    }

    @Test
    void goingOnWithAnotherSetOrOtherRulesIsRefused() throws Exception {
        Path file = folder.resolve("sweep.csv");
        assertThrows(CancellationException.class, () -> run(TrainedModel.set(SET), file, TrainedModel.stoppedAt(2)));
        PromptSet other = TrainedModel.set(SET.replace("Eve", "Joe"));
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> run(other, file, RunControl.none()));
        assertTrue(e.getMessage().contains(" was begun with prompts = 4 with hash "), e.getMessage());
        LoopscopeException steps = assertThrows(
                LoopscopeException.class, () -> run(TrainedModel.set(SET), "1..5", "all", 3, file, RunControl.none()));
        assertTrue(steps.getMessage().contains("begun with steps = 4, this run has steps = 5"), steps.getMessage());
    }

    private static List<String> lines(Findings found) {
        return found.parts().stream()
                .flatMap(part -> part instanceof Findings.Line line ? Stream.of(line.text()) : Stream.empty())
                .toList();
    }

    @Test
    void thresholdsMayBeChosenElsewhereAndAreSaidToBe() throws Exception {
        SweepLab lab = new SweepLab();
        Path rows = whole();
        SweepData data = lab.summarise(rows);
        Values own = Values.of(lab.settings()).with(SweepLab.BUDGET, 2.5);
        Values other = own.with(SweepLab.CHOOSE_ON, rows.toString()).with(SweepLab.AGAINST, "fixed:4");
        String chosen = "Thresholds chosen on 4 prompts of " + rows + ", reported on 4 others";
        assertFalse(lines(lab.findings(data, own)).contains(chosen));
        assertTrue(lines(lab.findings(data, other)).contains(chosen));
        assertTrue(lab.figure(SweepLab.CURVE, data, other)
                .orElseThrow()
                .subtitle()
                .endsWith(" · thin: where chosen, n = 3"));
        Values unknown = own.with(SweepLab.AGAINST, "q:0.55");
        assertEquals(
                "--against: expected a rule of these rows, found \"q:0.55\", which they do not have.",
                assertThrows(LoopscopeException.class, () -> lab.findings(data, unknown))
                        .getMessage());
        Values both = other.with(SweepLab.SPLIT, true);
        assertThrows(LoopscopeException.class, () -> lab.check(both));
    }

    /** How many of the answers step {@code t} of a run of its own gives. */
    private static int hits(List<Prompt> prompts, int t) throws LoopscopeException {
        int hits = 0;
        for (Prompt prompt : prompts) {
            WholeAnswer answer = WholeAnswer.of(
                    model.requireTokenizer(), prompt.prompt(), prompt.answer().orElseThrow());
            Capture capture = model.run(answer.ids(), RunOptions.steps(t), RunControl.none());
            hits += answer.read(capture, model.unembedding(), t).right() ? 1 : 0;
        }
        return hits;
    }

    @Test
    void accuracyByFixedStepCountsWholeAnswers() throws Exception {
        SweepData data = SweepData.read(whole());
        List<Prompt> answered = TrainedModel.set(SET).prompts().subList(0, 3);
        SweepCurve curve = data.curve(Scope.ANSWER, Quality.ACCURACY, Optional.empty());
        for (int step = 1; step <= 4; step++) {
            SweepPoint point = curve.point("fixed:" + step).orElseThrow();
            assertEquals(hits(answered, step) / 3.0, point.quality(), 1e-15, "step " + step);
            assertEquals(step, point.meanLoops());
            assertEquals(3, point.prompts());
        }
        assertEquals(1, curve.point("fixed:4").orElseThrow().quality(), "the set is answered right at full depth");
    }

    @Test
    void mixturesTakeAllLoopsAndPredictAsWeightedExitDoes() throws Exception {
        Prompt prompt = TrainedModel.set(SET).prompts().get(1);
        Path file = folder.resolve("mix.csv");
        run(new PromptSet("one", List.of(prompt), List.of()), "4", "mix-logits,mix-probs", 0, file, RunControl.none());
        PromptText text = PromptText.of(model.tokenizer().orElseThrow(), prompt, 0);
        Capture capture = model.run(text.ids(), RunOptions.steps(4), RunControl.none());
        WeightedExit weighted = WeightedExit.of(capture, model.unembedding(), RunControl.none());
        int tokens = capture.length() - 1;
        int logits = 0;
        int probabilities = 0;
        for (int p = 0; p < tokens; p++) {
            logits +=
                    weighted.mixtureOfLogits(p).top1() == weighted.fullDepth(p).top1() ? 1 : 0;
            probabilities += weighted.mixtureOfProbabilities(p).top1()
                            == weighted.fullDepth(p).top1()
                    ? 1
                    : 0;
        }
        assertTrue(logits < tokens, "tells mixtures from full depth");
        SweepCurve curve = SweepData.read(file).curve(Scope.PROMPT, Quality.AGREEMENT, Optional.empty());
        assertEquals(
                (double) logits / tokens,
                curve.point("mix-logits").orElseThrow().quality(),
                1e-15);
        assertEquals(
                (double) probabilities / tokens,
                curve.point("mix-probs").orElseThrow().quality(),
                1e-15);
        assertEquals(4, curve.point("mix-probs").orElseThrow().meanLoops());
        assertEquals(curve.point("mix-probs"), curve.shown("mix-probs", 2), "listed although it takes all loops");
        assertTrue(curve.bestWithin("mix-probs", 2).isEmpty());
    }

    @Test
    void noRuleBeatsTheOracleAndFullDepthAgreesWithItself() throws Exception {
        SweepData data = SweepData.read(whole());
        for (Scope scope : List.of(Scope.PROMPT, Scope.ANSWER, Scope.GENERATED)) {
            SweepCurve curve = data.curve(scope, Quality.AGREEMENT, Optional.empty());
            SweepPoint oracle = curve.point("oracle").orElseThrow();
            assertEquals(1, oracle.quality(), scope.name());
            assertEquals(1, curve.point("fixed:4").orElseThrow().quality(), scope.name());
            for (SweepPoint point : curve.points()) {
                assertTrue(point.quality() < 1 || point.meanLoops() >= oracle.meanLoops(), point.toString());
            }
        }
        assertEquals(
                3,
                data.curve(Scope.GENERATED, Quality.AGREEMENT, Optional.empty())
                        .points()
                        .get(0)
                        .tokens());
        assertEquals(List.of("k=1", "k=2", "calc, \"3\""), data.groups());
    }

    @Test
    void aPromptThatCannotBeRunIsRefusedBeforeTheFirst() throws Exception {
        PromptSet set = TrainedModel.set(
                SET + "{\"prompt\":\"" + "people ".repeat(model.config().contextLength() + 1) + "\"}\n");
        LoopscopeException e =
                assertThrows(LoopscopeException.class, () -> run(set, folder.resolve("long.csv"), RunControl.none()));
        assertTrue(e.getMessage().startsWith("Prompt 5 of the set: Length of the run"), e.getMessage());
    }
}
