package org.loopscope.plugin.depth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.depth.DepthRow;
import org.loopscope.analysis.depth.DepthValue;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.PromptText.Span;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.table.Origin;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.testkit.TrainedModel;

/** Depth of the embedded model on a set. */
class DepthLabTest {
    private static final String SET = "{\"prompt\":\"people Mia's friend is\",\"answer\":\"Eve\",\"group\":\"k=1\"}\n"
            + "{\"prompt\":\"people Leo's boss's neighbour is\",\"answer\":\"Tom\",\"group\":\"k=2\"}\n"
            + "{\"prompt\":\"people Joe's boss's boss's neighbour is\",\"answer\":\"Mia Eve\",\"group\":\"k=2\"}\n"
            + "{\"prompt\":\"calc 2+2=\"}\n";
    private static final LoopedModel model = TrainedModel.get();

    @TempDir
    Path folder;

    private static int run(PromptSet set, int steps, int generate, Path out, RunControl control)
            throws LoopscopeException {
        DepthLab lab = new DepthLab();
        Values values = Values.of(lab.settings()).with(DepthLab.STEPS, steps).with(DepthLab.GENERATE, generate);
        return TrainedModel.run(lab, set.prompts(), values, out, control);
    }

    private Path measured(int steps) throws LoopscopeException {
        Path file = folder.resolve("depth-" + steps + ".csv");
        assertEquals(0, run(TrainedModel.set(SET), steps, 3, file, RunControl.none()));
        return file;
    }

    private DepthCurve curve(int steps, Scope scope) throws LoopscopeException {
        return DepthData.read(measured(steps)).curve(scope, Optional.empty()).orElseThrow();
    }

    @Test
    void anInterruptedRunEndsInTheBytesOfAWholeOne() throws Exception {
        byte[] expected = Files.readAllBytes(measured(6));
        Path file = folder.resolve("depth.csv");
        Path part = folder.resolve("depth.csv.part");
        AtomicInteger begun = new AtomicInteger();
        RunControl stopped = RunControl.of(() -> begun.get() > 3, (stage, done, total) -> begun.incrementAndGet());
        assertThrows(CancellationException.class, () -> run(TrainedModel.set(SET), 6, 3, file, stopped));
        assertFalse(Files.exists(file));
        byte[] kept = Files.readAllBytes(part);
        Files.write(part, Arrays.copyOf(kept, kept.length - 40)); // as if killed in the middle of a line
        assertEquals(2, run(TrainedModel.set(SET), 6, 3, file, RunControl.none()));
        assertArrayEquals(expected, Files.readAllBytes(file));
        assertFalse(Files.exists(part));
    }

