package org.loopscope.bench;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.loopscope.model.base.LoopscopeException;

/** What is measured, by its name in results. */
public enum Measurement {
    PREFILL_64("prefill-64", (bench, name) -> Prefill.measure(bench, name, 64)),
    PREFILL_256("prefill-256", (bench, name) -> Prefill.measure(bench, name, 256)),
    DECODE("decode", Decode::measure),
    LENS("lens", Lens::measure),
    LOAD("load", Load::measure),
    CAPTURE_OVERHEAD("capture-overhead", CaptureOverhead::measure),
    EARLY_EXIT("early-exit", EarlyExit::measure),
    SLIDER("slider", (bench, name) -> bench.drawing().slider(bench, name)),
    HEATMAP_SCROLL("heatmap-scroll", true, (bench, name) -> bench.drawing().scroll(bench, name)),
    FX_LONGEST("fx-longest", true, (bench, name) -> bench.drawing().longest(bench, name));

    private final String id;
    private final boolean needsWindow;
    private final WindowMeasure measure;

    /** How it is done. */
    @FunctionalInterface
    interface Measure {
        BenchResult of(Bench bench, String name) throws LoopscopeException;
    }

    /** How it is done where a window may be needed: empty where there is none. */
    @FunctionalInterface
    interface WindowMeasure {
        Optional<BenchResult> of(Bench bench, String name) throws LoopscopeException;
    }

    Measurement(String id, Measure measure) {
        this(id, false, (bench, name) -> Optional.of(measure.of(bench, name)));
    }

    Measurement(String id, boolean needsWindow, WindowMeasure measure) {
        this.id = id;
        this.needsWindow = needsWindow;
        this.measure = measure;
    }

    /** Whether there is nothing to measure without a window. */
    boolean needsWindow() {
        return needsWindow;
    }

    public String id() {
        return id;
    }

    Optional<BenchResult> run(Bench bench) throws LoopscopeException {
        return measure.of(bench, id);
    }

    /** @throws LoopscopeException with one sentence if there is no such measurement */
    public static Measurement parse(String text) throws LoopscopeException {
        for (Measurement measurement : values()) {
            if (measurement.id.equals(text)) {
                return measurement;
            }
        }
        throw new LoopscopeException("--only: expected one or more of "
                + Arrays.stream(values()).map(Measurement::id).collect(Collectors.joining(", ")) + ", found \"" + text
                + "\".");
    }
}
