package org.loopscope.analysis.patch;

/**
 * What one run says about the clean answer, at the last token and the last step.
 *
 * @param logProbability natural log-probability of the clean answer's first token
 * @param difference its logit minus that of the corrupted answer; NaN if that is not known
 * @param top whether it is the most probable token
 * @param answerLogProbability natural log-probability of the whole clean answer, the sum over its tokens
 * @param right whether the whole clean answer is right, see {@link org.loopscope.analysis.prompts.WholeAnswer}
 */
public record PatchScore(
        double logProbability, double difference, boolean top, double answerLogProbability, boolean right) {
    /** Of an answer of one token. */
    public PatchScore(double logProbability, double difference, boolean top) {
        this(logProbability, difference, top, logProbability, top);
    }

    /** The least gap between two log-probabilities that is worth being shared out: a factor of two. */
    static final double LEAST_GAP = Math.log(2);

    /**
     * Recovery share of this run between two others: (log p − log p_corrupted) / (log p_clean − log p_corrupted), 0 as bad
     * as the corrupted prompt, 1 as good as the clean one. NaN unless the clean run gives the answer at least twice the
     * probability that the corrupted one gives it: without a gap there is nothing to recover.
     *
     * <p>Source: Heimersheim and Nanda 2024 (arXiv:2404.15255) §4; Zhang and Nanda 2023 (arXiv:2309.16042) §2.
     */
    public double recovery(PatchScore clean, PatchScore corrupted) {
        double gap = clean.logProbability - corrupted.logProbability;
        return gap >= LEAST_GAP ? (logProbability - corrupted.logProbability) / gap : Double.NaN;
    }

    /** The same share of the logit difference; NaN where that is not known or its gap is less than ln 2. */
    public double differenceRecovery(PatchScore clean, PatchScore corrupted) {
        double gap = clean.difference - corrupted.difference;
        return gap >= LEAST_GAP ? (difference - corrupted.difference) / gap : Double.NaN;
    }
}
