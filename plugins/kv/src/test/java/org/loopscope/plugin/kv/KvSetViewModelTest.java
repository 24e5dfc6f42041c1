package org.loopscope.plugin.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.kv.KvTable;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.testkit.TestContext;

class KvSetViewModelTest {
    private static LoopedModel open;

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext();
    private final KvSetViewModel model = new KvSetViewModel(context, context.executor(), Runnable::run);
    private Path set;
    private Path out;

    @BeforeAll
    static void openTheModel() throws LoopscopeException {
        open = Models.open(Models.EMBEDDED, RunControl.none());
    }

    @AfterAll
    static void close() {
        open.close();
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
        model.generateProperty().set(3);
    }

    private String status() {
        return model.work().statusProperty().get();
    }

    @Test
    void aSetIsRunThroughThePoliciesAndShown() {
        model.run(set.toString(), out);
        assertEquals("2 prompts, T = 4, written to set-kv.csv", status());
        ChartFigure accuracy = Objects.requireNonNull(model.accuracyProperty().get());
        assertEquals(
                "embedded · T = 4 · float32 · own text · n = 2 prompts, intervals over prompts · the first token comes from"
                        + " the prefill",
                accuracy.subtitle());
        // Eve is right, Max is wrong, and the first token is the prefill's
        assertEquals(
                List.of(0.5, 0.5, 0.5, 0.5),
                accuracy.table().doubleColumn("accuracy").asList());
        ChartFigure agreement = Objects.requireNonNull(model.agreementProperty().get());
        assertTrue(agreement.subtitle().contains("n = 4 tokens of 2 texts"), agreement.subtitle());
        assertTrue(agreement.table().columnNames().containsAll(List.of("agreement", "accuracy", "full_accuracy")));
        assertEquals(
                9, Objects.requireNonNull(model.placesProperty().get()).table().rowCount());
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            assertTrue(FigureExport.image(accuracy, 1, theme).getWidth() > 300);
            assertTrue(FigureExport.image(
                                    Objects.requireNonNull(
                                            model.divergenceProperty().get()),
                                    1,
                                    theme)
                            .getWidth()
                    > 300);
        }
    }

    @Test
    void thePromptIsDecodedTooWhereItIsNotReadAtOnce() {
        model.generateProperty().set(1);
        model.run(set.toString(), out);
        assertTrue(status().startsWith("Generate two tokens at least, or do not read the whole prompt"), status());
        assertFalse(Files.exists(out));
        model.wholePromptProperty().set(false);
        model.run(set.toString(), out);
        ChartFigure accuracy = Objects.requireNonNull(model.accuracyProperty().get());
        assertTrue(accuracy.subtitle().endsWith("intervals over prompts"), accuracy.subtitle());
        // 5 and 7 tokens of the prompts and 1 each, of which the first is the prefill's
        assertTrue(Objects.requireNonNull(model.agreementProperty().get())
                .subtitle()
                .contains("n = 10 tokens of 2 texts"));
    }

    @Test
    void aSetThatComesWithTheProgramIsRunByItsName() throws LoopscopeException {
        model.generateProperty().set(2);
        model.run("embedded/people.jsonl", out);
        assertEquals("32 prompts, T = 4, written to set-kv.csv", status());
        assertEquals(32, KvTable.read(out).prompts());
    }

    @Test
    void savedRowsAreShownWithoutAModelAndOthersAreRefused() throws IOException {
        Files.writeString(set, "{\"prompt\": \"people Mia's friend is\"}\n");
        model.run(set.toString(), out);
        assertNull(model.accuracyProperty().get(), "no answer, no accuracy");
        context.modelProperty().set(null);
        KvSetViewModel other = new KvSetViewModel(context, context.executor(), Runnable::run);
        assertTrue(other.cannotRunBinding().get());
        other.open(set);
        assertTrue(
                other.work().statusProperty().get().contains("expected the columns prompt, group, policy"),
                other.work().statusProperty().get());
        assertNull(other.agreementProperty().get());
        other.open(out);
        assertEquals(
                "1 prompt, T = 4, from set-kv.csv",
                other.work().statusProperty().get());
        assertNotNull(other.agreementProperty().get());
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
        assertNull(model.agreementProperty().get());
        model.run(set.toString(), out);
        model.dispose();
        context.runWaiting();
        assertFalse(Files.exists(out));
    }
}
