package org.loopscope.analysis.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;

class SweepDataTest {
    private static final String HEADER = String.join(",", SweepRow.COLUMNS) + "\n";

    /** Three prompts of two groups; the third broke off. */
    private static final String ROWS = HEADER
            + "1,easy,prompt,fixed,1,4,4,2,1,,4,m,bf16\n"
            + "1,easy,answer,fixed,1,2,2,1,1,0,4,m,bf16\n"
            + "1,easy,answer,fixed,4,2,8,2,2,1,4,m,bf16\n"
            + "1,easy,answer,q,0.5,2,4,2,2,1,4,m,bf16\n"
            + "1,easy,answer,oracle,,2,3,2,2,1,4,m,bf16\n"
            + "2,hard,prompt,fixed,1,6,6,3,0,,4,m,bf16\n"
            + "2,hard,answer,fixed,1,1,1,0,0,0,4,m,bf16\n"
            + "2,hard,answer,fixed,4,1,4,1,0,0,4,m,bf16\n"
            + "2,hard,answer,q,0.5,1,2,1,0,0,4,m,bf16\n"
            + "2,hard,answer,oracle,,1,2,1,0,0,4,m,bf16\n"
            + "3,hard,problem,,,0,0,0,0,,4,m,bf16\n";

    private static SweepData data() throws LoopscopeException {
        return SweepData.read(new StringReader(ROWS), "sweep.csv");
    }

    @Test
    void whatIsInTheFileIsTold() throws LoopscopeException {
        SweepData data = data();
        assertEquals("m", data.model());
        assertEquals("bf16", data.computeDtype());
        assertEquals(
                "bf16",
                data.curve(Scope.ANSWER, Quality.AGREEMENT, Optional.empty()).computeDtype());
        assertEquals(4, data.steps());
        assertEquals(3, data.prompts());
        assertEquals(1, data.problems());
        assertEquals(List.of("easy", "hard"), data.groups());
        assertEquals(List.of(Scope.PROMPT, Scope.ANSWER), data.scopes());
        assertEquals(Scope.ANSWER, data.mainScope());
    }

    /** A spreadsheet may sort a table by any column before it is saved. */
    @Test
    void theOrderOfRowsDoesNotMatter() throws LoopscopeException {
        List<String> lines = new ArrayList<>(ROWS.lines().skip(1).toList());
        lines.sort(Comparator.comparing((String line) -> line.split(",")[3]).thenComparing(Comparator.reverseOrder()));
        SweepData sorted = SweepData.read(new StringReader(HEADER + String.join("\n", lines)), "sweep.csv");
        assertEquals(3, sorted.prompts());
        assertEquals(1, sorted.problems());
        assertEquals(
                data().curve(Scope.ANSWER, Quality.ACCURACY, Optional.empty()).point("q:0.5"),
                sorted.curve(Scope.ANSWER, Quality.ACCURACY, Optional.empty()).point("q:0.5"));
    }

    /** Counted twice, intervals would be too narrow. */
    @Test
    void aTableThatWasAppendedToItselfIsRefused() {
        String twice = ROWS + ROWS.substring(HEADER.length());
        assertEquals(
                "sweep.csv, line 13, column prompt: expected no two rows with the same prompt, scope, rule, threshold,"
                        + " found \"1\".",
                assertThrows(LoopscopeException.class, () -> SweepData.read(new StringReader(twice), "sweep.csv"))
                        .getMessage());
    }

    @Test
    void ratesAreSumsOverSums() throws LoopscopeException {
        SweepCurve agreement = data().curve(Scope.ANSWER, Quality.AGREEMENT, Optional.empty());
        SweepPoint first = agreement.point("fixed:1").orElseThrow();
        assertEquals(1 / 3.0, first.quality(), 1e-15); // 1 of 2 and 0 of 1
        assertEquals(1, first.meanLoops(), 1e-15);
        assertEquals(2, agreement.point("q:0.5").orElseThrow().meanLoops(), 1e-15); // 4 + 2 loops of 3 tokens
        assertEquals(5 / 3.0, agreement.point("oracle").orElseThrow().meanLoops(), 1e-15);
        SweepCurve accuracy = data().curve(Scope.ANSWER, Quality.ACCURACY, Optional.empty());
        assertEquals(0.5, accuracy.point("q:0.5").orElseThrow().quality()); // one of two answers whole
        assertEquals(0, accuracy.point("fixed:1").orElseThrow().quality());
        SweepCurve next = data().curve(Scope.PROMPT, Quality.NEXT_TOKEN, Optional.empty());
        assertEquals(0.1, next.point("fixed:1").orElseThrow().quality(), 1e-15); // 1 of 10
    }

    @Test
    void aGroupIsCountedByItself() throws LoopscopeException {
        SweepPoint hard = data().curve(Scope.ANSWER, Quality.AGREEMENT, Optional.of("hard"))
                .point("fixed:4")
                .orElseThrow();
        assertEquals(1, hard.prompts());
        assertEquals(1, hard.quality());
        assertEquals(new Interval(1, 1), hard.interval(), "by definition");
        SweepPoint q = data().curve(Scope.ANSWER, Quality.AGREEMENT, Optional.empty())
                .point("q:0.5")
                .orElseThrow();
        assertEquals(Intervals.NONE, q.interval(), "two prompts of several tokens are no sample");
    }

