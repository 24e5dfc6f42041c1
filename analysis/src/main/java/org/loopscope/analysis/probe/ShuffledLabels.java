package org.loopscope.analysis.probe;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a probe finds in labels that were shuffled over the examples, several times: the level of chance, and how far chance
 * goes. {@code low} and {@code high} are the lowest and the highest AUC; of one more shuffle, the AUC is above {@code high}
 * with a probability of 1 / (shuffles + 1).
 *
 * @param shuffles with an AUC; 0 where none were made
 * @param mean AUC
 * @param low the lowest AUC
 * @param high the highest AUC
 * @param accuracy mean accuracy
 */
public record ShuffledLabels(int shuffles, double mean, double low, double high, double accuracy) {
    /** Of rows written before there were several. */
    public static final ShuffledLabels NONE = new ShuffledLabels(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    public static ShuffledLabels of(List<ProbeResult> results) {
        List<ProbeResult> defined =
                results.stream().filter(r -> !Double.isNaN(r.auc())).toList();
        double[] areas = defined.stream().mapToDouble(ProbeResult::auc).sorted().toArray();
        return new ShuffledLabels(
                areas.length,
                mean(defined, ProbeResult::auc),
                areas.length == 0 ? Double.NaN : areas[0],
                areas.length == 0 ? Double.NaN : areas[areas.length - 1],
                mean(results, ProbeResult::accuracy));
    }

    private static double mean(List<ProbeResult> results, ToDoubleFunction<ProbeResult> value) {
        return results.stream().mapToDouble(value).average().orElse(Double.NaN);
    }
}
