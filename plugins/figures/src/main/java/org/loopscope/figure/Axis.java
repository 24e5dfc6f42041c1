package org.loopscope.figure;

import java.util.List;
import java.util.stream.IntStream;
import org.loopscope.analysis.compare.Alignment;
import org.loopscope.analysis.compare.AxisKey;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.model.Capture;

/**
 * The rows or the columns of a grid: how they are called, and what each stands for, by which that of another run is found.
 * Labels are for people alone. Immutable.
 */
public final class Axis {
    private static final java.awt.Font LABEL_FONT = FigureTheme.LIGHT.font(12);

    /** What a row or column stands for. */
    private sealed interface At {
        /** A token of the run, from 0. */
        record Token(int position) implements At {}

        /** A loop, or the state after one of its layers. */
        record Place(DepthPoint point) implements At {}

        record Named(String name) implements At {}
    }

    private final String title;
    private final List<String> labels;
    private final List<At> at;

    private Axis(String title, List<String> labels, List<? extends At> at) {
        if (labels.size() != at.size()) {
            throw new IllegalArgumentException("labels: want " + at.size() + ", got " + labels.size());
        }
        this.title = title;
        this.labels = List.copyOf(labels);
        this.at = List.copyOf(at);
    }

    /** Things that are the same in another run if their names are. */
    public static Axis named(String title, List<String> labels) {
        return new Axis(title, labels, labels.stream().map(At.Named::new).toList());
    }

    /** All tokens of a run, by their visible texts. */
    public static Axis tokens(String title, Capture capture) {
        return tokens(
                title,
                capture.tokenTexts().stream()
                        .map(text -> TokenText.visible(text, LABEL_FONT))
                        .toList(),
                0);
    }

    /** Tokens of a run that follow each other from {@code first}, which is counted from 0. */
    public static Axis tokens(String title, List<String> labels, int first) {
        return new Axis(
                title,
                labels,
                IntStream.range(first, first + labels.size())
                        .mapToObj(At.Token::new)
                        .toList());
    }

    /** {@code loop 1} to {@code loop T}. */
    public static Axis loops(String title, int steps) {
        return places(
                title,
                IntStream.rangeClosed(1, steps).mapToObj(DepthPoint::stepOutput).toList());
    }

    /** The same with labels of its own. */
    public static Axis loops(String title, List<String> labels) {
        return new Axis(
                title,
                labels,
                IntStream.rangeClosed(1, labels.size())
                        .mapToObj(t -> new At.Place(DepthPoint.stepOutput(t)))
                        .toList());
    }

    /** Loops, or layers of loops. */
    public static Axis places(String title, List<DepthPoint> points) {
        return new Axis(
                title,
                points.stream().map(DepthPoint::label).toList(),
                points.stream().map(At.Place::new).toList());
    }

    /** Its title, may be empty. */
    public String title() {
        return title;
    }

    public List<String> labels() {
        return labels;
    }

    public int size() {
        return labels.size();
    }

    // ---- in a comparison of runs

    /** What its rows or columns are, of a figure of {@code run}; each once. */
    List<AxisKey> keys(Comparison comparison, int run) {
        return AxisKey.of(
                IntStream.range(0, size()).mapToObj(i -> on(comparison, run, i)).toList());
    }

    private AxisKey.On on(Comparison comparison, int run, int index) {
        Alignment alignment = comparison.alignment();
        Capture capture = comparison.capture(run);
        if (at.get(index) instanceof At.Token token && token.position < capture.length()) {
            return new AxisKey.Column(alignment.column(run, token.position));
        }
        if (at.get(index) instanceof At.Place place && place.point.step() <= capture.steps()) {
            return new AxisKey.Row(
                    alignment.row(run, place.point.step()), place.point.layer().orElse(-1));
        }
        return new AxisKey.Name(labels.get(index));
    }

    /** The labels, those of loops as the alignment counts them. */
    List<String> labels(Comparison comparison, int run) {
        return IntStream.range(0, size())
                .mapToObj(i -> label(comparison, run, i))
                .toList();
    }

    private String label(Comparison comparison, int run, int index) {
        if (on(comparison, run, index) instanceof AxisKey.Row row) {
            String loop = comparison.alignment().rowLabel(row.row());
            if (!loop.equals("loop " + (row.row() + 1))) {
                return row.layer() < 0 ? loop : loop + String.format(java.util.Locale.ROOT, "·L%02d", row.layer());
            }
        }
        return labels.get(index);
    }
}
