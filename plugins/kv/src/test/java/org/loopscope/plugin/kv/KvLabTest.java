package org.loopscope.plugin.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.kv.KvTable;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.TrainedModel;

class KvLabTest {
    private static final LoopedModel open = TrainedModel.get();

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext();
    private final SetLabModel<KvItem, KvTable.InFile, KvOutcome> model = made(context);
    private Path set;
    private Path out;

    private static SetLabModel<KvItem, KvTable.InFile, KvOutcome> made(TestContext context) {
        return new SetLabModel<>(new KvLab(), context, context.executor(), Runnable::run);
    }

    private <T> void set(Setting<T> setting, T value) {
        model.valuesProperty().set(model.valuesProperty().get().with(setting, value));
    }

    @BeforeEach
    void writeTheSet() throws IOException {
        set = folder.resolve("set.jsonl");
        out = folder.resolve("set-kv.csv");
        Files.writeString(set, """
                {"prompt": "people Mia's friend is", "answer": "Eve"}
                {"prompt": "people Leo's boss's neighbour is", "answer": "Max"}
                """);
        context.modelProperty().set(open);
        set(KvLab.GENERATE, 3);
    }

    private String status() {
        return model.work().statusProperty().get();
    }

    @Test
    void aSetIsRunThroughThePoliciesAndShown() {
        model.run(set.toString(), out);
        assertEquals("", status());
        assertTrue(model.factsProperty()
                .get()
                .startsWith("set-kv.csv: Model embedded, float32, T = 4 · Counted n = 4 tokens of 2 texts"));
        Figure accuracy =
                Objects.requireNonNull(model.figureProperty(KvLab.ACCURACY).get());
        assertEquals(
                "embedded · T = 4 · float32 · own text · n = 2 prompts, intervals over prompts · the first token comes from"
                        + " the prefill",
                accuracy.subtitle());
        // Eve is right, Max is wrong, and the first token is the prefill's
        assertEquals(
                List.of(0.5, 0.5, 0.5, 0.5),
                accuracy.table().doubleColumn("accuracy").asList());
        Figure agreement =
                Objects.requireNonNull(model.figureProperty(KvLab.AGREEMENT).get());
        assertTrue(agreement.subtitle().contains("n = 4 tokens of 2 texts"), agreement.subtitle());
        assertTrue(agreement.table().columnNames().containsAll(List.of("agreement", "accuracy", "full_accuracy")));
        assertEquals(
                9,
                Objects.requireNonNull(model.figureProperty(KvLab.PLACES).get())
                        .table()
                        .rowCount());
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            assertTrue(FigureExport.image(accuracy, 1, theme).getWidth() > 300);
            assertTrue(FigureExport.image(
                                    Objects.requireNonNull(model.figureProperty(KvLab.DIVERGENCE)
                                            .get()),
                                    1,
                                    theme)
                            .getWidth()
                    > 300);
        }
    }

    @Test
    void thePromptIsDecodedTooWhereItIsNotReadAtOnce() {
        set(KvLab.GENERATE, 1);
        model.run(set.toString(), out);
        assertTrue(status().startsWith("--generate: expected 2 or more"), status());
        assertFalse(Files.exists(out));
        set(KvLab.PREFILL, 1);
        model.run(set.toString(), out);
        Figure accuracy =
                Objects.requireNonNull(model.figureProperty(KvLab.ACCURACY).get());
        assertTrue(accuracy.subtitle().endsWith("intervals over prompts"), accuracy.subtitle());
        // 5 and 7 tokens of the prompts and 1 each, of which the first is the prefill's
        assertTrue(Objects.requireNonNull(model.figureProperty(KvLab.AGREEMENT).get())
                .subtitle()
                .contains("n = 10 tokens of 2 texts"));
    }

    @Test
    void aSetThatComesWithTheProgramIsRunByItsName() throws LoopscopeException {
        set(KvLab.GENERATE, 2);
        model.run("embedded/people.jsonl", out);
        assertEquals("", status());
        assertEquals(32, KvTable.read(out).prompts());
    }

    @Test
    void savedRowsAreShownWithoutAModelAndOthersAreRefused() throws IOException {
        Files.writeString(set, "{\"prompt\": \"people Mia's friend is\"}\n");
        model.run(set.toString(), out);
        assertNull(model.figureProperty(KvLab.ACCURACY).get(), "no answer, no accuracy");
        context.modelProperty().set(null);
        SetLabModel<KvItem, KvTable.InFile, KvOutcome> other = made(context);
        assertTrue(other.cannotRunBinding().get());
        other.open(set);
        assertTrue(
                other.work().statusProperty().get().contains("expected the columns prompt, group, policy"),
                other.work().statusProperty().get());
        assertNull(other.figureProperty(KvLab.AGREEMENT).get());
        other.open(out);
        assertTrue(other.factsProperty().get().startsWith("set-kv.csv: Model embedded"));
        assertNotNull(other.figureProperty(KvLab.AGREEMENT).get());
    }

    @Test
    void whatIsCancelledShowsNothingAndAClosedPanelStopsItsSet() {
        context.hold();
        model.run(set.toString(), out);
        assertTrue(model.work().runningProperty().get());
        assertTrue(model.cannotRunBinding().get());
        model.work().cancel();
        context.runWaiting();
        assertTrue(status().startsWith("Cancelled; what is done is kept"), status());
        assertNull(model.figureProperty(KvLab.AGREEMENT).get());
        model.run(set.toString(), out);
        model.dispose();
        context.runWaiting();
        assertFalse(Files.exists(out));
    }

    private static int run(List<KvItem> items, int generate, Path file, RunControl control) throws LoopscopeException {
        KvLab lab = new KvLab();
        Values values = Values.of(lab.settings()).with(KvLab.GENERATE, generate);
        return TrainedModel.run(lab, items, values, file, control);
    }

    @Test
    void anInterruptedSetEndsInTheBytesOfAWholeOne() throws Exception {
        Files.writeString(set, Files.readString(set) + "{\"prompt\": \"people Joe's boss is\"}\n");
        List<KvItem> items = new KvLab().prompts().read(set.toString(), Values.of(new KvLab().settings()), told -> {});
        Path whole = folder.resolve("whole.csv");
        assertEquals(0, run(items, 4, whole, RunControl.none()));
        AtomicInteger begun = new AtomicInteger();
        RunControl stopped = RunControl.of(() -> begun.get() > 2, (stage, done, total) -> begun.incrementAndGet());
        assertThrows(CancellationException.class, () -> run(items, 4, out, stopped));
        assertFalse(Files.exists(out));
        LoopscopeException refused =
                assertThrows(LoopscopeException.class, () -> run(items, 5, out, RunControl.none()));
        assertTrue(refused.getMessage().contains("begun with tokens generated = 4"), refused.getMessage());
        assertEquals(2, run(items, 4, out, RunControl.none()));
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(out));
    }

    @Test
    void aPromptThatCannotBeRunIsRefusedBeforeTheFirst() throws Exception {
        Files.writeString(set, Files.readString(set) + "{\"prompt\": \"people Zebra is\"}\n");
        List<KvItem> items = new KvLab().prompts().read(set.toString(), Values.of(new KvLab().settings()), told -> {});
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> run(items, 4, out, RunControl.none()));
        assertTrue(e.getMessage().startsWith("Prompt 3: "), e.getMessage());
        assertFalse(Files.exists(out));
    }
}
