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
import org.loopscope.plugin.depth.DepthFigures.Curves;

/** The Depth panel. */
public final class DepthProvider implements PanelProvider {
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
        return new DepthLab().help();
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
            figures.add(RunFigures.draft(inspection, DepthLab.USUAL_BLOCK));
        }
        figures.add(RunFigures.token(inspection, state.selection().position()));
        return figures;
    }
}
