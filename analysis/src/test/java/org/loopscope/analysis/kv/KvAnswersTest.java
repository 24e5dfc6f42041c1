package org.loopscope.analysis.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.prompts.StepAccuracy;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.model.tokenizer.Tokenizer;

/** Right answers by policy. */
class KvAnswersTest {
    private static LoopedModel model;
    private static Tokenizer tokenizer;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws LoopscopeException {
        model = Models.open(Models.EMBEDDED, RunControl.none());
        tokenizer = model.tokenizer().orElseThrow();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static KvPlan plan(int generate, int prefill) {
        return new KvPlan(4, generate, prefill, KvPlan.SHARING, Set.of());
    }

    private static List<KvPrompt> people(int n) throws LoopscopeException {
        List<KvPrompt> prompts = new ArrayList<>();
        for (Prompt prompt : SetFile.prompts("embedded/people.jsonl").prompts().subList(0, n)) {
            prompts.add(KvPrompt.of(tokenizer, prompt.prompt(), prompt.answer(), ""));
        }
        return prompts;
    }

    @Test
    void accuracyIsRightAnswersOverJudgedOnesWithWilsonsIntervalOverPrompts() {
        KvAnswers answers = new KvAnswers();
        for (int prompt = 1; prompt <= 4; prompt++) {
            answers.add(prompt, KvPolicy.AVERAGED, prompt != 2);
            answers.add(prompt, KvPolicy.AVERAGED, prompt != 2); // every row of a prompt says it again
            answers.add(prompt, KvPolicy.FULL, true);
        }
        answers.add(9, KvPolicy.LAST_STEP, false);
        List<KvAnswers.Line> lines = answers.lines();
        assertEquals(new KvAnswers.Line(KvPolicy.FULL, 4, 4, 1, Interval.wilson(4, 4)), lines.get(0));
        assertEquals(new KvAnswers.Line(KvPolicy.LAST_STEP, 1, 0, 0, Interval.wilson(0, 1)), lines.get(1));
        assertEquals(new KvAnswers.Line(KvPolicy.AVERAGED, 4, 3, 0.75, Interval.wilson(3, 4)), lines.get(2));
    }

    @Test
    void anAnswerIsRightWhereTheTextBeginsWithAllOfIt() {
        int[] ids = {5, 6, 7, 8};
        assertTrue(WholeAnswer.stands(ids, 2, List.of(7)));
        assertTrue(WholeAnswer.stands(ids, 2, List.of(7, 8)));
        assertFalse(WholeAnswer.stands(ids, 2, List.of(7, 9)), "a second token that is wrong");
        assertFalse(WholeAnswer.stands(ids, 2, List.of(7, 8, 9)), "a text that stopped before");
        assertFalse(WholeAnswer.stands(ids, 1, List.of(7)), "an answer that comes later");
    }

    @Test
    void theTableHoldsAccuracyBesideTheAgreementAndNaNWhereNothingWasJudged() {
        KvSummary.Collector collector = new KvSummary.Collector();
        for (int prompt = 1; prompt <= 2; prompt++) {
            collector.add(
                    prompt,
                    new KvResult(1, 0, 4, List.of(), Map.of(KvPolicy.FULL, true, KvPolicy.AVERAGED, prompt == 1)));
            for (KvPolicy policy : List.of(KvPolicy.AVERAGED, KvPolicy.FIRST_STEP)) {
                collector.add(prompt, new KvToken(policy, 2, 7, 7, 7, 0, -1, -1, OptionalInt.of(7), OptionalInt.of(7)));
            }
        }
        var table = collector.summary().toTable();
        assertEquals(2, table.intColumn("answers").get(0));
        assertEquals(0.5, table.doubleColumn("accuracy").get(0)); // one of two
        assertEquals(
                Interval.wilson(1, 2).low(), table.doubleColumn("accuracy_low").get(0));
        assertEquals(
                Interval.wilson(1, 2).high(),
                table.doubleColumn("accuracy_high").get(0));
        assertEquals(1, table.doubleColumn("full_accuracy").get(0));
        assertEquals(0, table.intColumn("answers").get(1));
        assertTrue(table.doubleColumn("accuracy").isMissing(1));
        assertEquals(1, table.doubleColumn("agreement").get(1));
    }

    @Test
    void fullIsAsOftenRightAsItsLastStepWhereTheAnswerIsGiven() throws LoopscopeException {
        List<Prompt> prompts =
                SetFile.prompts("embedded/people.jsonl").prompts().subList(0, 32);
        StepAccuracy wanted = StepAccuracy.of(model, prompts, 2, RunControl.none());
        long hits = wanted.groups().stream().mapToLong(g -> wanted.hits(g, 2)).sum();
        assertTrue(hits > 0 && hits < 32, "the set tells right from wrong");
        KvSummary summary = KvRuns.summary(model, new KvPlan(2, 1, 1, KvPlan.SHARING, Set.of()), people(32));
        assertEquals(hits, summary.answers(KvPolicy.FULL).orElseThrow().right());
        assertEquals(32, summary.answers(KvPolicy.FULL).orElseThrow().n());
        assertFalse(summary.firstFromPrefill());
    }

    @Test
    void aPolicyIsJudgedByWhatItWritesAndNotByTheGivenText() throws LoopscopeException {
        List<KvPrompt> prompts = people(12);
        KvSummary summary = KvRuns.summary(model, plan(1, 1), prompts);
        for (KvPolicy policy : KvPlan.SHARING) {
            int right = 0;
            for (KvPrompt prompt : prompts) {
                int[] ids = prompt.toArray();
                RunOptions options = RunOptions.steps(4).withKvPolicy(policy).withGenerate(1);
                int own = model.decode(ids, 1, options, RunControl.none()).tokenId(ids.length);
                right += own == prompt.answer().get(0) ? 1 : 0;
            }
            KvAnswers.Line line = summary.answers(policy).orElseThrow();
            assertEquals(right, line.right(), policy.cliName());
            assertEquals(12, line.n());
            assertNotEquals(
                    summary.answers(KvPolicy.FULL).orElseThrow().right(), line.right(), "sharing changes answers");
        }
    }

    @Test
    void whereThePrefillGivesTheAnswerEveryPolicyGivesTheSame() throws LoopscopeException {
        KvSummary summary = KvRuns.summary(model, plan(2, 0), people(6));
        assertTrue(summary.firstFromPrefill());
        int full = summary.answers(KvPolicy.FULL).orElseThrow().right();
        KvPlan.SHARING.forEach(policy ->
                assertEquals(full, summary.answers(policy).orElseThrow().right()));
    }

    @Test
    void anAnswerLongerThanWhatIsGeneratedAndAPromptWithoutOneAreNotJudged() throws LoopscopeException {
        int[] ids = tokenizer.encode("people Mia's friend is");
        List<KvPrompt> prompts = List.of(
                KvPrompt.of(ids, new int[] {5, 6, 7}, ""),
                KvPrompt.of(ids, ""),
                KvPrompt.of(tokenizer, "people Mia's friend is", Optional.of(" "), ""));
        assertEquals(List.of(), KvRuns.summary(model, plan(2, 0), prompts).answers());
        int n = KvRuns.summary(model, plan(3, 0), prompts)
                .answers(KvPolicy.FULL)
                .orElseThrow()
                .n();
        assertEquals(1, n);
    }

    @Test
    void anAnswerIsSplitIntoTokensAsItFollowsThePrompt() throws LoopscopeException {
        KvPrompt plain = KvPrompt.of(tokenizer, "people Mia's friend is", Optional.of("Eve"), "g");
        assertEquals(List.of(tokenizer.tokenId("Eve").orElseThrow()), plain.answer());
        assertEquals("g", plain.group());
    }

    @Test
    void theFileHoldsTheAnswersAndGivesTheSameLinesBack() throws Exception {
        Path csv = folder.resolve("kv.csv");
        KvRuns.write(model, plan(2, 1), people(6), csv);
        List<KvAnswers.Line> wanted =
                KvRuns.summary(model, plan(2, 1), people(6)).answers();
        assertEquals(4, wanted.size());
        assertEquals(wanted, KvTable.read(csv).answers());
    }

    @Test
    void aFileOfAnOlderVersionIsRefusedWithTheColumnsThatItLacks() throws Exception {
        Path csv = folder.resolve("kv.csv");
        List<String> old = KvTable.COLUMNS.stream()
                .filter(c -> !c.equals("right") && !c.equals("full_right"))
                .toList();
        Files.writeString(csv, String.join(",", old) + "\n");
        LoopscopeException read = assertThrows(LoopscopeException.class, () -> KvTable.read(csv));
        assertTrue(
                read.getMessage()
                        .endsWith(", found a table without full_right, right. Was it written by another version?"),
                read.getMessage());
        Files.delete(csv);
        try (ResumableCsv part = ResumableCsv.open(csv, old, Map.of("program version", "0.1"))) {
            part.append(List.of());
        }
        LoopscopeException resumed = assertThrows(
                LoopscopeException.class,
                () -> ResumableCsv.open(csv, KvTable.COLUMNS, Map.of("program version", "0.1")));
        assertEquals(
                ResumableCsv.partOf(csv)
                        + " was begun by a version of the program that writes other columns (a table without full_right,"
                        + " right): finish it with that version, write to another file, or delete it to start again.",
                resumed.getMessage());
    }
}
