package org.loopscope.plugin.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.loopscope.analysis.geometry.EffectiveRank;
import org.loopscope.analysis.geometry.LongRun;
import org.loopscope.analysis.geometry.MotionClassifier;
import org.loopscope.analysis.geometry.Orbits;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.model.Capture;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.profile.ProfileFigures;

/** The Geometry panel. */
public final class GeometryProvider implements PanelProvider {
    /** Tokens whose orbits the report shows. */
    private static final int REPORTED = 5;

    static final String HELP = """
            How states move. With Δ_t = h_t − h_{t−1} on the step outputs h_t (after the final norm): step size ‖Δ_t‖, relative \
            step ‖Δ_t‖ / ‖h_{t−1}‖, angular distance arccos(cos(h_t, h_{t−1})) / π (0 same direction, 0.5 orthogonal), direction \
            of updates cos(Δ_t, Δ_{t−1}) (1 straight on, below 0 back), relative acceleration ‖Δ_t − Δ_{t−1}‖ / (‖Δ_t‖ + \
            ‖Δ_{t−1}‖) (Pappone et al. 2025, arXiv:2509.23314). With “Layers” the residual stream after each layer is \
            compared with the one before it, before the final norm. Step 1 has no earlier output: hatched.

            All tokens by step. Effective rank: exp of the entropy of the normalised singular values of the states of all \
            tokens (Roy and Vetterli 2007), each state scaled to RMS 1, the mean left in. Beside it the median norm and the \
            median entropy of the lens. All relative to loop 1, so that they share an axis; the CSV has the values.

            Orbits. One PCA (mean taken out) fitted to all states shown, together, so that paths can be compared; coloured \
            by loop, lighter for other tokens than the selected one. Both axes span the same length. The share of the \
            variance that each axis explains is in the subtitle.

            What tokens do in the end. “Run 64 loops” runs the same tokens again for 64 loops. With the last w = max(6, T/4) \
            updates: settles, if every ‖Δ_t‖ / ‖h_t‖ < 0.03; cycles with period k, if the median ‖h_t − h_{t−k}‖ is at \
            most half the median ‖Δ_t‖ for some k from 2 to w/2; drifts, if ‖h_T − h_{T−w}‖ is at least half the path \
            Σ‖Δ_t‖; else wanders. Fewer than 8 loops are too few to tell. The thresholds are ours; the hover gives the \
            numbers behind the class.

            How it misleads. The final norm fixes most of the length of h_t: its norm says little, angles say more. A small \
            step can change the answer and a large one leave it: compare with the lens. Two axes of many: a path that \
            looks closed may be open in the others, and with few points PCA explains much of any data. The class looks at \
            the last loops only: a slow drift passes for settled, a long cycle for wandering or drifting. Everything beyond the \
            trained T is extrapolation, and so is the end of a long run. Tokens of one prompt depend on each other: the \
            95 % intervals allow for that, and below 60 tokens there are none.""";

    @Override
    public String id() {
        return "geometry";
    }

    @Override
    public String title() {
        return "Geometry";
    }

    @Override
    public String summary() {
        return "How far and in which direction the states move from loop to loop, and whether they settle.";
    }

    @Override
    public int order() {
        return 400;
    }

    @Override
    public String help() {
        return HELP + "\n\n" + ProfileFigures.HELP;
    }

    @Override
    public boolean supports(Inspection inspection) {
        return inspection.capture().steps() > 1;
    }

    @Override
    public Panel create(PanelContext context) {
        return new GeometryPanel(context);
    }

    @Override
    public List<Figure> figures(PanelState state) {
        Inspection inspection = state.inspection();
        Capture capture = inspection.capture();
        int position = state.selection().position();
        int step = state.selection().step();
        List<Integer> tokens = IntStream.rangeClosed(Math.max(0, position - REPORTED + 1), position)
                .boxed()
                .toList();
        double[] ranks = EffectiveRank.ofSteps(capture, RunControl.none());
        List<Figure> figures = new ArrayList<>(List.of(
                MapFigure.of(inspection, Optional.empty(), GeometryValue.RELATIVE_STEP, position, step),
                CurveFigures.token(inspection, position, step),
                OrbitFigure.of(
                        inspection,
                        Orbits.of(capture, tokens, capture.hasLayerStates(), RunControl.none()),
                        position,
                        1),
                CurveFigures.summary(inspection, ranks, EffectiveRank.tokensOf(capture.length()), step)));
        if (capture.steps() >= MotionClassifier.MIN_STEPS) {
            LongRun run = LongRun.of(capture);
            figures.add(MotionFigure.of(run, position));
            figures.add(CurveFigures.distance(run, position, step));
        }
        return figures;
    }
}
