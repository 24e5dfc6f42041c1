package org.loopscope.analysis.stat;

/** Points of Student's t and of the normal distribution beyond which 2.5 % lie. */
final class Student {
    /** Of the standard normal distribution. */
    static final double Z = 1.959963984540054;

    private Student() {}

    /**
     * Of t with {@code df} degrees of freedom, right to 0.0001 from 7 on. Source: the expansion in powers of 1/df, Abramowitz
     * and Stegun 1964, Handbook of Mathematical Functions, 26.7.5.
     */
    static double t(double df) {
        double z = Z;
        double z3 = z * z * z;
        double z5 = z3 * z * z;
        double z7 = z5 * z * z;
        double z9 = z7 * z * z;
        return z
                + (z3 + z) / (4 * df)
                + (5 * z5 + 16 * z3 + 3 * z) / (96 * df * df)
                + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * df * df * df)
                + (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * df * df * df * df);
    }
}
