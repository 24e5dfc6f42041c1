package org.loopscope.analysis.geometry;

import java.util.stream.IntStream;

/** Products of rows with each other. */
final class Gram {
    private Gram() {}

    /** rows · rowsᵀ, [n][n], exactly symmetric. */
    static double[][] of(double[][] rows) {
        int n = rows.length;
        double[][] result = new double[n][n];
        IntStream.range(0, n).parallel().forEach(i -> {
            for (int j = 0; j <= i; j++) {
                result[i][j] = dot(rows[i], rows[j]);
            }
        });
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                result[i][j] = result[j][i];
            }
        }
        return result;
    }

    static double dot(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }
}
