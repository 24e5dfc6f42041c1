package org.loopscope.plugin.compare;

import java.util.List;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;

/** The Compare panel. */
public final class CompareProvider implements PanelProvider {
    static final String ID = "compare";
    static final String TITLE = "Compare";

    static final String HELP = """
            What it shows. Two to four runs on one scale. The run that is shown is A; the others were ticked in the list of runs \
            at the bottom. A cell is a token and a loop, its bold text the most probable next token there. Pointing at a cell \
            frames its partners in all runs and tells the numbers of all; a click selects it for every panel. The orange frame \
            is the exit step of each run under the rule of the toolbar, replayed.

            Which tokens belong together. The tokens with which all runs begin, by index. After the first difference by index \
            too, counted from the start, or from the last given token (generated ones then follow by index); every card says \
            which. Loops: loop t with loop t, or the last with the last. A token or loop without partner is hatched: it is \
            missing, not zero.

            Difference to A. The run's value minus that of A, with the run's top-1 token: green (teal in the dark theme) where \
            it is larger, purple where it is smaller, the colour of the card where both are alike. The scale ends at the largest \
            difference, but never below 0.01, so that rounding does not look like an effect.

            Values. Probability of the run's own top-1 token (which may be another token than A's), of A's full-depth answer, or \
            of the token pinned last in the Logit lens; entropy and KL(full depth ‖ this loop) in nats; rank of the run's own final \
            answer; λ, p(t) and CDF of the exit gate. Between A and another run only: whether the top-1 token is the same, KL(p_A ‖ p_run) in \
            nats over the whole vocabulary, |h_run − h_A| / |h_A| and the cosine of the step outputs h.

            Figures of any panel. With another choice under “Figures of” the panel shows a figure of that panel for every run, as the             panel would show it at the selected place, and each run minus A below. Rows and columns that are tokens or loops are             matched as above, others by their label; lines of a chart by their name at equal x. Numbers are subtracted, named kinds             are the same or not; what only one run has is hatched or left out, and counted. The intervals of a figure are not             carried over to its difference. “Loop × layer” needs runs captured with layer states.

            Lines that coincide. A is drawn thinnest and on top, the last run widest, so that a line under another one is seen as \
            its border; the line above the chart says which runs are equal.

            How it misleads. Tokens at the same index need not play the same part: with prompts of different length look at \
            both ways of counting. Loop t of a run does not depend on its T, so runs that differ in T alone are equal up to the \
            smaller T, but for p(t) of a last loop, which takes what is left, and for what compares with full depth. \
            Coordinates of states mean the same only under the same weights: between two models distance and cosine say little. \
            Two precisions that differ show how sure the model was there, not which one is right. A difference of one pair of \
            prompts is one observation: the 95 % interval of a share is over tokens of this text, and none below 60 tokens.""";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return TITLE;
    }

    @Override
    public String summary() {
        return "Two to four runs side by side, with a linked cursor, and their differences.";
    }

    @Override
    public int order() {
        return 900;
    }

    @Override
    public String help() {
        return HELP;
    }

    @Override
    public boolean supports(Inspection inspection) {
        return true;
    }

    @Override
    public Panel create(PanelContext context) {
        return new ComparePanel(context);
    }

    /** None: one run alone has nothing to be compared with. */
    @Override
    public List<Figure> figures(PanelState state) {
        return List.of();
    }
}
