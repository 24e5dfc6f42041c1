package org.loopscope.analysis.exit;

import org.loopscope.analysis.lens.LensGrid;

/**
 * The earliest step at which a token could have left without loss, known only afterwards: what no rule can beat and none
 * can follow while generating. Steps are 1-based.
 */
public final class Oracle {
    private Oracle() {}

    /** For each token the first step whose top-1 prediction is that of full depth, [S]; at most T. */
    public static int[] firstAgreeing(LensGrid lens) {
        int[] steps = new int[lens.positions()];
        for (int p = 0; p < steps.length; p++) {
            steps[p] = first(lens, p, lens.finalId(p));
        }
        return steps;
    }

    /**
     * For each token the first step whose top-1 prediction is the token that follows in the text, [S]; 0 where no step is
     * right and at the last token, which nothing follows.
     */
    public static int[] firstRight(LensGrid lens) {
        int[] steps = new int[lens.positions()];
        for (int p = 0; p + 1 < steps.length; p++) {
            steps[p] = first(lens, p, lens.capture().tokenId(p + 1));
        }
        return steps;
    }

    private static int first(LensGrid lens, int position, int id) {
        for (int step = 1; step <= lens.steps(); step++) {
            if (lens.topId(lens.rowOfStep(step), position, 0) == id) {
                return step;
            }
        }
        return 0;
    }
}
