package org.loopscope.analysis.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.analysis.exit.RuleBand;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import tech.tablesaw.api.Table;

class ExitTablesTest {
    /**
     * Tokens a, b, a, three steps; logits are the states. Gates of token 0: 1/2, 1/2, so its CDF is 0.5, 0.75, 1; token 1
     * opens at once, token 2 never. Predictions: token 0: a b b, token 1: b b a, token 2: a a a.
     */
    private final Inspection inspection = Inspection.of(
            TinyCaptures.capture(2, 2, new float[][] {{0, 20, -20}, {0, 0, -20}, {0, 0, 0}}, new float[][] {
                {1, 0, 0, 1, 1, 0}, {0, 1, 0, 1, 1, 0}, {0, 1, 1, 0, 1, 0}
            }),
            Matrix.identity(2),
            2,
            RunControl.none());

    @Test
    void stepsHoldTheOraclesAndWhatEachStepPredicts() {
        Table table = ExitTables.steps(inspection, ExitRule.q(0.6));
        assertEquals(9, table.rowCount());
        assertEquals(
                List.of("exit_step", "top1", "first_agreeing", "first_right", "rule"),
                table.columnNames().subList(8, 13));
        assertEquals(
                List.of(2, 2, 2, 1, 1, 1, 3, 3, 3), table.intColumn("exit_step").asList());
        // Full depth says b, a, a: first said at 2, 3, 1. The text goes on with b, a: first said at 2, 3; nothing
        // follows.
        assertEquals(
                List.of(2, 2, 2, 3, 3, 3, 1, 1, 1),
                table.intColumn("first_agreeing").asList());
        assertEquals(
                List.of(2, 2, 2, 3, 3, 3),
                table.intColumn("first_right").asList().subList(0, 6));
        assertEquals(3, table.intColumn("first_right").countMissing());
        List<String> top1 = table.stringColumn("top1").asList();
        assertEquals(top1.get(1), top1.get(2));
        assertTrue(!top1.get(0).equals(top1.get(1)));
        assertEquals("q:0.6", table.stringColumn("rule").get(8));
    }

    @Test
    void signalsAreThoseThatTheRulesCompare() {
        Table table = ExitTables.signals(inspection);
        assertEquals(9, table.rowCount());
        assertEquals(0.75, table.doubleColumn("cdf").get(1), 1e-12);
        double p = 1 / (1 + Math.exp(-1)); // of the larger of the logits 1 and 0
        assertEquals(p, table.doubleColumn("max_probability").get(0), 1e-6);
        assertEquals(2 * p - 1, table.doubleColumn("margin").get(0), 1e-6);
        assertEquals(
                -p * Math.log(p) - (1 - p) * Math.log(1 - p),
                table.doubleColumn("entropy").get(0),
                1e-6);
        // KL between (p, 1 - p) and (1 - p, p): (2p - 1) ln(p / (1 - p)), whose logarithm is 1.
        assertEquals(2 * p - 1, table.doubleColumn("kl_to_previous").get(1), 1e-6);
        assertEquals(Math.sqrt(2), table.doubleColumn("state_difference").get(1), 1e-6);
        assertEquals(1, table.doubleColumn("acceleration").get(2), 1e-6);
        assertEquals(
                List.of(0, 0, 1, 0, 1, 0, 0, 1, 2), table.intColumn("same_top1").asList());
        assertTrue(table.doubleColumn("kl_to_previous").isMissing(3), "no step before the first");
    }

    @Test
    void flipsTellBothEndsAndWhatIsReadThere() {
        ExitRule rule = ExitRule.q(0.5);
        RuleBand band = RuleBand.around(rule, 0.0625, 3, 2).orElseThrow();
        Table table = ExitTables.flips(inspection, rule, band);
        assertEquals(List.of(0), table.intColumn("position").asList()); // CDF 0.5: step 1 up to q = 0.5, step 2 above
        assertEquals(1, table.intColumn("exit_step").get(0));
        assertEquals(1, table.intColumn("exit_low").get(0));
        assertEquals(2, table.intColumn("exit_high").get(0));
        assertEquals(
                table.stringColumn("top1").get(0),
                table.stringColumn("top1_low").get(0));
        assertTrue(!table.stringColumn("top1")
                .get(0)
                .equals(table.stringColumn("top1_high").get(0)));
        assertEquals(0.4375, table.doubleColumn("low").get(0));
        assertEquals(0.5, table.doubleColumn("threshold").get(0));
        assertEquals(0.5625, table.doubleColumn("high").get(0));
        RuleBand none = RuleBand.around(ExitRule.q(0.9), 0.05, 3, 2).orElseThrow();
        assertEquals(0, ExitTables.flips(inspection, ExitRule.q(0.9), none).rowCount());
    }

    @Test
    void theSummaryCountsWhatTheRuleTheOraclesAndTheGateDo() {
        Table table = ExitTables.summary(inspection, ExitRule.q(0.6));
        assertEquals(
                List.of(
                        "mean_exit_step",
                        "saved_fraction",
                        "agreement",
                        "oracle_mean_step",
                        "ever_right",
                        "first_right_mean_step",
                        "lambda_above_ideal",
                        "calibration_error",
                        "next_calibration_error",
                        "saturated_bfloat16",
                        "saturated_float16",
                        "saturated_float32"),
                table.stringColumn("quantity").asList());
        assertEquals(2, value(table, 0), 1e-15); // steps 2, 1, 3
        assertEquals(1 / 3.0, value(table, 1), 1e-15);
        assertEquals(2 / 3.0, value(table, 2), 1e-15);
        assertTrue(table.doubleColumn("low").isMissing(2), "three tokens are no sample");
        assertEquals(2, value(table, 3), 1e-15); // 2, 3, 1
        assertEquals(1, value(table, 4)); // both tokens that another follows
        assertEquals(2.5, value(table, 5), 1e-15); // 2, 3
        // Gates before step 3 of the tokens that another follows: 1/2, 1/2, 1, 1/2.
        assertEquals(0.25, value(table, 6), 1e-15);
        assertEquals(
                List.of(3, 3, 3, 3, 2, 2, 4, 4, 4, 4, 4, 4),
                table.intColumn("n").asList());
        assertEquals(1, value(table, 9));
        assertEquals(1, value(table, 11)); // 20 > 17.33
        assertTrue(table.doubleColumn("low").isMissing(0));
    }

    private static double value(Table table, int row) {
        return table.doubleColumn("value").get(row);
    }
}
