package org.loopscope.analysis.profile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.stat.Estimate;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.table.TableFile;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The rows of a file that a lab finished, as means over prompts at every place. Each prompt counts once,
 * however many tokens it has; intervals are 95 % over prompts, {@link Intervals}. Immutable.
 */
public final class Profile {
    static final String COMMANDS = "loopscope probe geometry or probe lens";

    private final ProfileKind kind;
    private final Map<Scope, List<List<ProfileRow>>> rows = new EnumMap<>(Scope.class); // [places][prompts]
    private final List<DepthPoint> places = new ArrayList<>();
    private final Set<String> groups = new LinkedHashSet<>();
    private final Set<Integer> prompts = new HashSet<>();
    private String model = "";
    private String dtype = "";
    private int trainedSteps;
    private int steps;
    private int problems;

    /**
     * A value at a place.
     *
     * @param mean over prompts, with its interval and how many have one
     */
    public record Point(DepthPoint place, Estimate mean) {}

    private Profile(ProfileKind kind) {
        this.kind = kind;
    }

    /**
     * Reads the file; its columns tell what was measured.
     *
     * @throws LoopscopeException naming it, for what is no such file
     */
    public static Profile read(Path file) throws LoopscopeException {
        ProfileKind kind = kind(file);
        Profile profile = new Profile(kind);
        ProfileRow.table(kind).read(file, profile::add);
        profile.requireWhole(file);
        return profile;
    }

    /** By the columns and, where two kinds share them, by the states that the first row names. */
    private static ProfileKind kind(Path file) throws LoopscopeException {
        Map<String, String> first = TableFile.first(file, COMMANDS);
        List<String> columns = List.copyOf(first.keySet());
        for (ProfileKind kind : ProfileKind.values()) {
            if (kind.columns().equals(columns) && kind.statement().equals(first.get("states"))) {
                return kind;
            }
        }
        throw new LoopscopeException(
                ForeignText.shown(file.toString(), 120) + ": expected the rows of " + COMMANDS + ", found others.");
    }

    private void add(ProfileRow.InFile found) {
        ProfileRow row = found.row();
        model = found.origin().model();
        dtype = found.origin().computeDtype();
        trainedSteps = found.trainedSteps();
        steps = found.maxSteps();
        prompts.add(row.prompt());
        if (!row.group().isEmpty()) {
            groups.add(row.group());
        }
        if (row.scope() == Scope.PROBLEM) {
            problems++;
            return;
        }
        int place = places.indexOf(row.place());
        if (place < 0) {
            place = places.size();
            places.add(row.place());
        }
        List<List<ProfileRow>> byPlace = rows.computeIfAbsent(row.scope(), scope -> new ArrayList<>());
        while (byPlace.size() <= place) {
            byPlace.add(new ArrayList<>());
        }
        byPlace.get(place).add(row);
    }

    private void requireWhole(Path file) throws LoopscopeException {
        for (List<List<ProfileRow>> byPlace : rows.values()) {
            int n = byPlace.get(0).size();
            for (int i = 0; i < places.size(); i++) {
                int found = i < byPlace.size() ? byPlace.get(i).size() : 0;
                if (found != n) {
                    throw new LoopscopeException(file + ": expected " + n + " prompts at "
                            + places.get(i).label() + " as at the first place, found " + found + ".");
                }
            }
        }
        if (rows.isEmpty()) {
            throw new LoopscopeException(file + ": expected values of at least one prompt, found none.");
        }
    }

    public ProfileKind kind() {
        return kind;
    }

    /** The model's id as the file has it. */
    public String model() {
        return model;
    }

    /** In which arithmetic it was run. */
    public String computeDtype() {
        return dtype;
    }

    /** T of the checkpoint. */
    public int trainedSteps() {
        return trainedSteps;
    }

    /** T of the runs. */
    public int steps() {
        return steps;
    }

    /** Steps, or layers of steps, from the first to the last. */
    public List<DepthPoint> places() {
        return List.copyOf(places);
    }

    /** Prompts in the file. */
    public int prompts() {
        return prompts.size();
    }

    /** Prompts whose run stopped at a number that is not finite; they are in no mean. */
    public int problems() {
        return problems;
    }

    /** Groups of prompts, in order of appearance. */
    public List<String> groups() {
        return List.copyOf(groups);
    }

    /** Scopes with rows, in their fixed order. */
    public List<Scope> scopes() {
        return List.copyOf(rows.keySet());
    }

    /**
     * A value at every place, by depth; empty where no prompt of the group has such tokens.
     *
     * @param group of prompts, or empty for all
     */
    public List<Point> curve(ProfileValue value, Scope scope, Optional<String> group) {
        int index = kind.measured().indexOf(value);
        if (index < 0) {
            throw new IllegalArgumentException("value: want one of " + kind.measured() + ", got " + value);
        }
        List<Point> curve = new ArrayList<>();
        List<List<ProfileRow>> byPlace = rows.getOrDefault(scope, List.of());
        for (int i = 0; i < byPlace.size(); i++) {
            double[] values = byPlace.get(i).stream()
                    .filter(row -> group.isEmpty() || group.get().equals(row.group()))
                    .mapToDouble(row -> row.means()[index])
                    .filter(mean -> !Double.isNaN(mean))
                    .toArray();
            boolean certain = i == byPlace.size() - 1 && value.oneAtTheEnd();
            curve.add(new Point(places.get(i), estimate(value, values, certain)));
        }
        return curve;
    }

    /** @param certain whether it is 1 by definition */
    private static Estimate estimate(ProfileValue value, double[] values, boolean certain) {
        int n = values.length;
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        if (certain) {
            return new Estimate(mean, new Interval(mean, mean), n);
        }
        if (value.share()) {
            return new Estimate(mean, Intervals.share(values, Intervals.ones(n)), n);
        }
        Interval interval = Intervals.mean(values);
        return new Estimate(mean, value.probability() ? interval.clipped(0, 1) : interval, n);
    }

    /**
     * One line per place and value of the kind: {@code scope}, {@code step}, {@code layer} (missing for step outputs),
     * {@code value}, {@code mean}, {@code low}, {@code high} (95 %), {@code n} (prompts).
     */
    public Table toTable(Scope scope, Optional<String> group) {
        StringColumn scopes = StringColumn.create("scope");
        IntColumn step = IntColumn.create("step");
        IntColumn layer = IntColumn.create("layer");
        StringColumn name = StringColumn.create("value");
        DoubleColumn mean = DoubleColumn.create("mean");
        DoubleColumn low = DoubleColumn.create("low");
        DoubleColumn high = DoubleColumn.create("high");
        IntColumn n = IntColumn.create("n");
        for (ProfileValue value : kind.measured()) {
            for (Point point : curve(value, scope, group)) {
                scopes.append(scope.cliName());
                step.append(point.place().step());
                Tables.append(layer, point.place().layer());
                name.append(value.column());
                mean.append(point.mean().value());
                low.append(point.mean().interval().low());
                high.append(point.mean().interval().high());
                n.append(point.mean().n());
            }
        }
        return Table.create("profile", scopes, step, layer, name, mean, low, high, n);
    }
}
