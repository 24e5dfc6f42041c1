package org.loopscope.analysis.probe;

import org.loopscope.analysis.stat.Interval;

/**
 * How well a probe does on examples that it was not trained on.
 *
 * @param n test examples
 * @param classes labels that were told apart
 * @param auc area under the ROC curve; for more than two classes the mean of one against the rest. NaN if nothing could be
 *     compared
 * @param aucInterval 95 % of it: Newcombe's; for more than two classes scaled by the variance of the mean
 * @param accuracy share of test examples whose most probable class is theirs
 * @param accuracyInterval 95 % Wilson
 * @param majority accuracy of always saying the most frequent label of the training examples
 */
public record ProbeResult(
        int n,
        int classes,
        double auc,
        Interval aucInterval,
        double accuracy,
        Interval accuracyInterval,
        double majority) {}
