package org.loopscope.analysis.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.analysis.set.Scope;
import org.loopscope.model.base.LoopscopeException;

/** Gates of a set of prompts, by scope. Immutable. */
public final class GateData {
    private final String model;
    private final String dtype;
    private final int steps;
    private final int problems;
    private final GateCalibration all;
    private final Map<Scope, GateCalibration> byScope;

    private GateData(Reading from) {
        this.model = from.model;
        this.dtype = from.dtype;
        this.steps = from.steps;
        this.problems = from.problems;
        this.all = from.all.calibration();
        this.byScope = new EnumMap<>(Scope.class);
        from.byScope.forEach((scope, collector) -> byScope.put(scope, collector.calibration()));
    }

    private static final class Reading {
        private final GateCalibration.Collector all = new GateCalibration.Collector();
        private final Map<Scope, GateCalibration.Collector> byScope = new EnumMap<>(Scope.class);
        private String model = "";
        private String dtype = "";
        private int steps;
        private int problems;

        void add(GateRow.InFile found) {
            GateRow row = found.row();
            model = found.origin().model();
            dtype = found.origin().computeDtype();
            steps = row.steps();
            if (row.scope() == Scope.PROBLEM) {
                problems++;
            } else {
                all.add(row);
                byScope.computeIfAbsent(row.scope(), s -> new GateCalibration.Collector())
                        .add(row);
            }
        }
    }

    /**
     * Reads a file of rows.
     *
     * @throws LoopscopeException with one sentence, for what are no such rows or hold no gate
     */
    public static GateData read(Path csv) throws LoopscopeException {
        Reading reading = new Reading();
        GateRow.TABLE.read(csv, reading::add);
        if (reading.all.isEmpty()) {
            throw new LoopscopeException(csv
                    + ": expected gates of steps before the last, found none; prompts of two tokens and two steps"
                    + " have some.");
        }
        return new GateData(reading);
    }

    /** The model's id. */
    public String model() {
        return model;
    }

    /** The arithmetic, {@link org.loopscope.model.ModelInfo#computeDtype}. */
    public String computeDtype() {
        return dtype;
    }

    /** T. */
    public int steps() {
        return steps;
    }

    /** Prompts whose run met a number that is not finite; they are counted nowhere else. */
    public int problems() {
        return problems;
    }

    /** Scopes with gates, in their fixed order. */
    public List<Scope> scopes() {
        return new ArrayList<>(byScope.keySet());
    }

    /**
     * Of the tokens of a scope, or of all.
     *
     * @throws IllegalArgumentException for a scope without gates
     */
    public GateCalibration calibration(Optional<Scope> scope) {
        if (scope.isEmpty()) {
            return all;
        }
        GateCalibration one = byScope.get(scope.get());
        if (one == null) {
            throw new IllegalArgumentException("scope: want one of " + scopes() + ", got " + scope.get());
        }
        return one;
    }
}
