package org.loopscope.analysis.lens;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.loopscope.model.Capture;

/**
 * Reduces the logits of one cell at a time to what a lens keeps, so that logits are never held for more than a block of
 * cells. Works through the rows of one position before it takes the next; belongs to one thread.
 */
final class CellReducer {
    private final Capture capture;
    private final LensCells cells;
    private final int lastRow;
    private final int vocabSize;
    private final double[] logNormaliser; // [rows], of the position in hand
    private final double[] probability; // [V], of the cell in hand
    private final double[] lastProbability; // [V], of the last row at the position in hand
    private final double[] lastLogProbability; // [V]
    private final double temperature; // of sampled drafts
    private final double[] tempered; // [V], of the cell in hand at that temperature; step outputs only, else [0]
    private final double[] lastTempered; // [V]
    private final double[] laterProbability; // [V], of the row after the one in hand; step outputs only, else [0]
    private final double[] laterLogProbability; // [V]

    CellReducer(Capture capture, LensCells cells, int vocabSize) {
        this.capture = capture;
        this.cells = cells;
        this.lastRow = cells.rows.size() - 1;
        this.vocabSize = vocabSize;
        this.logNormaliser = new double[cells.rows.size()];
        this.probability = new double[vocabSize];
        this.lastProbability = new double[vocabSize];
        this.lastLogProbability = new double[vocabSize];
        this.temperature = LensGrid.draftTemperature(capture);
        this.tempered = new double[cells.overlapWithLast.length == 0 ? 0 : vocabSize];
        this.lastTempered = new double[tempered.length];
        this.laterProbability = new double[cells.klToPrevious.length == 0 ? 0 : vocabSize];
        this.laterLogProbability = new double[laterProbability.length];
    }

    /**
     * Reduces one cell, V numbers of {@code logits} from {@code offset}. The last row of a position comes before its
     * other rows: they are compared with it; those follow from the last to the first, each compared with the one before.
     *
     * @throws NonFiniteLogitsException if a logit is not finite
     */
    void reduce(int row, int position, float[] logits, int offset) {
        double normaliser = Softmax.probabilities(logits, offset, vocabSize, probability);
        if (!Double.isFinite(normaliser)) {
            throw new NonFiniteLogitsException(cells.rows.get(row), position);
        }
        logNormaliser[row] = normaliser;
        keepTop(row, position, logits, offset);
        cells.entropy[row][position] = (float) entropy(logits, offset, normaliser);
        if (row == lastRow) {
            rememberLast(logits, offset, normaliser);
        } else {
            cells.klToLast[row][position] = (float) divergenceOfLast(logits, offset, normaliser);
        }
        compareWithFinal(row, position, logits, offset);
        cells.margin[row][position] = (float) margin(cells.topIds[row][position * cells.topK]);
        if (laterProbability.length > 0) {
            compareWithLater(row, position, logits, offset, normaliser);
            overlap(row, position, logits, offset);
        }
    }

    /** Σ min(p, p_last) at the temperature of sampled drafts. */
    private void overlap(int row, int position, float[] logits, int offset) {
        if (temperature == 1) {
            System.arraycopy(probability, 0, tempered, 0, vocabSize);
        } else {
            Softmax.probabilities(logits, offset, vocabSize, temperature, tempered);
        }
        if (row == lastRow) {
            System.arraycopy(tempered, 0, lastTempered, 0, vocabSize);
            cells.overlapWithLast[row][position] = 1; // set, not summed: rounding must not make it less
            return;
        }
        double sum = 0;
        for (int v = 0; v < vocabSize; v++) {
            sum += Math.min(tempered[v], lastTempered[v]);
        }
        cells.overlapWithLast[row][position] = (float) Math.min(1, sum);
    }

    /** Largest minus second largest probability. */
    private double margin(int top) {
        double second = 0;
        for (int v = 0; v < vocabSize; v++) {
            second = v == top ? second : Math.max(second, probability[v]);
        }
        return probability[top] - second;
    }

