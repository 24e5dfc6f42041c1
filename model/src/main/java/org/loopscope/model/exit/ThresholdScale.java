package org.loopscope.model.exit;

/**
 * The thresholds of a kind of rule as positions 0 to 1 on a slider.
 *
 * @param low threshold at position 0
 * @param high threshold at position 1
 * @param logarithmic whether equal distances are equal ratios; {@code low} is then above 0
 * @param whole whether only whole numbers count
 */
public record ThresholdScale(double low, double high, boolean logarithmic, boolean whole) {
    public ThresholdScale {
        if (!(low < high) || (logarithmic && !(low > 0))) {
            throw new IllegalArgumentException(
                    "scale: want low < high, above 0 if logarithmic, got " + low + ", " + high);
        }
    }

    static ThresholdScale linear(double low, double high) {
        return new ThresholdScale(low, high, false, false);
    }

    static ThresholdScale logarithmic(double low, double high) {
        return new ThresholdScale(low, high, true, false);
    }

    static ThresholdScale steps(int low, int high) {
        return new ThresholdScale(low, high, false, true);
    }

    /** The threshold at a position; positions beyond 0 and 1 give the ends. */
    public double threshold(double position) {
        double within = Math.max(0, Math.min(1, position));
        if (logarithmic) {
            return within == 0 ? low : within == 1 ? high : low * Math.pow(high / low, within);
        }
        double threshold = low + within * (high - low);
        return whole ? Math.rint(threshold) : threshold;
    }

    /** The position of a threshold, 0 to 1; thresholds beyond the ends are at the ends. */
    public double position(double threshold) {
        double within = Math.max(low, Math.min(high, threshold));
        return logarithmic ? Math.log(within / low) / Math.log(high / low) : (within - low) / (high - low);
    }

    /** The threshold {@code distance} (a share of the scale, signed) away from another, kept on the scale. */
    public double moved(double threshold, double distance) {
        return threshold(position(threshold) + distance);
    }
}
