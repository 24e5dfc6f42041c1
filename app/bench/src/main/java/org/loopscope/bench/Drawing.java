package org.loopscope.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** What the window costs its FX thread; measured once for all shapes, since the run that is shown is a made-up one. */
final class Drawing {
    private static final double FRAME_MILLIS = 16;
    private static final String FRAME = "target, one frame at 60 a second";

    private final TimedWindow window;
    private final WindowWork work;
    private Optional<WindowTimes> times = Optional.empty();
    private String obstacle = "";

    Drawing(TimedWindow window, WindowWork work) {
        this.window = window;
        this.work = work;
    }

    /** Opens the window at the first call; empty where none can be opened, and {@link #obstacle} says why. */
    Optional<WindowTimes> times(RunControl control) throws LoopscopeException {
        if (times.isEmpty() && obstacle.isEmpty()) {
            control.progress("drawing in the window", 0, 0);
            try {
                times = Optional.of(window.time(work, control));
            } catch (TimedWindow.Missing e) {
                obstacle = String.valueOf(e.getMessage());
            }
        }
        return times;
    }

    /** Why no window can be opened; empty if one was, or none was asked for. */
    String obstacle() {
        return obstacle;
    }

    /** To the picture where there is a window, else the analysis alone. */
    BenchResult slider(Bench bench, String name) throws LoopscopeException {
        BenchResult analysis = Slider.measure(bench, name);
        Optional<WindowTimes> drawn = times(bench.control());
        if (drawn.isEmpty()) {
            return analysis;
        }
        WindowTimes.Frames slowest = slowest(drawn.get().slider());
        Map<String, Double> details = new TreeMap<>();
        details.put("tokens", (double) work.tokens());
        details.put("steps", (double) work.steps());
        details.put("layers", (double) work.layers());
        details.put("analysis_ms", analysis.sample().median());
        details(drawn.get().slider(), details);
        return result(
                bench,
                name,
                Sample.millis(slowest.work()),
                details,
                "from setting the slider to the pulse that shows its picture: the time of the FX thread for the picture that"
                        + " takes longest, " + slowest.name()
                        + ", in the whole window; fx_ms is the same for each picture, cpu_ms how much processor time the FX"
                        + " thread took until then, picture_ms the time that passed, waits for pulses and for the thread that"
                        + " draws included, painted_ms adds JavaFX's own painting; analysis_ms is the replay of the rule alone");
    }

    Optional<BenchResult> scroll(Bench bench, String name) throws LoopscopeException {
        return times(bench.control()).map(drawn -> {
            WindowTimes.Frames slowest = slowest(drawn.scroll());
            Map<String, Double> details = new TreeMap<>();
            details(drawn.scroll(), details);
            return result(
                    bench,
                    name,
                    Sample.millis(slowest.work()),
                    details,
                    "a frame of the lens heatmap, scrolled, and squeezed to all tokens and back; the time of the FX thread for"
                            + " the one that takes longest, " + slowest.name());
        });
    }

    Optional<BenchResult> longest(Bench bench, String name) throws LoopscopeException {
        return times(bench.control()).map(drawn -> {
            Map<String, Double> details = new TreeMap<>();
            double[] worst = new double[work.rounds()];
            for (WindowTimes.Away away : drawn.longest()) {
                List<Double> seconds = away.seconds();
                for (int round = 0; round < worst.length; round++) {
                    worst[round] = Math.max(worst[round], seconds.get(round));
                }
                details.put(away.name() + " ms", 1000 * median(seconds));
            }
            details.put("first opening ms", 1000 * drawn.first());
            return result(
                    bench,
                    name,
                    Sample.millis(worst),
                    details,
                    "how long the FX thread answered nothing at most, in a round of opening a run and every tab; each thing done by"
                            + " its own median in the details; first opening is that of a window just started, before Java has"
                            + " compiled anything, and not in the median");
        });
    }

    private static BenchResult result(
            Bench bench, String name, Sample sample, Map<String, Double> details, String note) {
        return new BenchResult(name, bench.shape().id(), sample, "ms", FRAME_MILLIS, FRAME, details, note);
    }

    private static WindowTimes.Frames slowest(List<WindowTimes.Frames> pictures) {
        return pictures.stream()
                .max(Comparator.comparingDouble(frames -> Sample.median(frames.work())))
                .orElseThrow();
    }

    private static void details(List<WindowTimes.Frames> pictures, Map<String, Double> details) {
        for (WindowTimes.Frames picture : pictures) {
            details.put(picture.name() + " fx_ms", 1000 * Sample.median(picture.work()));
            details.put(picture.name() + " cpu_ms", 1000 * Sample.median(picture.processor()));
            details.put(
                    picture.name() + " fx_ms_max",
                    1000 * Sample.of(picture.work()).max());
            details.put(picture.name() + " picture_ms", 1000 * Sample.median(picture.pictures()));
            details.put(
                    picture.name() + " picture_ms_max",
                    1000 * Sample.of(picture.pictures()).max());
            details.put(picture.name() + " painted_ms", 1000 * Sample.median(picture.painted()));
        }
    }

    private static double median(List<Double> seconds) {
        return Sample.median(seconds.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