    /** KL(p_later ‖ p), which belongs to the later row; then this row is the later one. */
    private void compareWithLater(int row, int position, float[] logits, int offset, double normaliser) {
        double sum = 0;
        for (int v = 0; v < vocabSize; v++) {
            double logProbability = logits[offset + v] - normaliser;
            sum += laterProbability[v] * (laterLogProbability[v] - logProbability);
            laterProbability[v] = probability[v];
            laterLogProbability[v] = logProbability;
        }
        if (row < lastRow) {
            cells.klToPrevious[row + 1][position] = (float) Math.max(0, sum);
        }
        cells.klToPrevious[row][position] = Float.NaN; // until the row before comes
    }

    private void keepTop(int row, int position, float[] logits, int offset) {
        int from = position * cells.topK;
        TopK.select(logits, offset, vocabSize, cells.topK, cells.topIds[row], from);
        for (int i = from; i < from + cells.topK; i++) {
            cells.topLogProbabilities[row][i] = (float) (logits[offset + cells.topIds[row][i]] - logNormaliser[row]);
        }
    }

    /** −Σ p ln p. */
    private double entropy(float[] logits, int offset, double normaliser) {
        double sum = 0;
        for (int v = 0; v < vocabSize; v++) {
            sum += probability[v] * (normaliser - logits[offset + v]);
        }
        return sum;
    }

    private void rememberLast(float[] logits, int offset, double normaliser) {
        System.arraycopy(probability, 0, lastProbability, 0, vocabSize);
        for (int v = 0; v < vocabSize; v++) {
            lastLogProbability[v] = logits[offset + v] - normaliser;
        }
    }

    /** KL(p_last ‖ p) = Σ p_last (ln p_last − ln p). */
    private double divergenceOfLast(float[] logits, int offset, double normaliser) {
        double sum = 0;
        for (int v = 0; v < vocabSize; v++) {
            sum += lastProbability[v] * (lastLogProbability[v] - (logits[offset + v] - normaliser));
        }
        return Math.max(0, sum); // rounding can leave -1e-17 for equal distributions
    }

    private void compareWithFinal(int row, int position, float[] logits, int offset) {
        int finalId = cells.finalId(position);
        float of = logits[offset + finalId];
        int rank = 1;
        for (int v = 0; v < vocabSize; v++) {
            float logit = logits[offset + v];
            if (logit > of || (logit == of && v < finalId)) {
                rank++;
            }
        }
        cells.rankOfFinal[row][position] = rank;
        cells.logProbabilityOfFinal[row][position] = (float) (of - logNormaliser[row]);
        if (position + 1 < capture.length()) {
            int next = capture.tokenId(position + 1);
            cells.probabilityOfNext[row][position] = (float) probability[next];
            cells.lossOfNext[row][position] = (float) (logNormaliser[row] - logits[offset + next]);
        } else {
            cells.probabilityOfNext[row][position] = Float.NaN;
            cells.lossOfNext[row][position] = Float.NaN;
        }
    }

    /** Once all rows of a position are reduced: which tokens are followed through its rows. */
    void chooseTracked(int position) {
        int from = position * cells.topK;
        cells.tracked[position] = Arrays.stream(cells.topIds)
                .flatMapToInt(row -> Arrays.stream(row, from, from + cells.topK))
                .distinct()
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -lastLogProbability[id])
                        .thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Log-probabilities of the tracked tokens in one row; after {@link #chooseTracked}. */
    void follow(int row, int position, float[] logits, int offset) {
        int[] ids = cells.tracked[position];
        float[] out = new float[ids.length];
        IntStream.range(0, ids.length).forEach(i -> out[i] = (float) (logits[offset + ids[i]] - logNormaliser[row]));
        cells.trackedLogProbabilities[position][row] = out;
    }
}
