package org.loopscope.plugin.eval;

import java.util.List;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Lab;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.card.LabView;

/** The Evaluate panel: a tab for each lab that judges a model by the text that should follow. */
public final class EvalProvider implements PanelProvider {
    static final List<Lab> LABS = List.of(new LossLab(), new ChoiceLab(), new AnswersLab());

    @Override
    public String id() {
        return "evaluate";
    }

    @Override
    public String title() {
        return "Evaluate";
    }

    @Override
    public String summary() {
        return "Loss of texts and answers, multiple choice and generated answers, by loop and by exit rule; tokens that get worse with depth.";
    }

    @Override
    public int order() {
        return 550;
    }

    @Override
    public String help() {
        return GuideText.page("evaluate-lab");
    }

    @Override
    public boolean supports(Inspection inspection) {
        return true;
    }

    @Override
    public Panel create(PanelContext context) {
        return new EvalPanel(context);
    }

    @Override
    public List<Figure> figures(PanelState state) {
        return LABS.stream()
                .flatMap(lab -> LabView.figures(lab, state.inspection(), state.rule()).stream())
                .toList();
    }
}
