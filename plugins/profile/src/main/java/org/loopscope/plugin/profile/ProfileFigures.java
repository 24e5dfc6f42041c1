package org.loopscope.plugin.profile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.profile.Profile;
import org.loopscope.analysis.profile.ProfileValue;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.DepthChart;

/** How states move and what the lens reads at every place of the depth, over a prompt set. */
public final class ProfileFigures {
    /** What it means, for the help of panels that show it. */
    public static final String HELP = """
            Over a set of prompts. One run a prompt, its answer given behind it. A value is averaged over the tokens of a prompt, \
            those that predict the prompt apart from those that predict the answer, and then over prompts, each counting once; \
            band: 95 % interval over prompts, none below 8. “Settled” is the \
            share of tokens whose top-1 no longer changes from here on; “settles”, “cycles” and “drifts” at a step are of a run \
            that ends there. It misleads where a mean hides that some prompts differ: look at groups. The last depth is what the \
            others are compared with, so there distances are 0 and shares 1 by definition. The same rows are written by \
            loopscope probe geometry and probe lens.""";

    private static final double LEAST = 1e-3; // an axis of nothing but zeros still has a length

    private ProfileFigures() {}

    /** Id of a figure of this value. */
    public static String id(ProfileValue value) {
        return "profile-" + value.column().replace('_', '-');
    }

    /**
     * One value over depth, a line for each kind of tokens.
     *
     * @param group of prompts, or empty for all
     */
    public static ChartFigure curve(Profile profile, ProfileValue value, Optional<String> group) {
        List<Scope> scopes = profile.scopes().stream()
                .filter(scope -> !profile.curve(value, scope, group).isEmpty())
                .toList();
        int perStep = profile.kind().layers() ? profile.places().size() / profile.steps() : 1;
        DepthChart chart = new DepthChart(
                        new ChartFigure.Heading(
                                id(value),
                                upper(value.title()) + " by depth",
                                subtitle(profile, group),
                                describe(profile, value, scopes, group)),
                        profile.places().size(),
                        perStep)
                .vertical("mean " + value.title(), 0, LEAST)
                .shadeBeyond(profile.trainedSteps() * perStep + 0.5, "outside training")
                .legendBelow();
        for (Scope scope : scopes) {
            List<DepthChart.Point> points = points(profile.curve(value, scope, group), perStep);
            chart.line(new DepthChart.Line(scope.title(), scope.ordinal(), false, points, ""));
        }
        return chart.build(() -> scopes.stream()
                .map(scope -> profile.toTable(scope, group))
                .reduce((all, more) -> all.append(more))
                .orElseThrow());
    }

    private static List<DepthChart.Point> points(List<Profile.Point> curve, int perStep) {
        return curve.stream()
                .map(point -> new DepthChart.Point(
                        depth(point.place(), perStep),
                        point.mean().value(),
                        point.mean().interval().low(),
                        point.mean().interval().high()))
                .toList();
    }

    private static int depth(DepthPoint place, int perStep) {
        return place.layer().isPresent()
                ? (place.step() - 1) * perStep + place.layer().getAsInt() + 1
                : place.step();
    }

    private static String subtitle(Profile profile, Optional<String> group) {
        return profile.kind().statement() + group.map(g -> " · " + g).orElse("") + " · n = "
                + (profile.prompts() - profile.problems()) + " prompts, each counts once · 95 % over prompts · "
                + profile.computeDtype() + ", " + profile.model();
    }

    private static String describe(Profile profile, ProfileValue value, List<Scope> scopes, Optional<String> group) {
        StringBuilder text = new StringBuilder("Mean " + value.title() + ".");
        for (Scope scope : scopes) {
            List<Profile.Point> curve = profile.curve(value, scope, group);
            text.append(' ').append(upper(scope.title())).append(':');
            for (Profile.Point point : curve) {
                if (point.place().layer().isEmpty() || point == curve.get(0) || point == curve.get(curve.size() - 1)) {
                    Estimate mean = point.mean();
                    text.append(' ').append(point.place().label()).append(' ');
                    text.append(DepthChart.number(
                            mean.value(), mean.interval().low(), mean.interval().high()));
                    text.append(';');
                }
            }
        }
        return text.toString();
    }

    private static String upper(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
