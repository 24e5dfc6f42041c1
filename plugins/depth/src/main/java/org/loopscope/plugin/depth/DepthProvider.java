package org.loopscope.plugin.depth;

import java.util.ArrayList;
import java.util.List;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.figure.DepthFigures;
import org.loopscope.plugin.figure.DepthFigures.Curves;

/** The Depth panel. */
public final class DepthProvider implements PanelProvider {
    static final String HELP = """
            What every number of loops would say and cost. One run of T loops answers every smaller T for the same text: loop \
            t of a token attends to loop t of earlier tokens only, so h_1..h_t do not depend on how many loops follow. The \
            grey region is outside training: more loops than the checkpoint was trained with.

            Quality: the share of answers that are right (every token of the answer the most probable one, read with the \
            answer before it given), or, without answers, of tokens whose most probable prediction is the next one of the \
            text; and the share of tokens whose most probable prediction is that of the trained T, and of the last step of \
            this run. Probability: mean probability of the text's next token and of the most probable one. Entropy and \
            change: mean entropy and KL(p_t ‖ p_(t−1)), in nats. Bands are 95 % intervals over prompts, none below 8 (shares of \
            prompts: Wilson's); of one run over its tokens, which depend on each other, and none below 60.

            Gate: λ_t, and the probability of reaching step t, Π (1 − λ_j) over j < t, which is p(t) of a run that ends \
            there. A run that ends at T does not read λ_T. So the λ of the trained T was no part of what its training \
            optimised, and those after it were never trained: the grey region begins one step earlier.

            Arithmetic: multiplications and additions of one token through t loops and one unembedding, counted from the \
            shapes. It is not a time.

            Drafts: how often the most probable token of an early step s is that of step T, which is when full depth accepts \
            it as a greedy draft (Zhu et al. 2025, arXiv:2510.25741, §7.3). Dashed: accepted tokens of a block of k before \
            the first rejection, as a share of k. The CSV has the estimated speed-up in passes through the layers, \
            T (a + 1) / ((k + 1) s + (T − s)) for a accepted of k, which assumes that a pass of k + 1 tokens costs as much \
            as a pass of one. Sampled: the mean over tokens of Σ_v min(p_s(v), p_T(v)), at the run's temperature (1 for a \
            greedy run and for sets) and before top-p, is the probability α that a token sampled from step s is accepted \
            (speculative sampling, Leviathan et al. 2023, arXiv:2211.17192, §3.2). One verification of k drafts then gives \
            (1 − α^(k+1)) / (1 − α) tokens, if acceptances were independent and equally likely everywhere; they are not.

            How it misleads. The trained T and the last step agree with themselves by definition: the line ends at 1 whatever \
            the model does. Agreement is not being right. The text is given: with other loops the model would have written \
            another text, and errors would add up. The bands of one run say how much the mean moves along this \
            text, not how another text would do. Choosing T on a set and reporting the accuracy of the same set flatters. A drop outside training says \
            nothing about a model that was trained there.""";

    @Override
    public String id() {
        return "depth";
    }

    @Override
    public String title() {
        return "Depth";
    }

    @Override
    public String summary() {
        return "What every number of loops would say and cost, within training and beyond, for a run or a prompt set.";
    }

    @Override
    public int order() {
        return 500;
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
        return new DepthPanel(context);
    }

    @Override
    public List<Figure> figures(PanelState state) {
        Inspection inspection = state.inspection();
        DepthCurve curve = DepthCurve.ofRun(inspection.lens());
        List<Figure> figures = new ArrayList<>();
        for (Curves which : Curves.values()) {
            figures.add(DepthFigures.curve(curve, which));
        }
        if (inspection.capture().steps() > 1) {
            figures.add(RunFigures.draft(inspection, DepthViewModel.BLOCK));
        }
        figures.add(RunFigures.token(inspection, state.selection().position()));
        return figures;
    }
}
