package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.app.base.Settings;
import org.loopscope.app.cli.RandomCheckpoint;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.open.Models;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.tokenizer.Tokenizer;

/** What the window says, and where, when something cannot be run or opened, or breaks while it runs. */
class WorkbenchProblemsTest {
    private static final String PROMPT = "people Ann's friend's boss is";

    @TempDir
    Path folder;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private LoopedModel embedded;
    private boolean hold;

    /** How the model of a test answers a run. */
    private interface Run {
        Capture run(int[] ids, RunOptions options) throws LoopscopeException;
    }

    /** The embedded model, but for its runs. */
    private record Odd(LoopedModel inner, Run behaviour) implements LoopedModel {
        @Override
        public ModelInfo info() {
            return inner.info();
        }

        @Override
        public LoopConfig config() {
            return inner.config();
        }

        @Override
        public Optional<Tokenizer> tokenizer() {
            return inner.tokenizer();
        }

        @Override
        public Unembedding unembedding() {
            return inner.unembedding();
        }

        @Override
        public double gateLogit(float[] state) {
            return inner.gateLogit(state);
        }

        @Override
        public Capture run(int[] ids, RunOptions options, RunControl control) throws LoopscopeException {
            return behaviour.run(ids, options);
        }

        @Override
        public long estimateBytes(int tokens, RunOptions options) {
            return inner.estimateBytes(tokens, options);
        }

        @Override
        public void close() {
            // the test closes the model inside
        }
    }

    @BeforeEach
    void open() throws LoopscopeException {
        embedded = Models.open(Models.EMBEDDED, RunControl.none());
    }

    @AfterEach
    void close() {
        embedded.close();
    }

    private Workbench workbench(ModelOpener opener, String name) {
        Workbench workbench = new Workbench(opener, this::work, Runnable::run, Settings.inMemory());
        workbench.openModel(name, () -> {});
        return workbench;
    }

    private Workbench withRuns(Run behaviour) {
        return workbench((name, precision, control) -> new Odd(embedded, behaviour), "embedded");
    }

    private void work(Runnable task) {
        if (hold) {
            waiting.add(task);
        } else {
            task.run();
        }
    }

    private static void run(Workbench workbench, String prompt) {
        workbench.form().promptProperty().set(prompt);
        workbench.run();
    }

    @Test
    void aTokenizerThatEndsItsProcessIsToldAndTokenIdsStillWork() throws Exception {
        Path model = RandomCheckpoint.write(folder.resolve("m"));
        Files.writeString(model.resolve("tokenizer.json"), """
                {"version":"1.0","added_tokens":[],"model":{"type":"BPE","continuing_subword_prefix":"#####",
                 "vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}""");
        Workbench workbench = workbench(Models::open, model.toString());
        String reason = "tokenizer.json: expected a tokenizer that can be opened, found one that breaks down.";
        assertEquals(
                reason + " Type token ids instead of text.",
                workbench.noticeProperty().get());
        run(workbench, "one");
        assertEquals(reason, workbench.form().promptProblemProperty().get());
        run(workbench, "1, 2");
        assertEquals("", workbench.form().promptProblemProperty().get());
        assertEquals(2, workbench.inspectionProperty().get().capture().length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "99 | 4 | 0 | 0 | PROMPT | Token id at position 0: expected 0 to 10, found 99.",
                "one | 4 | 0 | 0 | PROMPT | Prompt: this model has no tokenizer, so token ids such as 1, 2, 3 are"
                        + " expected; found \"one\".",
                "1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 | 4 | 0 | 0 | PROMPT | Length of the run: expected at most 16 tokens,"
                        + " the context of the model, found 17 (17 given and 0 to generate).",
                "1, 2 | four | 0 | 0 | STEPS | T: expected a whole number from 1 to 64, found \"four\".",
                "1, 2 | 0 | 0 | 0 | STEPS | T: expected a whole number from 1 to 64, found \"0\".",
                "1, 2 | 4 | -1 | 0 | GENERATE | Tokens to generate: expected a whole number from 0 to 100000, found"
                        + " \"-1\".",
                "1, 2 | 4 | 15 | 0 | GENERATE | Length of the run: expected at most 16 tokens, the context of the model,"
                        + " found 17 (2 given and 15 to generate).",
                "1, 2 | 4 | 99999999999 | 0 | GENERATE | Tokens to generate: expected a whole number from 0 to 100000,"
                        + " found \"99999999999\".",
                "1, 2 | 4 | 0 | NaN | TEMPERATURE | Temperature: expected a number from 0 to 100, found \"NaN\".",
            })
    void whatIsTypedWrongMarksItsFieldAndStartsNothing(
            String prompt, String steps, String generate, String heat, RunForm.Field field, String sentence)
            throws Exception {
        Path model = RandomCheckpoint.write(folder.resolve("m"));
        Workbench workbench = workbench(Models::open, model.toString());
        RunForm form = workbench.form();
        form.stepsProperty().set(steps);
        form.generateProperty().set(generate);
        form.generation().temperatureProperty().set(heat);
        run(workbench, prompt);
        boolean atPrompt = field == RunForm.Field.PROMPT;
        assertEquals(field, form.wrongFieldProperty().get());
        assertEquals(sentence, (atPrompt ? form.promptProblemProperty() : form.optionsProblemProperty()).get());
        assertEquals("", (atPrompt ? form.optionsProblemProperty() : form.promptProblemProperty()).get());
        assertEquals(0, workbench.runs().size());
        assertEquals("", workbench.noticeProperty().get(), "told at the field, once");
        form.stepsProperty().set("2");
        form.generateProperty().set("0");
        form.generation().temperatureProperty().set("0");
        run(workbench, "1, 2");
        assertNull(form.wrongFieldProperty().get());
        assertEquals(1, workbench.runs().size());
        workbench.modelProperty().get().close();
    }

