package org.loopscope.analysis.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.model.tokenizer.Tokenizer;

class GroupsAndDepthTest {
    private static float ln(double p) {
        return (float) Math.log(p);
    }

    @Test
    void aGroupIsTheSumOverItsTokensWhereverTheyRank() {
        Capture capture = TinyCaptures.oneToken(
                new float[] {ln(0.6), ln(0.3), ln(0.08), ln(0.02)}, new float[] {ln(0.1), ln(0.2), ln(0.3), ln(0.4)});
        GroupTrajectories groups = GroupTrajectories.of(
                capture,
                Matrix.identity(4),
                List.of(0),
                List.of(new TokenGroup("low", List.of(2, 3, 3)), new TokenGroup("all", List.of(0, 1, 2, 3))),
                false,
                RunControl.none());
        assertEquals(0.1, groups.probability(0, 0, 0), 1e-7);
        assertEquals(0.7, groups.probability(0, 0, 1), 1e-7);
        assertEquals(1, groups.probability(0, 1, 1), 1e-7);
        assertEquals(4, groups.toTable().rowCount());
        assertEquals(2, groups.toTable().intColumn("tokens").get(0));
    }

    @Test
    void insideAStepTheFinalNormIsAppliedOnce() {
        Capture capture = TinyCaptures.random(3, 4, 4, 2, 2, 1);
        Matrix unembedding = Matrix.identity(4);
        TokenGroup first = new TokenGroup("first", List.of(0));
        GroupTrajectories layers =
                GroupTrajectories.of(capture, unembedding, List.of(0), List.of(first), true, RunControl.none());
        GroupTrajectories steps =
                GroupTrajectories.of(capture, unembedding, List.of(0), List.of(first), false, RunControl.none());
        assertEquals(4, layers.rows().size());
        assertEquals(steps.probability(0, 0, 1), layers.probability(0, 0, 3), 1e-6); // last layer, normed = step output
    }

    @Test
    void groupsAreReadFromWordsAndIds() throws LoopscopeException {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            Optional<Tokenizer> tokenizer = model.tokenizer();
            List<TokenGroup> groups = TokenGroup.parse("men: Dan, Bob; Sue #3", tokenizer, 57);
            assertEquals(
                    List.of("men", "Sue #3"),
                    groups.stream().map(TokenGroup::name).toList());
            assertEquals(2, groups.get(0).ids().size());
            assertEquals(
                    "Dan", tokenizer.orElseThrow().tokenText(groups.get(0).ids().get(0)));
            assertEquals(3, groups.get(1).ids().get(1));
            assertEquals(
                    "Groups: expected token ids #0 to #56, found #57.",
                    assertThrows(LoopscopeException.class, () -> TokenGroup.parse("#57", tokenizer, 57))
                            .getMessage());
            assertEquals(
                    "Groups: expected words that are one token, found “Dan's”, which is not; give the tokens that it"
                            + " begins with.",
                    assertThrows(LoopscopeException.class, () -> TokenGroup.parse("Dan's", tokenizer, 57))
                            .getMessage());
        }
        assertEquals(
                "Groups: expected words such as “yes: yes Yes; no: no No”, found none.",
                assertThrows(LoopscopeException.class, () -> TokenGroup.parse(" ; a:", Optional.empty(), 5))
                        .getMessage());
        assertEquals(
                "Groups: the model has no tokenizer, so expected token ids such as #12, found “yes”.",
                assertThrows(LoopscopeException.class, () -> TokenGroup.parse("yes", Optional.empty(), 5))
                        .getMessage());
    }

    @Test
    void predictionDepthIsTheFirstRowFromWhichTheAnswerStays() {
        // Top-1 by step: 0, 1, 0, 0 (settles at row 2) and 1, 1, 1, 1 (from the start).
        float[][] hidden = {{9, 0, 0, 9}, {0, 9, 0, 9}, {9, 0, 0, 9}, {9, 0, 0, 9}};
        Capture capture = TinyCaptures.capture(2, 2, new float[4][2], hidden);
        PredictionDepth depth = PredictionDepth.of(LogitLens.steps(capture, Matrix.identity(2), 1, RunControl.none()));
        assertEquals(2, depth.row(0));
        assertEquals(0, depth.row(1));
        assertArrayEquals(new int[] {1, 0, 1, 0}, depth.histogram());
        assertEquals(3, depth.toTable().intColumn("step").get(0));
    }
}
