package org.loopscope.analysis.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a row or column of one run's figure stands for, so that it can be found in another run's: a token by its column of the
 * {@link Alignment}, a loop (also one of its layers) by its row, anything else by its label.
 *
 * @param key equal for what belongs together; each once on an axis
 * @param label what the row or column is called
 */
public record AxisKey(String key, String label) {
    /** {@code loop 3}, {@code loop 3, layer 2}, and {@code 3·L07} as a lens writes layer 7 of step 3. */
    private static final Pattern LOOP = Pattern.compile("(?:loop (\\d+)(?!\\d)(.*))|(?:(\\d+)(·L\\d+))");

    /** Of tokens, one key a position. */
    public static List<AxisKey> ofTokens(Comparison comparison, int run, List<String> labels) {
        List<AxisKey> keys = new ArrayList<>();
        for (int position = 0; position < labels.size(); position++) {
            keys.add(new AxisKey("token " + comparison.alignment().column(run, position), labels.get(position)));
        }
        return keys;
    }

    /** Of other labels; the second of two equal ones is matched with the second of the other run. */
    public static List<AxisKey> of(Comparison comparison, int run, List<String> labels) {
        Map<String, Integer> seen = new HashMap<>();
        List<AxisKey> keys = new ArrayList<>();
        for (String label : labels) {
            AxisKey named = ofLabel(comparison, run, label);
            int before = seen.merge(named.key, 1, Integer::sum) - 1;
            keys.add(before == 0 ? named : new AxisKey(named.key + " #" + (before + 1), named.label));
        }
        return keys;
    }

    private static AxisKey ofLabel(Comparison comparison, int run, String label) {
        Alignment alignment = comparison.alignment();
        Matcher loop = LOOP.matcher(label);
        if (loop.matches()) {
            boolean spelled = loop.group(1) != null;
            String digits = spelled ? loop.group(1) : loop.group(3);
            String rest = spelled ? loop.group(2) : loop.group(4);
            int step = digits.length() > 6 ? 0 : Integer.parseInt(digits);
            if (step >= 1 && step <= comparison.capture(run).steps()) {
                int row = alignment.row(run, step);
                boolean sameNumber = alignment.rowLabel(row).equals("loop " + step);
                return new AxisKey("row " + row + rest, sameNumber ? label : alignment.rowLabel(row) + rest);
            }
        }
        return new AxisKey("label " + label, label);
    }
}