    @Test
    void aRunThatStopsAtNaNKeepsWhatWasCompleteAndMarksIt() {
        String sentence = NonFiniteStateException.sentence(3, "layer 1", 2, "steps 1 to 2 are kept");
        Workbench workbench = withRuns((ids, options) -> {
            Capture partial = embedded.run(ids, RunOptions.steps(2), RunControl.none());
            throw new NonFiniteStateException(sentence, 3, 2, Optional.of(partial));
        });
        run(workbench, PROMPT);
        assertEquals(
                "The run stopped at step 3, layer 1: the state at position 2 holds NaN or infinity where finite numbers"
                        + " were expected; steps 1 to 2 are kept.",
                workbench.noticeProperty().get());
        RunEntry kept = workbench.runs().get(0);
        assertEquals("run, stopped", kept.source());
        assertEquals(2, kept.capture().steps());
        assertEquals(PROMPT, kept.capture().prompt());
        assertSame(kept, workbench.currentRunProperty().get());
    }

    @Test
    void whatAStoppedRunKeptIsReadInTheBackground() {
        Workbench workbench = withRuns((ids, options) -> {
            Capture partial = embedded.run(ids, RunOptions.steps(2), RunControl.none());
            throw new NonFiniteStateException("stopped", 3, 2, Optional.of(partial));
        });
        hold = true;
        run(workbench, PROMPT);
        waiting.remove().run();
        assertEquals(0, workbench.runs().size(), "its lens waits for the worker");
        assertTrue(workbench.busyBinding().get());
        waiting.remove().run();
        assertEquals(1, workbench.runs().size());
        assertFalse(workbench.busyBinding().get());
    }

    @Test
    void aStoppedCaptureSaysSoWhenItIsOpened() throws LoopscopeException {
        Path file = folder.resolve("half.safetensors");
        int[] ids = embedded.tokenizer().orElseThrow().encode(PROMPT);
        Capture whole = embedded.run(ids, RunOptions.steps(2), RunControl.none());
        float[][] gates = new float[2][ids.length];
        float[][] hidden = new float[2][ids.length * whole.config().hiddenSize()];
        for (int t = 1; t <= 2; t++) {
            whole.hiddenStates(t, 0, ids.length, hidden[t - 1], 0);
        }
        Capture stopped = new Capture.Builder(whole.model(), whole.config(), RunOptions.steps(4))
                .tokens(ids, whole.tokenTexts(), ids.length)
                .states(gates, hidden)
                .problem("The run stopped at step 3.")
                .build();
        CaptureFile.write(stopped, file, Optional.empty(), RunControl.none());
        Workbench workbench = workbench(Models::open, "embedded");
        workbench.openCapture(file);
        assertEquals("The run stopped at step 3.", workbench.noticeProperty().get());
        assertEquals(1, workbench.runs().size());
        workbench.modelProperty().get().close();
    }

    @Test
    void memoryThatDoesNotSufficeIsToldWithTheSentenceOfTheModel() {
        String sentence =
                "States of this run: 9.0 GB of Java heap are needed, 1.0 GB are free; reduce the tokens or the"
                        + " steps.";
        Workbench workbench = withRuns((ids, options) -> {
            throw new LoopscopeException(sentence);
        });
        run(workbench, PROMPT);
        assertEquals(sentence, workbench.noticeProperty().get());
        assertFalse(workbench.busyBinding().get());
    }

