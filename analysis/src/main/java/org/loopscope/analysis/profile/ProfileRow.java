package org.loopscope.analysis.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.sweep.SweepRow.Scope;

/**
 * One prompt at one place.
 *
 * @param prompt its number in the set, from 1
 * @param group of the prompt, or the empty text
 * @param scope which tokens are averaged: those whose prediction is for a token of the prompt, of the answer, or generated;
 *     {@link Scope#PROBLEM} for a prompt that could not be measured
 * @param tokens how many
 * @param means of every value of the kind; NaN where no token has one
 */
record ProfileRow(int prompt, String group, Scope scope, DepthPoint place, int tokens, double[] means) {

    /** As in a file, up to the values. */
    List<String> cells() {
        List<String> cells = new ArrayList<>();
        cells.add(Integer.toString(prompt));
        cells.add(group);
        cells.add(scope.cliName());
        cells.add(Integer.toString(place.step()));
        cells.add(place.layer().isPresent() ? Integer.toString(place.layer().getAsInt()) : "");
        cells.add(Integer.toString(tokens));
        for (double mean : means) {
            cells.add(Double.isNaN(mean) ? "" : Double.toString(mean));
        }
        return cells;
    }

    /** @throws NumberFormatException if the cells are not those of a row */
    static ProfileRow of(Map<String, String> cells, ProfileKind kind) {
        String scope = cell(cells, "scope");
        int step = Integer.parseInt(cell(cells, "step"));
        String layer = cell(cells, "layer");
        return new ProfileRow(
                Integer.parseInt(cell(cells, "prompt")),
                cell(cells, "group").intern(),
                Scope.named(scope).orElseThrow(() -> new NumberFormatException("scope \"" + scope + "\"")),
                layer.isEmpty() ? DepthPoint.stepOutput(step) : DepthPoint.layer(step, Integer.parseInt(layer)),
                Integer.parseInt(cell(cells, "tokens")),
                kind.measured().stream()
                        .mapToDouble(value -> number(cell(cells, value.column())))
                        .toArray());
    }

    private static double number(String text) {
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }

    private static String cell(Map<String, String> cells, String column) {
        return cells.getOrDefault(column, "");
    }
}
