package org.loopscope.model.base;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Numbers of a seed that a person chose. Seeds that people choose are small and near each other, 0, 1, 42; the first number of
 * {@link java.util.Random} is then nearly the same for all of them. Here every bit of the seed and of what the numbers are for is
 * mixed in before the first one is drawn, so that neighbouring seeds, and two uses of one seed, have nothing in common.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood 2014, OOPSLA, p. 453–472), written out here: what a seed gives is the
 * same on every machine and with every Java.
 */
public final class Seeds {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L; // 2⁶⁴ over the golden ratio, odd

    private Seeds() {}

    /** The numbers of {@code seed} for a {@code purpose}, such as {@code sampling}; not safe to use from several threads. */
    public static RandomGenerator random(long seed, String purpose) {
        long state = mix(seed + GOLDEN);
        for (int i = 0; i < purpose.length(); i++) {
            state = mix(state + GOLDEN * (purpose.charAt(i) + 1L));
        }
        return new SplitMix(state);
    }

    /** The order 0 to n − 1 shuffled. */
    public static int[] shuffled(int n, RandomGenerator random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        shuffle(order, random);
        return order;
    }

    /** Brings {@code order} into an order that is drawn, each equally likely (Fisher and Yates; Durstenfeld 1964). */
    public static void shuffle(int[] order, RandomGenerator random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = below(i + 1, random);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }

    /** {@code n} of the items, drawn without replacement and kept in order; all of them if there are not more. */
    public static <T> List<T> sample(List<T> items, int n, RandomGenerator random) {
        List<T> drawn = new ArrayList<>();
        for (int i = 0; i < items.size() && drawn.size() < n; i++) {
            if (random.nextInt(items.size() - i) < n - drawn.size()) {
                drawn.add(items.get(i));
            }
        }
        return drawn;
    }

    /** A whole number from 0 to {@code bound} − 1, each equally likely up to one part in 2⁵³ / bound. */
    public static int below(int bound, RandomGenerator random) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound: want 1 or more, got " + bound);
        }
        return (int) (unit(random.nextLong()) * bound);
    }

    /** The top 53 bits as a number from 0 to below 1. */
    private static double unit(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }

    /** The finaliser of SplitMix64: every bit of the input changes every bit of the output in half of the cases. */
    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** What is not {@code nextLong} is fixed here too, where the default of the JDK could change. */
    private static final class SplitMix implements RandomGenerator {
        private long state;

        SplitMix(long state) {
            this.state = state;
        }

        @Override
        public long nextLong() {
            state += GOLDEN;
            return mix(state);
        }

        @Override
        public double nextDouble() {
            return unit(nextLong());
        }

        @Override
        public int nextInt(int bound) {
            return below(bound, this);
        }

        /** By Box and Muller 1958, of two numbers; the second of the pair is left. */
        @Override
        public double nextGaussian() {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
            return radius * StrictMath.cos(2 * Math.PI * nextDouble());
        }
    }
}
