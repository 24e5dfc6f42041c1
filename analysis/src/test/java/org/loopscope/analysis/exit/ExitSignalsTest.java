package org.loopscope.analysis.exit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.Prediction;
import org.loopscope.model.exit.StepSignals;
import org.loopscope.model.open.Models;

class ExitSignalsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void theLensKeepsWhatOnePredictionAfterTheOtherGives(int vocab) {
        Capture capture = TinyCaptures.random(4, vocab, 3, 1, 4, 6);
        Unembedding unembedding = TinyCaptures.Matrix.random(5, vocab, 3);
        LensGrid lens = LogitLens.steps(capture, unembedding, 1, RunControl.none());
        ExitSignals signals = ExitSignals.of(capture, lens);
        for (int p = 0; p < capture.length(); p++) {
            StepSignals token = signals.at(p);
            Prediction before = Prediction.of(0);
            for (int t = 1; t <= 4; t++) {
                float[] logits = new float[vocab];
                unembedding.logits(capture.hiddenState(t, p), 1, logits);
                Prediction now = Prediction.of(logits);
                assertEquals((float) now.entropy(), token.entropy(t));
                assertEquals((float) now.margin(), token.margin(t));
                assertEquals(now.top1(), token.top1(t));
                assertEquals(Math.exp((float) now.maxLogProbability()), token.maxProbability(t));
                assertEquals(t == 1 ? Float.NaN : (float) now.klFrom(before), token.kl(t));
                before = now;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "entropy:1.0",
                "max-prob:0.9",
                "margin:0.5",
                "kl:0.05",
                "same-top1:1",
                "state-diff:0.9",
                "accel:0.6",
                "state-cosine:0.3",
                "entropy-diff:0.2",
                "contraction:2",
                "q:0.3+min-steps=3",
                "kl:0.5+patience=2",
                "any(all(entropy:2.5,max-prob:0.2),contraction:2)+min-steps=2"
            })
    void replayedOnTheCaptureARuleLeavesWhereItLeftWhileGenerating(String text) throws LoopscopeException {
        ExitRule rule = ExitRule.parse(text);
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            int[] ids = model.tokenizer().orElseThrow().encode("people Ann's friend's boss is");
            Capture capture =
                    model.run(ids, RunOptions.steps(4).withGenerate(12).withExitRule(rule), RunControl.none());
            LensGrid lens = LogitLens.steps(capture, model.unembedding(), Optional.empty(), 1, RunControl.none());
            ExitAnalysis exits = ExitAnalysis.of(capture, lens);
            for (int p = capture.promptLength(); p < capture.length(); p++) {
                assertEquals(capture.generationExitStep(p), exits.exitStep(rule, p - 1), "token " + p);
            }
        }
    }
}