    @Test
    void goingOnWithAnotherDepthIsRefused() throws Exception {
        Path file = folder.resolve("depth.csv");
        AtomicInteger begun = new AtomicInteger();
        RunControl stopped = RunControl.of(() -> begun.get() > 2, (stage, done, total) -> begun.incrementAndGet());
        assertThrows(CancellationException.class, () -> run(TrainedModel.set(SET), 6, 3, file, stopped));
        LoopscopeException e =
                assertThrows(LoopscopeException.class, () -> run(TrainedModel.set(SET), 7, 3, file, RunControl.none()));
        assertTrue(e.getMessage().contains("begun with loops (T) = 6, this run has loops (T) = 7"), e.getMessage());
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
    void accuracyByStepCountsWholeAnswersAlsoOutsideTraining() throws Exception {
        DepthCurve curve = curve(8, Scope.ANSWER);
        for (int t = 1; t <= 8; t++) {
            assertEquals(
                    hits(TrainedModel.set(SET).prompts().subList(0, 3), t) / 3.0,
                    curve.at(DepthValue.ACCURACY, t).value(),
                    1e-15,
                    "step " + t);
            assertEquals(t > 4, curve.outsideTraining(t));
        }
        assertEquals(4, curve.tokens(), "answers of one, one and two tokens");
        assertEquals(3, curve.n());
    }

    /** h_1..h_t do not depend on T, so one run of 8 steps tells what runs of 1 to 8 would. */
    @Test
    void oneDeepRunTellsWhatShallowerRunsSay() throws Exception {
        for (Scope scope : List.of(Scope.PROMPT, Scope.ANSWER)) {
            DepthCurve deep = curve(8, scope);
            for (int steps : new int[] {2, 4, 5}) {
                DepthCurve own = curve(steps, scope);
                for (DepthValue value : DepthValue.values()) {
                    if (value != DepthValue.AGREEMENT_LAST
                            && value != DepthValue.AGREEMENT_TRAINED
                            && value != DepthValue.SAMPLED_ACCEPTANCE) { // with the last step
                        double expected = own.at(value, steps).value();
                        assertEquals(expected, deep.at(value, steps).value(), 1e-6, scope + " " + value + " " + steps);
                    }
                }
                assertEquals(1, own.at(DepthValue.AGREEMENT_LAST, steps).value());
            }
        }
    }

    @Test
    void aRunThatIsShallowerThanTrainingAgreesWithNoTrainedStep() throws Exception {
        DepthCurve curve = curve(2, Scope.ANSWER);
        assertFalse(curve.has(DepthValue.AGREEMENT_TRAINED));
        assertTrue(Double.isNaN(curve.at(DepthValue.AGREEMENT_TRAINED, 1).value()));
        assertTrue(Double.isNaN(curve.at(DepthValue.KL_TO_PREVIOUS, 1).value()), "step 1 has no step before");
        assertTrue(curve.toTable().column("agreement_trained").isMissing(0));
    }

    @Test
    void sampledDraftsOfASetAreThoseOfItsRuns() throws Exception {
        DepthCurve curve = curve(4, Scope.PROMPT);
        double sum = 0;
        int tokens = 0;
        for (Prompt prompt : TrainedModel.set(SET).prompts()) {
            PromptText text = PromptText.of(model.tokenizer().orElseThrow(), prompt, 3);
            Capture capture =
                    model.run(text.ids(), RunOptions.steps(4).withGenerate(text.generate()), RunControl.none());
            LensGrid lens = LogitLens.steps(capture, model.unembedding(), 1, RunControl.none());
            Span span = text.spans(capture.length()).stream()
                    .filter(s -> s.scope() == Scope.PROMPT)
                    .findFirst()
                    .orElseThrow();
            for (int p = span.from(); p < span.from() + span.count(); p++) {
                sum += lens.overlapWithLast(1, p);
                tokens++;
            }
        }
        assertEquals(sum / tokens, curve.at(DepthValue.SAMPLED_ACCEPTANCE, 2).value(), 1e-9);
        assertEquals(1, curve.at(DepthValue.SAMPLED_ACCEPTANCE, 4).value());
        assertTrue(curve.at(DepthValue.SAMPLED_ACCEPTANCE, 2).value() < 1, "or nothing was tested");
    }

    @Test
    void aFileWithoutTheColumnOfSampledDraftsIsStillRead() throws Exception {
        Path file = measured(2);
        assertFalse(DepthData.read(file).lacksSampledDrafts());
        int column = DepthRow.COLUMNS.indexOf("sampled_acceptance");
        List<String> older = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
            cells.remove(column);
            older.add(String.join(",", cells));
        }
        DepthCurve expected =
                DepthData.read(file).curve(Scope.ANSWER, Optional.empty()).orElseThrow();
        DepthData data = DepthData.read(Files.write(folder.resolve("older.csv"), older));
        assertTrue(data.lacksSampledDrafts());
        DepthCurve curve = data.curve(Scope.ANSWER, Optional.empty()).orElseThrow();
        assertFalse(curve.has(DepthValue.SAMPLED_ACCEPTANCE));
        assertEquals(expected.at(DepthValue.MEGAFLOPS, 2), curve.at(DepthValue.MEGAFLOPS, 2));
        assertEquals(expected.at(DepthValue.LAMBDA, 1), curve.at(DepthValue.LAMBDA, 1));
        assertEquals(expected.at(DepthValue.KL_TO_PREVIOUS, 2), curve.at(DepthValue.KL_TO_PREVIOUS, 2));
    }

