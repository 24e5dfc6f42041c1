package org.loopscope.analysis.kv;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.model.KvPolicy;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How often the text that each policy writes by itself begins with the right answer, over the prompts whose answer is
 * known. Zhu et al. 2025 (arXiv:2510.25741), §5.4.2 and Table 14, compare the policies so.
 */
public final class KvAnswers {
    /** Of a policy whose answers were not judged. */
    static final Line NONE = new Line(KvPolicy.FULL, 0, 0, Double.NaN, new Interval(Double.NaN, Double.NaN));

    private final Map<KvPolicy, TreeMap<Integer, Boolean>> right = new EnumMap<>(KvPolicy.class); // by prompt

    /**
     * One policy.
     *
     * @param n prompts whose answer was judged
     * @param right those of them whose own text begins with it
     * @param accuracy right / n
     * @param interval 95 %, Wilson's over prompts
     */
    public record Line(KvPolicy policy, int n, int right, double accuracy, Interval interval) {}

    void add(int prompt, KvPolicy policy, boolean found) {
        right.computeIfAbsent(policy, p -> new TreeMap<>()).put(prompt, found);
    }

    /** Full first, then as in {@link KvPlan#SHARING}; empty where nothing was judged. */
    List<Line> lines() {
        return Stream.concat(Stream.of(KvPolicy.FULL), KvPlan.SHARING.stream())
                .filter(right::containsKey)
                .map(policy -> line(policy, right.getOrDefault(policy, new TreeMap<>())))
                .toList();
    }

    private static Line line(KvPolicy policy, TreeMap<Integer, Boolean> prompts) {
        int n = prompts.size();
        int sum = (int) prompts.values().stream().filter(found -> found).count();
        return new Line(policy, n, sum, (double) sum / n, Interval.wilson(sum, n));
    }

    static Table table(List<Line> lines) {
        StringColumn policy = StringColumn.create("policy");
        IntColumn answers = IntColumn.create("answers");
        IntColumn right = IntColumn.create("right");
        DoubleColumn accuracy = DoubleColumn.create("accuracy");
        DoubleColumn low = DoubleColumn.create("accuracy_low");
        DoubleColumn high = DoubleColumn.create("accuracy_high");
        for (Line line : lines) {
            policy.append(line.policy.cliName());
            answers.append(line.n);
            right.append(line.right);
            accuracy.append(line.accuracy);
            low.append(line.interval.low());
            high.append(line.interval.high());
        }
        return Table.create("kv_answers", policy, answers, right, accuracy, low, high);
    }
}
