package org.loopscope.plugin.faithfulness;

import java.util.List;
import org.loopscope.analysis.Inspection;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.agreement.AnswerFlips;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.figure.Figure;

/** The Faithfulness panel. */
public final class FaithfulnessProvider implements PanelProvider {
    static final String HELP = """
            The question. If a model reasons in its loops, later steps must be able to change the answer; if the answer \
            stands after the first step, the rest is decoration. This panel shows when answers change and when they stop. \
            It observes; it does not intervene. An answer that changes shows that a step had influence on it, not that \
            the step reasoned.

            Agreement of loop steps. A[i,j] is the number of tokens for which steps i and j have the same most probable \
            next token, out of n (Zhu et al. 2025, arXiv:2510.25741, §7.2, use 1,000 yes-or-no questions; here the items are \
            the tokens of the run). Expected agreement is p_e = Σ over labels of share_i × share_j, and Cohen's κ = \
            (p_o − p_e) / (1 − p_e): 1 is full agreement, 0 is what chance gives, below 0 is less.

            Label marginals. A step that nearly always says the same word agrees with every other such step. With two \
            labels, low agreement can come from one step saying nearly always yes and another nearly always no. So read \
            the matrix together with the marginals, and κ rather than the share. When both steps only ever say one label, κ \
            is undefined and is written so.

            When the answer settles. The first stable step (prediction depth) of a token is the first step from which on \
            its top-1 prediction is that of full depth. Compare it with the exit step: leaving before it changes the answer, \
            staying long after it wastes loops.

            How it misleads. Top-1 is a hard cut: two steps may differ in the answer and hardly in the probabilities, or \
            agree while the distribution moves a lot; the lens shows which. Tokens of one prompt are not independent, so the \
            95 % intervals (Wilson) are too narrow, and a prompt of ten tokens supports no general claim. In the middle of a \
            prompt the model may be asked for a token that it was never trained to predict.""";

    @Override
    public String id() {
        return "faithfulness";
    }

    @Override
    public String title() {
        return "Faithfulness";
    }

    @Override
    public String summary() {
        return "How far loop steps agree, and when each token's answer stops changing.";
    }

    @Override
    public int order() {
        return 300;
    }

    @Override
    public String help() {
        return HELP;
    }

    @Override
    public boolean supports(Inspection inspection) {
        return inspection.capture().steps() > 1;
    }

    @Override
    public Panel create(PanelContext context) {
        return new FaithfulnessPanel(context);
    }

    @Override
    public List<Figure> figures(PanelState state) {
        Inspection inspection = state.inspection();
        AgreementMatrix agreement = AgreementMatrix.of(inspection.lens());
        AnswerFlips flips = AnswerFlips.of(inspection.lens());
        return List.of(
                AgreementFigures.matrix(inspection, agreement, state.selection().step()),
                new MarginalsFigure(agreement, inspection.capture().model().computeDtype()),
                FlipFigures.timeline(
                        inspection,
                        flips,
                        state.selection().position(),
                        state.selection().step()));
    }
}
