package org.loopscope.analysis.patch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.loopscope.analysis.patch.PatchTable.Role;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.model.base.LoopscopeException;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The effect of patching by step over a set of pairs. A pair counts once in every line: where several of its tokens have
 * the role, with their mean. Pairs without a gap to recover are left out and counted. Immutable.
 */
public final class PatchSummary {
    private final List<Line> lines;
    private final int pairs;
    private final int withoutGap;
    private final PatchSource source;
    private final String computeDtype;

    /**
     * One line.
     *
     * @param change {@code state}, {@code loop skipped} or {@code loop repeated}
     * @param step from 1
     * @param layer from 0, or −1 for the step's output
     * @param role {@code changed}, {@code between}, {@code answer}; empty for whole loops
     * @param n pairs counted
     * @param mean recovery share
     * @param interval 95 % over pairs, {@link Intervals}
     */
    public record Line(String change, int step, int layer, String role, int n, double mean, Interval interval) {}

    private PatchSummary(List<Line> lines, Collector from) {
        this.lines = List.copyOf(lines);
        this.pairs = from.all.size();
        this.withoutGap = from.all.size() - from.defined.size();
        this.source = from.source;
        this.computeDtype = from.computeDtype;
    }

    private record Key(String change, int step, int layer, String role) {}

    /**
     * Reads the rows of {@link PatchTable} from a CSV file, where {@code compute_dtype} is the last column.
     *
     * @throws LoopscopeException if the file cannot be read
     */
    public static PatchSummary read(Path csv) throws LoopscopeException {
        return new Collector().collect(csv);
    }

    /** Sums by line and pair; small, whatever the length of the file. */
    private static final class Collector {
        private final Map<Key, Map<Integer, double[]>> sums = new LinkedHashMap<>(); // per pair: sum, count
        private final Set<Integer> all = new LinkedHashSet<>();
        private final Set<Integer> defined = new LinkedHashSet<>();
        private PatchSource source = PatchSource.CLEAN;
        private String computeDtype = "";

        PatchSummary collect(Path csv) throws LoopscopeException {
            PatchTable.TABLE.read(csv, this::add);
            List<Line> lines = new ArrayList<>();
            sums.forEach((key, byPair) -> {
                double[] means =
                        byPair.values().stream().mapToDouble(s -> s[0] / s[1]).toArray();
                lines.add(new Line(
                        key.change,
                        key.step,
                        key.layer,
                        key.role,
                        means.length,
                        Arrays.stream(means).average().orElse(Double.NaN),
                        Intervals.mean(means)));
            });
            return new PatchSummary(lines, this);
        }

        private void add(PatchTable.InFile found) {
            PatchTable.Row row = found.row();
            source = row.source();
            computeDtype = found.computeDtype();
            all.add(row.pair());
            if (Double.isNaN(row.recovery()) || row.role().equals(Role.BEFORE.text())) {
                return;
            }
            defined.add(row.pair());
            Key key = new Key(row.change(), row.step(), row.layer(), row.role());
            double[] sum =
                    sums.computeIfAbsent(key, k -> new HashMap<>()).computeIfAbsent(row.pair(), p -> new double[2]);
            sum[0] += row.recovery();
            sum[1]++;
        }
    }

    public List<Line> lines() {
        return lines;
    }

    /** What took the place of states. */
    public PatchSource source() {
        return source;
    }

    /** The arithmetic. */
    public String computeDtype() {
        return computeDtype;
    }

    /** Pairs in all. */
    public int pairs() {
        return pairs;
    }

    /** Pairs whose clean run does not give the answer at least twice the probability that the corrupted run gives it. */
    public int withoutGap() {
        return withoutGap;
    }

    /** Columns {@code change}, {@code step}, {@code layer}, {@code role}, {@code n}, {@code recovery}, {@code low}, {@code high}. */
    public Table toTable() {
        StringColumn change = StringColumn.create("change");
        IntColumn step = IntColumn.create("step");
        IntColumn layer = IntColumn.create("layer");
        StringColumn role = StringColumn.create("role");
        IntColumn n = IntColumn.create("n");
        DoubleColumn recovery = DoubleColumn.create("recovery");
        DoubleColumn low = DoubleColumn.create("low");
        DoubleColumn high = DoubleColumn.create("high");
        for (Line line : lines) {
            change.append(line.change);
            step.append(line.step);
            if (line.layer < 0) {
                layer.appendMissing();
            } else {
                layer.append(line.layer);
            }
            role.append(line.role);
            n.append(line.n);
            recovery.append(line.mean);
            low.append(line.interval.low());
            high.append(line.interval.high());
        }
        return Table.create("patch_summary", change, step, layer, role, n, recovery, low, high);
    }
}