    /** The gate's columns of one prompt, against the gates of its run. */
    @Test
    void lambdaReachingAndExpectedStepsAreThoseOfTheGatesOfTheRun() throws Exception {
        Prompt prompt = TrainedModel.set(SET).prompts().get(1);
        PromptText text = PromptText.of(model.tokenizer().orElseThrow(), prompt, 0);
        Capture capture = model.run(text.ids(), RunOptions.steps(4), RunControl.none());
        Path file = folder.resolve("one.csv");
        run(new PromptSet("one", List.of(prompt), List.of()), 4, 0, file, RunControl.none());
        List<DepthRow> rows = new java.util.ArrayList<>();
        DepthRow.TABLE.read(file, found -> rows.add(found.row()));
        for (Span span : text.spans(capture.length())) {
            for (int t = 1; t <= 4; t++) {
                double lambda = 0;
                double reaching = 0;
                double expected = 0;
                for (int p = span.from(); p < span.from() + span.count(); p++) {
                    double survives = 1; // to step 1 every token comes
                    double steps = 0;
                    for (int n = 1; n <= t; n++) {
                        steps += survives;
                        double gate = 1 / (1 + Math.exp(-capture.gateLogit(n, p)));
                        lambda += n == t ? gate : 0;
                        reaching += n == t ? survives : 0;
                        survives *= 1 - gate;
                    }
                    expected += steps;
                }
                int step = t;
                DepthRow row = rows.stream()
                        .filter(r -> r.scope() == span.scope() && r.step() == step)
                        .findFirst()
                        .orElseThrow();
                assertEquals(lambda / span.count(), row.lambda(), 1e-12);
                assertEquals(reaching / span.count(), row.reaching(), 1e-12);
                assertEquals(expected / span.count(), row.expectedSteps(), 1e-12);
            }
        }
    }

    @Test
    void groupsAreCountedByThemselves() throws Exception {
        DepthData data = DepthData.read(measured(4));
        assertEquals(List.of("k=1", "k=2"), data.groups());
        assertEquals(List.of(Scope.PROMPT, Scope.ANSWER, Scope.GENERATED), data.scopes());
        assertEquals(Scope.ANSWER, data.mainScope());
        assertEquals(4, data.prompts());
        assertEquals(
                2, data.curve(Scope.ANSWER, Optional.of("k=2")).orElseThrow().n());
        assertTrue(data.curve(Scope.GENERATED, Optional.of("k=2")).isEmpty());
    }

    @Test
    void aPromptThatCouldNotBeMeasuredIsCountedAndInNoCurve() throws Exception {
        Path file = measured(4);
        String problem = String.join(
                ",",
                DepthRow.TABLE.cells(
                        new DepthRow.InFile(DepthRow.problem(5, "k=9", 4, 4), new Origin("embedded", "float32"))));
        Files.writeString(file, Files.readString(file) + problem + "\n");
        DepthData data = DepthData.read(file);
        assertEquals(1, data.problems());
        assertEquals(5, data.prompts());
        assertEquals(3, data.curve(Scope.ANSWER, Optional.empty()).orElseThrow().n());
        assertTrue(data.curve(Scope.ANSWER, Optional.of("k=9")).isEmpty());
    }

    @Test
    void whatIsNoFileOfDepthIsOneSentence() throws Exception {
        Path none = folder.resolve("none.csv");
        assertEquals(
                none + ": expected the CSV of loopscope depth, found no such file.",
                assertThrows(LoopscopeException.class, () -> DepthData.read(none))
                        .getMessage());
        Path file = measured(4);
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(0, lines.size() - 1));
        assertTrue(assertThrows(LoopscopeException.class, () -> DepthData.read(file))
                .getMessage()
                .contains("expected 4 steps of the last prompt"));
        Files.writeString(file, Files.readString(file).replaceFirst("\n1,k=1,", "\none,k=1,"));
        assertTrue(assertThrows(LoopscopeException.class, () -> DepthData.read(file))
                .getMessage()
                .contains("line 2, column prompt: expected a whole number of at least 1, found \"one\"."));
    }

    @Test
    void aPromptThatCannotBeRunIsRefusedBeforeTheFirst() throws Exception {
        PromptSet set = TrainedModel.set(
                SET + "{\"prompt\":\"" + "people ".repeat(model.config().contextLength() + 1) + "\"}\n");
        LoopscopeException e = assertThrows(
                LoopscopeException.class, () -> run(set, 4, 0, folder.resolve("long.csv"), RunControl.none()));
        assertTrue(e.getMessage().startsWith("Prompt 5 of the set: Length of the run"), e.getMessage());
        LoopscopeException steps = assertThrows(LoopscopeException.class, () -> DepthLab.STEPS.read("65"));
        assertEquals("Steps: expected a number from 1 to 64, found 65.", steps.getMessage());
    }
}
