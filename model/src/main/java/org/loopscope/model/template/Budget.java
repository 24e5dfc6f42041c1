package org.loopscope.model.template;

import java.util.concurrent.TimeUnit;

/**
 * What one rendering may use. Work is counted, so that the same template is refused on every machine; the clock is a second
 * guard. Used by one thread.
 */
final class Budget {
    static final int MAX_RANGE = 100_000; // as in Jinja's own sandbox

    private static final long WORK = 4_000_000;
    private static final int OUTPUT = 1 << 20;
    private static final int DEPTH = 600;
    private static final int CHARACTERS_A_UNIT = 32;
    private static final long SECONDS = 5;
    private static final int CLOCK_EVERY = 4096;

    private final long maxOutput;
    private final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    private long left;
    private long nextClock;
    private int depth;

    /** @param given characters of the values that the template gets, which it may well write and copy */
    Budget(long given) {
        this.maxOutput = OUTPUT + 4 * given;
        this.left = WORK + 2 * given;
        this.nextClock = left - CLOCK_EVERY;
    }

    /** Counts some work. */
    void spend(long units) {
        left -= 1 + units;
        if (left < 0) {
            throw new TemplateProblem("does not come to an end within " + WORK + " operations");
        }
        if (left < nextClock) {
            nextClock = left - CLOCK_EVERY;
            if (System.nanoTime() - deadline > 0) {
                throw new TemplateProblem("does not come to an end within " + SECONDS + " seconds");
            }
        }
    }

    /** Counts the making of a text or list of so many characters or items, before it is made. */
    void make(long size) {
        limit(size);
        spend(size / CHARACTERS_A_UNIT);
    }

    /** Refuses a text or list that is too large, without counting it; for one that grows. */
    void limit(long size) {
        if (size > maxOutput) {
            throw new TemplateProblem("makes a text or list of more than " + maxOutput + " characters or items");
        }
    }

    String made(String text) {
        make(text.length());
        return text;
    }

    void enter() {
        if (++depth > DEPTH) {
            throw new TemplateProblem("is nested more than " + DEPTH + " deep, or calls itself so often");
        }
        spend(0);
    }

    void leave() {
        depth--;
    }
}
