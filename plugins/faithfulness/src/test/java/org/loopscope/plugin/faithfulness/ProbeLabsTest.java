package org.loopscope.plugin.faithfulness;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.analysis.agreement.AnswerTable;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.TrainedModel;

/** Agreement and linear probes over a set. */
class ProbeLabsTest {
    private static final String CUPS = "embedded/probe-cups.jsonl";
    private static final LinearLab LINEAR = new LinearLab();
    private static final AgreementLab AGREEMENT = new AgreementLab();
    private static final LoopedModel open = TrainedModel.get();

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext();
    private Path rows;

    @BeforeEach
    void withTheModel() {
        context.modelProperty().set(open);
        rows = folder.resolve("rows.csv");
    }

    private static ProbeLab<?, ?> lab(String name) {
        return name.equals("linear") ? LINEAR : AGREEMENT;
    }

    private static Values values(ProbeLab<?, ?> lab, int limit) {
        Values few = Values.of(lab.asked()).with(PromptKind.LIMIT, limit);
        return lab == LINEAR ? few.with(LinearLab.STATES, "steps") : few;
    }

    private SetLabModel<?, ?, ?> model(ProbeLab<?, ?> lab, Values values) {
        SetLabModel<?, ?, ?> model = new SetLabModel<>(lab, context, context.executor(), Runnable::run);
        model.valuesProperty().set(values);
        return model;
    }

    private static Figure shown(SetLabModel<?, ?, ?> model, ProbeLab<?, ?> lab) {
        return Objects.requireNonNull(
                model.figureProperty(lab.figures().get(0)).get(),
                model.work().statusProperty().get());
    }

    /** As the command runs a set. */
    private <R extends Record> void run(ProbeLab<R, ?> lab, String set, Values values, RunControl control)
            throws LoopscopeException {
        List<ProbeItem> items = lab.prompts().read(set, values, told -> {});
        TrainedModel.run(lab, items, values, rows, control);
    }

    /** Stops when so many of {@code what} are done. */
    private static RunControl stop(String what, int after) {
        AtomicInteger done = new AtomicInteger();
        return RunControl.of(() -> done.get() >= after, (stage, n, total) -> {
            if (stage.equals(what)) {
                done.set((int) n);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "agreement, 12, 'rows.csv: 12 prompts, T = 4, float32', 16",
        "linear, 36, 'rows.csv: 20 probes, each beside 20 shuffles of its labels, tested on 12 prompts (split), float32', 20"
    })
    void aSetIsRunAndItsRowsAreKeptAndCanBeOpened(String name, int limit, String facts, int lines) {
        ProbeLab<?, ?> lab = lab(name);
        SetLabModel<?, ?, ?> model = model(lab, values(lab, limit));
        model.run(CUPS, rows);
        Figure made = shown(model, lab);
        assertEquals(facts, model.factsProperty().get());
        assertEquals(lines, made.table().rowCount()); // 4 × 4; 4 outputs × (4 answers, gold)
        assertTrue(made.subtitle().startsWith(open.info().id() + ", rows.csv · float32 · "), made.subtitle());
        assertFalse(Files.exists(LinearJob.statesOf(rows)));
        for (FigureTheme theme : List.of(FigureTheme.LIGHT, FigureTheme.DARK)) {
            assertTrue(FigureExport.image(made, 1, theme).getWidth() > 300);
        }
        context.modelProperty().set(null);
        SetLabModel<?, ?, ?> later = model(lab, Values.of(lab.asked()));
        assertTrue(later.cannotRunBinding().get());
        later.open(rows);
        assertTrue(
                shown(later, lab).subtitle().startsWith("rows.csv · float32 · "),
                shown(later, lab).subtitle());
        assertEquals(made.table().print(), shown(later, lab).table().print());
        assertEquals(facts, later.factsProperty().get());
    }

    @ParameterizedTest
    @CsvSource({"agreement, 6, prompts", "linear, 36, probes"})
    void whatTheCommandHasBegunGoesOnInThePanel(String name, int limit, String items) throws IOException {
        ProbeLab<?, ?> lab = lab(name);
        Path whole = folder.resolve("whole.csv");
        model(lab, values(lab, limit)).run(CUPS, whole);
        assertThrows(CancellationException.class, () -> run(lab, CUPS, values(lab, limit), stop(items, 2)));
        assertTrue(Files.exists(ResumableCsv.partOf(rows)));
        SetLabModel<?, ?, ?> model = model(lab, values(lab, limit - 1));
        model.run(CUPS, rows);
        assertTrue(
                model.work().statusProperty().get().contains("was begun with prompts = " + limit + " with hash "),
                model.work().statusProperty().get());
        model.valuesProperty().set(values(lab, limit));
        model.run(CUPS, rows);
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(rows));
        assertFalse(Files.exists(LinearJob.statesOf(rows)));
    }

    @Test
    void statesServeProbesOfOtherSettingsButRowsDoNotMix() throws LoopscopeException, IOException {
        Values usual = values(LINEAR, 36).with(ProbeLab.STEPS, 2);
        Values other = usual.with(LinearLab.L2, 0.2);
        assertThrows(CancellationException.class, () -> run(LINEAR, CUPS, usual, stop("probes", 1)));
        assertTrue(Files.exists(LinearJob.statesOf(rows)));
        LoopscopeException refused =
                assertThrows(LoopscopeException.class, () -> run(LINEAR, CUPS, other, RunControl.none()));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("was begun with l2 = 0.1, this run has l2 = 0.2"),
                refused.getMessage());
        Files.delete(ResumableCsv.partOf(rows));
        List<String> stages = new ArrayList<>();
        run(LINEAR, CUPS, other, RunControl.of(() -> false, (stage, done, total) -> stages.add(stage)));
        assertFalse(stages.contains("states of prompts"), "no prompt is run again");
        assertEquals(2 * 3, ProbeRow.read(rows).size()); // two step outputs; two answers and gold
    }

