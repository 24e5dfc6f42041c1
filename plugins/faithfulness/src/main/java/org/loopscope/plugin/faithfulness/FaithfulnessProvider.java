package org.loopscope.plugin.faithfulness;

import java.util.List;
import org.loopscope.analysis.agreement.AgreementMatrix;
import org.loopscope.analysis.agreement.AnswerFlips;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.lab.GuideText;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;

/** The Faithfulness panel. */
public final class FaithfulnessProvider implements PanelProvider {
    static final String HELP = """
            The question. If a model reasons in its loops, later steps must be able to change the answer; if the answer \
            stands after the first step, the rest is decoration. This panel shows when answers change and when they stop. \
            The upper part observes; the cards below it intervene. An answer that changes shows that a step had influence on it, not that \
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
            agree while the distribution moves a lot; the lens shows which. Tokens of one prompt depend on each other: below 60 of \
            them there is no interval, and a prompt of ten tokens supports no general claim. In the middle of a \
            prompt the model may be asked for a token that it was never trained to predict.""";

    static final String LAB_HELP = """
            These cards run the open model; what they show is not part of the run that was captured.

            Which state carries the answer over. One state of the run that is shown is replaced by that of the other prompt \
            at the same loop and token, everything after it is computed from there, and the log-probability of the other \
            prompt's answer is read at the last token and the last loop. Recovery share = (log p − log p of this run) / \
            (log p of the other prompt − log p of this run): 0 nothing moved, 1 all of it (Zhang and Nanda 2023, \
            arXiv:2309.16042). With the other sources a state of the run that is shown is skipped, zeroed, disturbed or \
            replaced by the mean, and the colour is the share of the gap that is lost. The last loop at the last token is \
            the answer itself, all other tokens of the last loop do nothing: both are in the picture as a check.

            Effect of one state by step. Patching as above for every pair of a set, every loop and every token; the mean \
            recovery share of the tokens that differ, of those between and of the last one, a pair counted once, with its 95 % \
            interval over pairs, none below 8. Pairs whose clean run does not make the answer twice as probable are left out and counted.

            Rows of a set go to a file as they come. A set that was stopped goes on where it was, here or with the command \
            loopscope probe.

            How they mislead. A probe shows what can be read, not what is used; patching shows what was used here, for \
            these two prompts. A state put where the model never saw it may do what no prompt does. Many cells of small \
            effect can carry together what none carries alone. The guide's page "Faithfulness lab" tells more.""";

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
        return "How far loop steps agree, when answers stop changing, what states hold and what they do.";
    }

    @Override
    public int order() {
        return 300;
    }

    @Override
    public String help() {
        return HELP + "\n\n" + LAB_HELP + "\n\n" + GuideText.page("faithfulness-lab");
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