    @Test
    void memoryThatRunsOutAllTheSameLeavesTheWindowAtWork() {
        Workbench workbench = withRuns((ids, options) -> {
            if (options.steps() > 4) {
                throw new OutOfMemoryError("Java heap space");
            }
            return embedded.run(ids, options, RunControl.none());
        });
        workbench.form().stepsProperty().set("64");
        run(workbench, PROMPT);
        assertEquals(
                "There was not enough memory to finish; nothing that was on screen is lost. Use a shorter prompt, fewer"
                        + " steps, or no layer states.",
                workbench.noticeProperty().get());
        workbench.form().stepsProperty().set("4");
        run(workbench, PROMPT);
        assertEquals(1, workbench.runs().size());
    }

    @Test
    void anUnembeddingThatIsNotFiniteIsToldInOneSentence() throws Exception {
        Path model = RandomCheckpoint.writeWithLogitThatOverflows(folder.resolve("m"));
        Workbench workbench = workbench(Models::open, model.toString());
        run(workbench, "1, 2");
        assertTrue(
                workbench
                        .noticeProperty()
                        .get()
                        .startsWith("The lens stopped at loop 3, position 0: the logits hold NaN"),
                workbench.noticeProperty().get());
        workbench.modelProperty().get().close();
    }

    @Test
    void anErrorOfAnyKindEndsItsTask() {
        Workbench workbench = withRuns((ids, options) -> {
            throw new StackOverflowError();
        });
        run(workbench, PROMPT);
        assertFalse(workbench.busyBinding().get(), "else nothing could be run any more");
        assertEquals(
                "Internal error (StackOverflowError). The log has the details.",
                workbench.noticeProperty().get());
    }

    @Test
    void aCaptureOfAnotherModelIsRefused() throws Exception {
        Path file = folder.resolve("c.safetensors");
        int[] ids = embedded.tokenizer().orElseThrow().encode(PROMPT);
        Capture capture = embedded.run(ids, RunOptions.steps(2), RunControl.none());
        CaptureFile.write(capture, file, Optional.empty(), RunControl.none());
        Workbench workbench = workbench(
                Models::open, RandomCheckpoint.write(folder.resolve("m")).toString());
        workbench.openCapture(file);
        String hash = capture.model().weightHash().substring(0, 8);
        String other = workbench.modelProperty().get().info().weightHash().substring(0, 8);
        assertEquals(
                "c.safetensors: this capture was made with the model embedded (weights " + hash + "), but m (weights "
                        + other + ") is open; open that model first.",
                workbench.noticeProperty().get());
        assertEquals(0, workbench.runs().size());
        workbench.modelProperty().get().close();
    }

    @Test
    void aDamagedCaptureIsToldAndTheShownRunStays() throws Exception {
        Workbench workbench = workbench(Models::open, "embedded");
        run(workbench, PROMPT);
        Path file = Files.write(folder.resolve("c.safetensors"), new byte[] {1, 2, 3, 4});
        workbench.openCapture(file);
        assertEquals(
                "c.safetensors: expected at least 8 bytes of a safetensors file, found 4.",
                workbench.noticeProperty().get());
        assertSame(workbench.runs().get(0), workbench.currentRunProperty().get());
        workbench.modelProperty().get().close();
    }

    @Test
    void aRemovedRunCannotBeReachedByGoingBack() {
        Workbench workbench = workbench(Models::open, "embedded");
        run(workbench, PROMPT);
        run(workbench, "calc 7+8=");
        assertTrue(workbench.canGoBackProperty().get());
        workbench.remove(workbench.runs().get(1));
        assertFalse(workbench.canGoBackProperty().get(), "the history would keep its memory");
        workbench.modelProperty().get().close();
    }

    @Test
    void theListsThatViewsListenToAreHeld() {
        Workbench workbench = workbench(Models::open, "embedded");
        assertSame(
                workbench.runs(), workbench.runs(), "a view of a list hears of changes only while somebody holds it");
        assertSame(
                workbench.tasks().entries(),
                workbench.tasks().entries(),
                "a view of a list hears of changes only while somebody holds it");
        assertSame(workbench.log().entries(), workbench.log().entries(), "likewise");
        workbench.modelProperty().get().close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"null", "{", "[]", "{\"dark\": true, \"recentModels\": null}", "{\"recentModels\": [null, \"m\"]}"
            })
    void damagedSettingsDoNotKeepTheWindowFromOpening(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("settings.json"), text);
        Settings settings = Settings.in(file);
        assertEquals(13, settings.fontSize());
        settings.addRecentModel("n");
        assertEquals("n", Settings.in(file).recentModels().get(0));
    }
}
