package org.loopscope.plugin.lens;

import java.util.List;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.profile.ProfileFigures;

/** The Logit lens panel. */
public final class LogitLensProvider implements PanelProvider {
    static final String HELP = """
            What it shows. One column for each input token, one row for each loop step. A cell holds the token that the \
            model would say next if it stopped there, and how probable that is. The orange frame is the step at which the \
            exit rule leaves. Click a cell to follow the probabilities of a few tokens at that position through the loops; the \
            token that the cell predicts is pinned: its line stays when you select another position.

            How it is computed. A looped model applies the same L layers T times: h(t) = RMSNorm(layers(h(t−1))), and \
            reads its answer from softmax(W_U · h(t)) (Zhu et al. 2025, arXiv:2510.25741, §3.1). The final norm is inside \
            the loop, so a step output goes through the unembedding W_U as it is; norming it again would be wrong. With \
            "Layers", the residual stream after every layer is normed once, then unembedded: the classic logit \
            lens (nostalgebraist 2020). Entropy is −Σ p ln p, KL is Σ p_T ln(p_T / p_t) against full depth, both in nats; the \
            rank counts from 1. A run of T steps holds every shallower run of the same text, so any row is what the model \
            would have answered at that depth.

            How it misleads. The prediction in a column is for the token after it, not for the token below it. In the \
            middle of a prompt the model may never have been trained to predict anything: the answers there are still \
            informative, but not errors. A token at probability 0.07 is "top-1" too: look at the shade, not only at the word. \
            Step outputs are what the model was trained to read; states inside a step were not, so a layer that says \
            nothing legible has not necessarily computed nothing. The lens reads what the unembedding can see, not all that \
            the state knows, and it shows correlation with the answer, not its cause.

            Pins. The pin of the last click makes way for the next one; Ctrl+click (or Shift+click) keeps it and adds \
            another. Clicking the selected cell again, the × of a token above the cells, or "Unpin all" lets go; Back (Alt+Left) \
            undoes a pin too. An entry of the legend and a prediction in the inspector pin and unpin as well.

            Keys. Arrow keys move the selection while the picture has the focus; Enter or Space pins the token of the \
            selected cell, or lets it go.""";

    static final String LAB_HELP = """
            Token groups. Words that count as one answer, as in “yes: yes Yes; no: no No”: the exact sum of the softmax over \
            the tokens of each group, not over the top few. A word stands for its token with and without a blank before it; \
            #12 is token 12. Along the layers they are read through the tuned lens while one is open; the title names the lens. Tokens that a group forgets are missing from its sum, and groups need not sum to 1.

            Prediction depth. The first depth from which on the top-1 prediction is that of the last depth (Belrose et al. \
            2023, arXiv:2303.08112, §5), counted over all tokens; the orange bar holds the selected token. It follows the \
            rows of the lens above. Top-1 is a hard cut: near ties move it, and it says nothing of how sure the model is.

            Tuned lens. An affine translator x + A x + b for each layer, trained on your text so that norm and unembedding \
            read from it what the last loop will say (Belrose et al. 2023); made by “Train lens” or loopscope train tuned-lens, \
            and refused on another model or in another precision, float32 and bf16-weights aside, which give the same results. The last layer of the last loop is never translated. It reads what can be decoded by a linear map, \
            not what the model would answer there: a lens that knows the answer early does not show that the model uses it.

            Attention. Maps of a layer's heads, computed again from the captured residual stream and the weights: softmax of \
            the rotated queries and keys, causal. Between loops: Frobenius norm of the difference, mean KL(A_t ‖ A_{t−1}), the \
            mean weight on the first token (sink share) and the mean row entropy (Blayney et al. 2026, arXiv:2604.11791). A \
            large weight moves little when its value vector is short: attention shows where a head looks, not what it takes.""";

    @Override
    public String id() {
        return "logit-lens";
    }

    @Override
    public String title() {
        return "Logit lens";
    }

    @Override
    public String summary() {
        return "What every loop step, or every layer of it, would answer after each token.";
    }

    @Override
    public int order() {
        return 100;
    }

    @Override
    public String help() {
        return HELP + "\n\n" + LAB_HELP + "\n\n" + ProfileFigures.HELP;
    }

    @Override
    public boolean supports(Inspection inspection) {
        return true;
    }

    @Override
    public Panel create(PanelContext context) {
        return new LogitLensPanel(context);
    }

    @Override
    public List<Figure> figures(PanelState state) {
        return LensFigures.all(state);
    }
}
