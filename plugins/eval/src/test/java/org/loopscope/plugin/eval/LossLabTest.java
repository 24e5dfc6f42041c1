package org.loopscope.plugin.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.loss.LossData;
import org.loopscope.analysis.loss.LossPoint;
import org.loopscope.analysis.loss.TokenClass;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.set.Scope;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.testkit.TrainedModel;

/** Loss of the embedded model on sets and texts. */
class LossLabTest {
    private static final String TEXT =
            "people Ann's friend's boss is Bob people Leo's boss's neighbour is Tom people Mia's friend is Eve";
    private static final LoopedModel model = TrainedModel.get();
    private static final LossLab LAB = new LossLab();

    @TempDir
    Path folder;

    private static Values values() {
        return Values.of(LAB.settings());
    }

    private Path measured(String name, List<Prompt> texts, Values values) throws LoopscopeException {
        Path file = folder.resolve(name);
        TrainedModel.run(LAB, texts, values, file, RunControl.none());
        return file;
    }

    private LossData data(List<Prompt> texts, Values values) throws LoopscopeException {
        return LAB.summarise(measured("loss.csv", texts, values));
    }

    private static LossPoint point(LossData data, Scope scope, String tokens, String reading) {
        return data.points(scope, tokens, Optional.empty()).stream()
                .filter(p -> p.reading().equals(reading))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + reading));
    }

    /** −ln p of {@code next} after {@code position}, from the logits, in double. */
    private static double loss(Capture capture, int step, int position, int next) {
        float[] logits = new float[model.unembedding().vocabSize()];
        model.unembedding().logits(capture.hiddenState(step, position), 1, logits);
        double most = Double.NEGATIVE_INFINITY;
        for (float z : logits) {
            most = Math.max(most, z);
        }
        double sum = 0;
        for (float z : logits) {
            sum += Math.exp(z - most);
        }
        return most + Math.log(sum) - logits[next];
    }

    /** Values computed elsewhere in float64 with these weights, whose hash the test of the embedded model holds. */
    @Test
    void theEmbeddedModelOnItsHeldOutAnswers() throws LoopscopeException {
        LossData data =
                data(SetFile.prompts("embedded/eval-people.jsonl").prompts(), values().read(LossLab.RULES, "none"));
        double[] bySteps = {2.074, 1.234, 0.453, 0.013};
        for (int t = 1; t <= 4; t++) {
            LossPoint point = point(data, Scope.ANSWER, TokenClass.ALL, "fixed:" + t);
            assertEquals(bySteps[t - 1], point.loss().value(), 6e-4, "step " + t);
            assertEquals(4096, point.tokens());
        }
        LossPoint last = point(data, Scope.ANSWER, TokenClass.ALL, "fixed:4");
        assertEquals(0.206, last.risen().value(), 6e-4);
        assertEquals(0.004, last.worse().value(), 6e-4);
        assertEquals(
                0.0095,
                point(data, Scope.ANSWER, TokenClass.ALL, "oracle-loss").loss().value(),
                6e-5);
    }

    @Test
    void aTextIsMeasuredTokenByToken() throws LoopscopeException {
        Values rules = values().read(LossLab.RULES, "q:0.5,kl:0.5+patience=2,mix-probs");
        LossData data = data(List.of(Prompt.of(TEXT)), rules);
        int[] ids = model.requireTokenizer().encode(TEXT);
        Capture capture = model.run(ids, RunOptions.steps(4), RunControl.none());
        double[] sums = new double[5];
        double expected = 0;
        double mixed = 0;
        double left = 0;
        int loops = 0;
        for (int p = 0; p + 1 < ids.length; p++) {
            double best = Double.POSITIVE_INFINITY;
            double mixture = 0;
            int exit = ExitRule.q(0.5).exitStep(capture.exitDistribution(p));
            for (int t = 1; t <= 4; t++) {
                double loss = loss(capture, t, p, ids[p + 1]);
                sums[t - 1] += loss;
                best = Math.min(best, loss);
                expected += capture.exitDistribution(p).pdf(t) * loss;
                mixture += capture.exitDistribution(p).pdf(t) * Math.exp(-loss);
                left += t == exit ? loss : 0;
            }
            loops += exit;
            mixed -= Math.log(mixture);
            sums[4] += best;
        }
        int n = ids.length - 1;
        for (int t = 1; t <= 4; t++) {
            assertEquals(sums[t - 1] / n, at(data, "fixed:" + t).loss().value(), 1e-5, "step " + t);
        }
        assertEquals(sums[4] / n, at(data, "oracle-loss").loss().value(), 1e-5);
        assertEquals(expected / n, at(data, "expected").loss().value(), 1e-5);
        assertEquals(mixed / n, at(data, "mix-probs").loss().value(), 1e-5);
        assertEquals(left / n, at(data, "q:0.5").loss().value(), 1e-5);
        assertEquals((double) loops / n, at(data, "q:0.5").loops().value(), 1e-12);
        assertEquals(sums[3] / n, Math.log(at(data, "fixed:4").perplexity()), 1e-5);
        assertEquals(n, at(data, "kl:0.5+patience=2").tokens());
        int bytes = TEXT.getBytes(StandardCharsets.UTF_8).length - "people".length();
        assertEquals(bytes, at(data, "fixed:4").bytes());
        assertEquals(sums[3] / Math.log(2) / bytes, at(data, "fixed:4").bitsPerByte(), 1e-5);
    }

    private static LossPoint at(LossData data, String reading) {
        return point(data, Scope.PROMPT, TokenClass.ALL, reading);
    }

    @Test
    void windowsCountEveryTokenOnceWithTheContextTheyHave() throws LoopscopeException {
        Values windows =
                values().with(LossLab.WINDOW, 8).with(LossLab.STRIDE, 3).read(LossLab.RULES, "none");
        LossData data = data(List.of(Prompt.of(TEXT)), windows);
        int[] ids = model.requireTokenizer().encode(TEXT);
        double sum = 0;
        for (int token = 1; token < ids.length; token++) {
            int from = token < 8 ? 0 : 3 * ((token - 8) / 3 + 1);
            Capture piece = model.run(
                    Arrays.copyOfRange(ids, from, Math.min(ids.length, from + 8)),
                    RunOptions.steps(4),
                    RunControl.none());
            sum += loss(piece, 4, token - 1 - from, ids[token]);
        }
        assertEquals(ids.length - 1, at(data, "fixed:4").tokens());
        assertEquals(sum / (ids.length - 1), at(data, "fixed:4").loss().value(), 1e-5);
        LossData whole = data2(List.of(Prompt.of(TEXT)));
        assertFalse(Math.abs(at(whole, "fixed:4").loss().value() - sum / (ids.length - 1)) < 1e-4, "context matters");
    }

    private LossData data2(List<Prompt> texts) throws LoopscopeException {
        return LAB.summarise(measured("whole.csv", texts, values()));
    }

    @Test
    void classesAreCountedApart() throws LoopscopeException {
        Values classes =
                values().read(LossLab.CLASSES, "names=^[A-Z];later=after:is").read(LossLab.RULES, "none");
        LossData data = data(List.of(Prompt.of(TEXT)), classes);
        assertEquals(List.of("all", "names", "later"), data.classes(Scope.PROMPT));
        assertEquals(6, point(data, Scope.PROMPT, "names", "fixed:1").tokens());
        assertTrue(Double.isNaN(point(data, Scope.PROMPT, "names", "fixed:1").bitsPerByte()), "its tokens stand apart");
        assertTrue(LAB.figure(LossLab.BY_CLASS, data, classes).isPresent());
        assertTrue(LAB.figure(LossLab.CURVE, data, classes).isEmpty(), "without rules there is no curve");
    }

    @Test
    void anInterruptedRunEndsInTheBytesOfAWholeOne() throws Exception {
        List<Prompt> texts = PromptSet.read(
                        new StringReader(
                                "{\"prompt\":\"people Mia's friend is\",\"answer\":\"Eve\"}\n"
                                        + "{\"prompt\":\"calc 2+2=\",\"answer\":\"4\"}\n{\"prompt\":\"people Leo's boss is\"}\n"),
                        "set.jsonl")
                .prompts();
        byte[] whole = Files.readAllBytes(measured("whole.csv", texts, values()));
        Path file = folder.resolve("part.csv");
        AtomicInteger begun = new AtomicInteger();
        RunControl stopped = RunControl.of(() -> begun.get() > 1, (stage, done, total) -> begun.incrementAndGet());
        assertThrows(CancellationException.class, () -> new SetRun<>(LAB, model, texts, values())
                .into(file, k -> {}, stopped));
        LoopscopeException other = assertThrows(
                LoopscopeException.class, () -> new SetRun<>(LAB, model, texts, values().with(LossLab.MARGIN, 0.5))
                        .into(file, k -> {}, RunControl.none()));
        assertTrue(other.getMessage().contains("a rise is more than (nats) = 0.01"), other.getMessage());
        assertTrue(new SetRun<>(LAB, model, texts, values()).into(file, k -> {}, RunControl.none()) > 0);
        assertArrayEquals(whole, Files.readAllBytes(file));
    }

    @Test
    void whatCannotBeMeasuredIsToldBeforeTheFirstText() {
        assertTold("one of two tokens", "Text 1 of the set: expected two tokens or more", values(), "people");
        Values wide = values().with(LossLab.WINDOW, 8).with(LossLab.STRIDE, 8);
        assertTold(
                "a stride",
                "--stride: expected fewer tokens than those of a window, which are 8, found 8.",
                wide,
                TEXT);
    }

    private void assertTold(String what, String sentence, Values values, String text) {
        String told = String.valueOf(
                assertThrows(LoopscopeException.class, () -> measured("no.csv", List.of(Prompt.of(text)), values))
                        .getMessage());
        assertTrue(told.startsWith(sentence), what + ": " + told);
    }

    @Test
    void everyFigureOfASetIsDrawnAndDescribesItself() throws LoopscopeException {
        Values values = values().read(LossLab.CLASSES, "names=^[A-Z]");
        LossData data = data(List.of(Prompt.of(TEXT), Prompt.of(TEXT + " people Leo's boss is Amy")), values);
        for (FigureKind kind : LAB.figures()) {
            if (kind.ofSets()) {
                var figure = LAB.figure(kind, data, values).orElseThrow(() -> new AssertionError(kind.name()));
                assertEquals(kind.id(), figure.id());
                assertTrue(figure.subtitle().contains("n = 2 texts"), figure.subtitle());
                assertFalse(figure.description().isBlank());
                assertTrue(figure.table().rowCount() > 0);
            }
        }
    }
}
