package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.open.Models;

/** What the details of a run say of its generated text. */
class GenerationFactsTest {
    private static final float HIGH = 9; // λ about 0.9999: leaves here with q 0.5
    private static final float LOW = -9;

    /** One given token and four generated ones, whose capture leaves at steps 1, 2, 2 and 3 of 3 with q:0.5. */
    private static Capture made(RunOptions options, GenerationReport report) throws LoopscopeException {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            float[][] gates = {
                {LOW, HIGH, LOW, LOW, LOW},
                {LOW, LOW, HIGH, HIGH, LOW},
                {LOW, LOW, LOW, LOW, LOW},
            };
            float[][] hidden = new float[3][5 * model.config().hiddenSize()];
            List<String> texts = IntStream.range(0, 5).mapToObj(i -> "t" + i).toList();
            return new Capture.Builder(model.info(), model.config(), options)
                    .tokens(new int[] {1, 2, 3, 4, 5}, texts, 1)
                    .states(gates, hidden)
                    .generationExitSteps(new int[] {3, 1, 2, 2})
                    .timing(Instant.EPOCH, 640)
                    .generationReport(report)
                    .build();
        }
    }

    private static RunOptions options(ExitRule rule, Decoding decoding) {
        return RunOptions.steps(3).withGenerate(4).withExitRule(rule).withDecoding(decoding);
    }

    private static String text(List<GenerationFacts.Fact> facts) {
        return facts.stream().map(fact -> fact.name() + ": " + fact.text()).collect(Collectors.joining("\n"));
    }

    @Test
    void skippedLoopsTellReplayedAndRegeneratedExitsApart() throws LoopscopeException {
        var gates = List.of(List.of(9.0), List.of(-9.0, 9.0), List.of(-9.0, -9.0, 1.0), List.of(-9.0, -9.0, 1.0));
        var report = new GenerationReport.SkippedLoops(new GenerationReport.Cost(9, 10, 12, 50), gates, true, 1);
        Capture capture = made(options(ExitRule.q(0.5), Decoding.skipLoops()), report);
        // Regenerated 1 2 3 3, replayed 1 2 2 3: three of four the same.
        assertEquals("""
                Decoding: skip loops, rule q:0.5, KV full, greedy
                Loops: 9 run where full depth takes 12 (75 %), in 10 passes; mean 2.25 a token
                Time: 50 ms for 4 tokens, 12.5 ms a token, without the prompt
                Regenerated: left at 1 2 3 3 while generating
                Replayed: would leave at 1 2 2 3 on the states of this run, those of one full-depth pass over the text
                Same step: 3 of 4 (75 %) replayed as regenerated
                Departs: 1 of 4 (25 %) are not full depth's first choice there""", text(GenerationFacts.of(capture, ExitAnalysis.of(capture), ExitRule.q(0.5))));
    }

    @Test
    void anotherRuleThanTheOneThatWroteTheTextIsSaidToBeReplayed() throws LoopscopeException {
        var report = new GenerationReport.DraftedTokens(new GenerationReport.Cost(14, 9, 12, 40), 2, 5, 3);
        Capture capture = made(options(ExitRule.full(), Decoding.draftAndVerify(1, 3)), report);
        String text = text(GenerationFacts.of(capture, ExitAnalysis.of(capture), ExitRule.q(0.7)));
        // Wilson of 3/5 is 23 to 88 %.
        assertTrue(text.contains("Drafts: 3 of 5 (60 %) accepted, in 2 rounds"), text);
        assertTrue(text.contains("draft & verify (step 1, up to 3 tokens a round), rule full"), text);
        assertTrue(
                text.endsWith("Shown now: exit steps of q:0.7 are replayed on this text, which full wrote. Another rule"
                        + " may write another text: run again to regenerate it."),
                text);
    }

    @Test
    void everyLoopRunsSaySoAndRunsWithoutGeneratedTokensSayNothing() throws LoopscopeException {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode("people Ann's friend is");
            RunOptions options =
                    new RunOptions(4, false, 2, ExitRule.fixed(2), KvPolicy.FULL, new Sampling(1, 0.5, 3), Set.of());
            Capture capture = model.run(ids, options, RunControl.none());
            String text = text(GenerationFacts.of(capture, ExitAnalysis.of(capture), ExitRule.fixed(2)));
            assertTrue(
                    text.startsWith("Decoding: every loop, rule fixed:2, KV full, temperature 1.0, top-p 0.5, seed 3\n"
                            + "Loops: all 8 run for 2 tokens; nothing was skipped\n"),
                    text);
            assertTrue(text.endsWith("Read at: 2 2 (the step whose logits gave each token)"), text);
            Capture plain = model.run(ids, RunOptions.steps(4), RunControl.none());
            assertEquals(List.of(), GenerationFacts.of(plain, ExitAnalysis.of(plain), ExitRule.full()));
        }
    }
}
