package org.loopscope.analysis.lens;

import java.util.List;

/** The arrays of a lens while they are being filled; different positions may be filled by different threads. */
final class LensCells {
    final List<DepthPoint> rows;
    final int topK;
    final int[][] topIds; // [rows][S * k]
    final float[][] topLogProbabilities; // [rows][S * k]
    final float[][] entropy; // [rows][S]
    final float[][] klToLast; // [rows][S]
    final float[][] klToPrevious; // [rows][S], row 0 NaN; of step outputs only, else [0]
    final float[][] overlapWithLast; // [rows][S]; of step outputs only, else [0]
    final float[][] margin; // [rows][S]
    final int[][] rankOfFinal; // [rows][S], 1-based
    final float[][] logProbabilityOfFinal; // [rows][S]
    final float[][] probabilityOfNext; // [rows][S]
    final float[][] lossOfNext; // [rows][S]
    final int[][] tracked; // [S][n of that position]
    final float[][][] trackedLogProbabilities; // [S][rows][n of that position]

    LensCells(List<DepthPoint> rows, int positions, int topK) {
        int n = rows.size();
        this.rows = rows;
        this.topK = topK;
        this.topIds = new int[n][positions * topK];
        this.topLogProbabilities = new float[n][positions * topK];
        this.entropy = new float[n][positions];
        this.klToLast = new float[n][positions];
        this.klToPrevious = rows.get(0).layer().isEmpty() ? new float[n][positions] : new float[0][];
        this.overlapWithLast = new float[klToPrevious.length][positions];
        this.margin = new float[n][positions];
        this.rankOfFinal = new int[n][positions];
        this.logProbabilityOfFinal = new float[n][positions];
        this.probabilityOfNext = new float[n][positions];
        this.lossOfNext = new float[n][positions];
        this.tracked = new int[positions][];
        this.trackedLogProbabilities = new float[positions][n][];
    }

    /** The most probable token at the last row, once that is filled. */
    int finalId(int position) {
        return topIds[rows.size() - 1][position * topK];
    }
}
