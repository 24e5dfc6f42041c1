package org.loopscope.plugin.testkit;

/**
 * The welcome prompt as the embedded model answers it, rounded to two digits: predictions and exit steps of six hops
 * from Ann to Dan. For tests that want a realistic picture without loading a model.
 */
public final class WelcomeRun {
    private static final String[] TOKENS = {
        "people",
        "Ann",
        "'s",
        "friend",
        "'s",
        "boss",
        "'s",
        "teacher",
        "'s",
        "neighbour",
        "'s",
        "boss",
        "'s",
        "friend",
        "is"
    };
    private static final String[] STEPS = {
        "8 .30 Ann .30 9 .31 Pia .98 4 .39 Sue .70 Max .22 Ivy .53 Gus .20 Pia .17 Tom .36 Kim .10 Tom .27 Ivy .18 Ivy .07",
        "C .21 8 .24 9 .25 Pia .91 4 .26 Sue .98 4 .70 Amy .99 Gus .89 Ray 1.0 Ray .83 Kim .51 Amy .46 7 .16 Amy .17",
        "C .24 8 .25 4 .19 7 .55 4 .27 Sue .99 4 .68 Amy 1.0 Gus .74 Ray 1.0 Ray .96 Kim 1.0 4 .35 Dan 1.0 Dan 1.0",
        "C .21 8 .26 4 .16 7 .34 4 .27 Sue .96 4 .55 Amy .93 Gus .63 Ray 1.0 Ray .97 Kim 1.0 6 .45 Dan 1.0 Dan 1.0"
    };
    private static final int[] EXITS = {1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};

    private WelcomeRun() {}

    /** Fifteen tokens, four steps; λ of the last token is 0.09, 0.08, 0.96, 0.96. */
    public static MadeUpRun run() {
        MadeUpRun run = MadeUpRun.of(4, TOKENS);
        for (int t = 1; t <= 4; t++) {
            String[] cells = STEPS[t - 1].split(" ");
            for (int p = 0; p < TOKENS.length; p++) {
                run.predict(t, p, cells[2 * p], Math.min(0.9995, Double.parseDouble(cells[2 * p + 1])));
                run.gate(t, p, t < EXITS[p] ? 0.12 + 0.01 * p : 0.93);
            }
        }
        int last = TOKENS.length - 1;
        return run.gate(1, last, 0.09)
                .gate(2, last, 0.08)
                .gate(3, last, 0.96)
                .gate(4, last, 0.96)
                .predict(3, last, "Dan", 0.999);
    }
}
