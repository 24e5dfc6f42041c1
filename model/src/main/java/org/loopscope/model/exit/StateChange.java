package org.loopscope.model.exit;

/** How the state of one token moves from step to step, summed in double; states are [d], after the final norm. */
public final class StateChange {
    private StateChange() {}

    /** ‖h − h_before‖ / ‖h_before‖; NaN if the earlier state is zero. */
    public static double relative(float[] before, float[] now) {
        double change = 0;
        double size = 0;
        for (int i = 0; i < now.length; i++) {
            double difference = (double) now[i] - before[i];
            change += difference * difference;
            size += (double) before[i] * before[i];
        }
        return Math.sqrt(change) / Math.sqrt(size) + (size == 0 ? Double.NaN : 0);
    }

    /**
     * ‖Δ − Δ_before‖ / (‖Δ‖ + ‖Δ_before‖) of the last two moves of three successive states; NaN if nothing moves. Normed
     * like this it lies in [0, 1] whatever the size of the states; exit rules on the bare ‖Δ − Δ_before‖ need a threshold
     * of their own for every model.
     */
    public static double acceleration(float[] first, float[] second, float[] third) {
        double bend = 0;
        double before = 0;
        double now = 0;
        for (int i = 0; i < third.length; i++) {
            double a = (double) second[i] - first[i];
            double b = (double) third[i] - second[i];
            bend += (b - a) * (b - a);
            before += a * a;
            now += b * b;
        }
        double moves = Math.sqrt(before) + Math.sqrt(now);
        return moves == 0 ? Double.NaN : Math.sqrt(bend) / moves;
    }

    /** 1 − cos(now, before), 0 to 2; NaN if one of them is zero. */
    static double cosineDistance(float[] before, float[] now) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < now.length; i++) {
            product += (double) before[i] * now[i];
            first += (double) before[i] * before[i];
            second += (double) now[i] * now[i];
        }
        return Math.max(0, 1 - product / (Math.sqrt(first) * Math.sqrt(second)))
                + (first == 0 || second == 0 ? Double.NaN : 0);
    }

    /**
     * ‖Δ‖ · r / (1 − r) / ‖h‖ with r = ‖Δ‖ / ‖Δ_before‖: the length of all moves still to come if each is r times the one before,
     * as a share of the last of three successive states. 0 where the last move is none; NaN where r is undefined or 1 or more.
     */
    static double distanceLeft(float[] first, float[] second, float[] third) {
        double before = 0;
        double now = 0;
        double size = 0;
        for (int i = 0; i < third.length; i++) {
            double a = (double) second[i] - first[i];
            double b = (double) third[i] - second[i];
            before += a * a;
            now += b * b;
            size += (double) third[i] * third[i];
        }
        if (now == 0) {
            return 0;
        }
        double ratio = Math.sqrt(now) / Math.sqrt(before);
        return ratio < 1 ? Math.sqrt(now) * ratio / (1 - ratio) / Math.sqrt(size) : Double.NaN;
    }
}