    @Test
    void statesOfOtherPromptsAreNotTaken() {
        assertThrows(
                CancellationException.class, () -> run(LINEAR, CUPS, values(LINEAR, 36), stop("states of prompts", 3)));
        rows.resolveSibling("rows.csv.part").toFile().delete();
        LoopscopeException refused =
                assertThrows(LoopscopeException.class, () -> run(LINEAR, CUPS, values(LINEAR, 40), RunControl.none()));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("expected the states of this probe, found those of"),
                refused.getMessage());
    }

    @Test
    void labelsThatTheVocabularyDoesNotHaveAreClasses() throws IOException, LoopscopeException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            lines.append("{\"prompt\": \"cups ball ")
                    .append("ABCD".charAt(i % 4))
                    .append(" swap A ")
                    .append("BCD".charAt(i / 4 % 3))
                    .append(" where ?\", \"label\": \"")
                    .append(i % 2 == 0 ? "harmful" : "harmless, perhaps")
                    .append("\"}\n");
        }
        String set = Files.writeString(folder.resolve("labels.jsonl"), lines).toString();
        run(LINEAR, set, values(LINEAR, 16).with(ProbeLab.STEPS, 2).with(LinearLab.FOLDS, 2), RunControl.none());
        List<ProbeRow> gold = ProbeRow.read(rows).stream()
                .filter(row -> row.target().equals("gold"))
                .toList();
        assertEquals(2, gold.size());
        assertEquals(2, gold.get(0).probe().classes());
        Files.delete(rows);
        run(AGREEMENT, set, values(AGREEMENT, 16).with(ProbeLab.STEPS, 2), RunControl.none());
        AnswerTable table = AnswerTable.read(rows);
        assertEquals(16, table.agreement().n());
        assertEquals(0, table.withGold(), "a class is not an answer");
    }

    @Test
    void aSampleIsDrawnOfTheFirstPrompts() throws LoopscopeException {
        Values drawn = values(AGREEMENT, 40).with(PromptKind.SAMPLE, 12);
        List<ProbeItem> first = AGREEMENT.prompts().read(CUPS, values(AGREEMENT, 40), told -> {});
        List<ProbeItem> some = AGREEMENT.prompts().read(CUPS, drawn, told -> {});
        assertEquals(12, some.size());
        assertTrue(first.containsAll(some));
        assertFalse(some.equals(first.subList(0, 12)), "not the first ones");
        assertFalse(some.equals(AGREEMENT.prompts().read(CUPS, drawn.with(ProbeLab.SEED, 1L), told -> {})));
    }

    @Test
    void pairsAreAskedWithTheTemplate() throws LoopscopeException {
        Values asked = Values.of(AGREEMENT.asked())
                .with(PromptKind.LIMIT, 1)
                .read(ProbeLab.TEMPLATE, "{question1}\\n{question2}?");
        String prompt = AGREEMENT
                .prompts()
                .read("ouro/question-pairs.jsonl", asked, told -> {})
                .get(0)
                .prompt();
        assertTrue(prompt.matches("[^\n]+\n[^\n]+\\?"), prompt);
        assertEquals("{question1}\\n{question2}?", asked.text(ProbeLab.TEMPLATE), "as it is typed");
    }

    /** In a set of pairs as published, and for a probe where the marks are not what they say. */
    @Test
    void whatIsToBeKnownOfASetIsSaid() throws IOException, LoopscopeException {
        Path tsv = Files.writeString(
                folder.resolve("pairs.tsv"),
                "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n0\t1\t2\ta\tb\t1\n1\t3\t4\tonly\n");
        List<String> told = new ArrayList<>();
        assertEquals(
                1,
                AGREEMENT
                        .prompts()
                        .read(tsv.toString(), Values.of(AGREEMENT.asked()), told::add)
                        .size());
        assertEquals(List.of("1 lines of " + tsv + " lack fields and are left out."), told);
        String line = "{\"prompt\": \"cups ball A swap A B where ?\", \"answer\": \"B\", \"split\": \"train\"}\n";
        Path shared =
                Files.writeString(folder.resolve("shared.jsonl"), (line + line.replace("train", "test")).repeat(8));
        SetLabModel<?, ?, ?> model = model(LINEAR, values(LINEAR, 16).with(LinearLab.STEPS, 1));
        model.run(shared.toString(), rows);
        assertEquals(
                "8 prompts marked for testing share a prompt or a unit with one for training; what they measure is not"
                        + " new to the probe.",
                model.work().statusProperty().get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"agreement", "linear"})
    void aFileThatIsNoSetOrHoldsOtherRowsIsToldWithItsName(String name) throws IOException {
        ProbeLab<?, ?> lab = lab(name);
        Path file = Files.writeString(folder.resolve("my.jsonl"), "{\"prompt\": \"calc 1+1=\"}\nnothing\n");
        SetLabModel<?, ?, ?> model = model(lab, Values.of(lab.asked()));
        model.run(file.toString(), rows);
        assertTrue(
                model.work().statusProperty().get().startsWith(file + ", line 2: expected one JSON object"),
                model.work().statusProperty().get());
        model.open(Files.writeString(rows, "a,b\n1,2\n"));
        assertTrue(
                model.work().statusProperty().get().startsWith(rows + ": expected the columns "),
                model.work().statusProperty().get());
        assertNull(model.figureProperty(lab.figures().get(0)).get());
    }

    @Test
    void theSetsThatAreOfferedFit() throws LoopscopeException {
        Values few = Values.of(AGREEMENT.asked()).with(PromptKind.LIMIT, 5);
        for (SampleSet set : AGREEMENT.prompts().bundled().sets()) {
            assertFalse(AGREEMENT.prompts().read(set.file(), few, told -> {}).isEmpty(), set.file());
        }
        for (SampleSet set : LINEAR.prompts().bundled().sets()) {
            List<String> told = new ArrayList<>();
            List<ProbeItem> items = LINEAR.prompts().read(set.file(), Values.of(LINEAR.asked()), told::add);
            assertTrue(
                    items.stream()
                            .allMatch(item ->
                                    item.split().isPresent() && !item.choices().isEmpty()),
                    set.file());
            assertEquals(List.of(), told);
        }
    }
}