    @Test
    void theBestPointFitsTheBudgetOrTheCost() throws LoopscopeException {
        SweepCurve curve = data().curve(Scope.ANSWER, Quality.AGREEMENT, Optional.empty());
        assertEquals("fixed:4", curve.bestWithin("fixed", 4).orElseThrow().spec());
        assertEquals("fixed:1", curve.bestWithin("fixed", 3.9).orElseThrow().spec());
        assertEquals(Optional.empty(), curve.bestWithin("q", 1.5));
        // fixed:4 is worth 1 - c, fixed:1 is worth 1/3 - c/4: they are equal at c = 8/9.
        assertEquals("fixed:4", curve.bestAtCost("fixed", 0.88).orElseThrow().spec());
        assertEquals("fixed:1", curve.bestAtCost("fixed", 0.9).orElseThrow().spec());
    }

    @Test
    void aRuleStandsOnItsPointOrBetweenTwo() throws LoopscopeException {
        SweepCurve curve = data().curve(Scope.ANSWER, Quality.AGREEMENT, Optional.empty());
        assertEquals(Optional.of(new SweepCurve.Mark(4, 1, true)), curve.mark(ExitRule.full()));
        SweepCurve.Mark two = curve.mark(ExitRule.fixed(2)).orElseThrow(); // a third of the way from 1 to 4
        assertEquals(2, two.meanLoops(), 1e-12);
        assertEquals(1 / 3.0 + 2 / 9.0, two.quality(), 1e-12);
        assertEquals(false, two.exact());
        assertEquals(Optional.empty(), curve.mark(ExitRule.q(0.6)), "beyond the thresholds of the sweep");
        assertEquals(Optional.empty(), curve.mark(ExitRule.sameTop1(1)));
    }

    @Test
    void accuracyIsOfAnswersOnly() throws LoopscopeException {
        SweepData data = data();
        assertThrows(
                IllegalArgumentException.class, () -> data.curve(Scope.PROMPT, Quality.ACCURACY, Optional.empty()));
    }

    /** A set of 32 prompts of which the first {@code right} are answered, in {@code loops} loops each. */
    private static SweepPoint answered(int right, java.util.function.IntUnaryOperator loops) throws LoopscopeException {
        StringBuilder csv = new StringBuilder(HEADER);
        for (int i = 1; i <= 32; i++) {
            int hit = i <= right ? 1 : 0;
            csv.append(
                    i + ",g,answer,q,0.5,1," + loops.applyAsInt(i) + "," + hit + "," + hit + "," + hit + ",4,m,bf16\n");
        }
        return SweepData.read(new StringReader(csv.toString()), "x.csv")
                .curve(Scope.ANSWER, Quality.ACCURACY, Optional.empty())
                .points()
                .get(0);
    }

    /** The lower end of 32 of 32 was below that of 31 of 32. */
    @Test
    void answersHaveWilsonsIntervalAndABetterRuleABetterOne() throws LoopscopeException {
        assertEquals(Interval.wilson(32, 32), answered(32, i -> 2).interval());
        assertEquals(Interval.wilson(31, 32), answered(31, i -> 2).interval());
        assertTrue(answered(32, i -> 2).interval().low()
                > answered(31, i -> 2).interval().low());
    }

    @Test
    void loopsHaveTheIntervalOfAMeanOverPrompts() throws LoopscopeException {
        assertEquals(new Interval(2, 2), answered(32, i -> 2).loops());
        double[] loops = new double[32];
        java.util.Arrays.setAll(loops, i -> 1 + (i + 1) % 3);
        assertEquals(Intervals.mean(loops), answered(32, i -> 1 + i % 3).loops());
    }

    private static String refused(String text) {
        return assertThrows(LoopscopeException.class, () -> SweepData.read(new StringReader(text), "x.csv"))
                .getMessage();
    }

    @Test
    void anotherFileIsRefusedWithWhatItIs() {
        assertEquals(
                "x.csv: expected the columns prompt, group, scope and 10 more of loopscope sweep, found none of them. Was it written by another version?",
                refused("a,b\n1,2\n"));
        assertEquals(
                "x.csv, line 2, column threshold: expected a number or nothing, found \"half\".",
                refused(HEADER + "1,g,answer,q,half,2,2,1,1,0,4,m,bf16\n"));
        assertEquals("x.csv, line 2: expected 13 cells, found 11.", refused(HEADER + "1,g,answer,q,0.5,2,2,1,1,0,4\n"));
        LoopscopeException none =
                assertThrows(LoopscopeException.class, () -> SweepData.read(Path.of("target", "no-such.csv")));
        assertTrue(none.getMessage().endsWith("found no such file."), none.getMessage());
    }

    @Test
    void sumsThatCannotBeAreRefused() {
        assertEquals(
                "x.csv, line 2, column agreeing: expected at most the number of tokens, which is 4, found \"9999999\".",
                refused(HEADER + "1,g,prompt,q,0.5,4,8,9999999,1,,4,m,bf16\n"));
        assertEquals(
                "x.csv, line 2, column loops: expected 1 to max_steps loops a token, so 4 to 16, found \"17\".",
                refused(HEADER + "1,g,prompt,q,0.5,4,17,1,1,,4,m,bf16\n"));
        assertEquals(
                "x.csv, line 2, column max_steps: expected a whole number from 1 to 64, found \"0\".",
                refused(HEADER + "1,g,prompt,q,0.5,4,8,1,1,,0,m,bf16\n"));
        assertEquals(
                "x.csv, line 3, column model: expected \"m\" as in the rows before, found \"n\".",
                refused(HEADER + "1,g,prompt,q,0.5,4,8,1,1,,4,m,bf16\n1,g,prompt,q,0.5,4,8,1,1,,4,n,bf16\n"));
    }
}
