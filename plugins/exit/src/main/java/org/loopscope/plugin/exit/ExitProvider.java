package org.loopscope.plugin.exit;

import java.util.List;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.figure.TokenExitFigure;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;

/** The Exit panel. */
public final class ExitProvider implements PanelProvider {
    static final String HELP = TokenExitFigure.HELP + """


            Exit step of every token. Each column is filled up to the step at which the rule leaves; the number in a cell is \
            the CDF there, or what the rule compares. A dashed frame marks where the token would leave at q − 0.05 or q + 0.05: such tokens hang on the \
            exact threshold. "Same token as full depth" counts tokens whose top-1 prediction at the exit is that of step T, \
            with a 95 % interval that allows for tokens that depend on those before them; below 60 tokens there is none.

            What is saved. "% fewer" is 1 − mean exit step / T, the loops not run if leaving cost nothing. It is nominal: a \
            real decoder must fill the KV cache that later tokens attend to (Zhu et al. 2025, §5.4.2), and the first text shown \
            here was computed at full depth. Moving q re-applies the rule to the captured gates; nothing is run again, and \
            for text that was generated at another threshold a new run would write other words.

            Full depth and fixed step ignore the gate: the token's distribution is still shown, without threshold. So do the \
            rules that read predictions (entropy, maximum probability, margin, KL to the step before, top-1 unchanged) and \
            those that read states (relative difference, acceleration); each has a slider scale of its own, δ is 5 % of it.""";

    @Override
    public String id() {
        return "exit";
    }

    @Override
    public String title() {
        return "Exit";
    }

    @Override
    public String summary() {
        return "When each token leaves the loop, how sure the gate is, and what that saves.";
    }

    @Override
    public int order() {
        return 200;
    }

    @Override
    public String help() {
        return HELP + "\n\n" + new SweepLab().help() + "\n\n" + GateFigures.HELP + "\n\n" + WeightedFigure.HELP;
    }

    @Override
    public boolean supports(Inspection inspection) {
        return true;
    }

    @Override
    public Panel create(PanelContext context) {
        return new ExitPanel(context);
    }

    @Override
    public List<Figure> figures(PanelState state) {
        return ExitFigures.all(state.inspection(), state.selection().position(), state.rule());
    }
}
