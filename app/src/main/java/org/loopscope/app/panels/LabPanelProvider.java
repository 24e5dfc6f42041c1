package org.loopscope.app.panels;

import java.util.List;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.lab.Lab;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.card.LabView;

/** The panel of a lab that has none of its own: what it draws of the run that is shown, and the bar and cards of sets. */
public final class LabPanelProvider implements PanelProvider {
    private static final int ORDER = 5000;

    private final Lab lab;

    LabPanelProvider(Lab lab) {
        this.lab = lab;
    }

    @Override
    public String id() {
        return lab.id();
    }

    @Override
    public String title() {
        return lab.title();
    }

    @Override
    public String summary() {
        return lab.summary();
    }

    @Override
    public int order() {
        return ORDER;
    }

    @Override
    public String help() {
        return lab.help();
    }

    @Override
    public boolean supports(Inspection inspection) {
        return true;
    }

    @Override
    public Panel create(PanelContext context) {
        return new LabView(lab, context);
    }

    @Override
    public List<Figure> figures(PanelState state) {
        return LabView.figures(lab, state.inspection(), state.rule());
    }
}
