package org.loopscope.analysis.lens;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.loopscope.analysis.table.Tables;
import org.loopscope.model.Capture;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.RunControl;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Probability of token groups as the prediction at some positions, by step or by step and layer: the exact sum of the
 * softmax over the group's tokens, not over the top k. Immutable.
 */
public final class GroupTrajectories {
    private final Capture capture;
    private final List<Integer> positions;
    private final List<DepthPoint> rows;
    private final List<TokenGroup> groups;
    private final String statement;
    private final String lens;
    private final double[][][] probability; // [positions][groups][rows]

    private GroupTrajectories(
            Capture capture,
            List<Integer> positions,
            List<DepthPoint> rows,
            List<TokenGroup> groups,
            String statement,
            String lens) {
        this.lens = lens;
        this.capture = capture;
        this.positions = List.copyOf(positions);
        this.rows = List.copyOf(rows);
        this.groups = List.copyOf(groups);
        this.statement = statement;
        this.probability = new double[positions.size()][groups.size()][rows.size()];
    }

    /**
     * @param layers rows for every layer of every step (the final norm applied once) instead of the step outputs
     * @throws IllegalStateException if layers are asked for and the capture has none
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled
     */
    public static GroupTrajectories of(
            Capture capture,
            Unembedding unembedding,
            List<Integer> positions,
            List<TokenGroup> groups,
            boolean layers,
            RunControl control) {
        if (layers) {
            String statement = "residual stream after each layer, final norm applied once, "
                    + capture.model().computeDtype();
            return layers(capture, unembedding, positions, groups, StateTranslator.IDENTITY, statement, control);
        }
        String statement =
                "step outputs, final norm applied once, " + capture.model().computeDtype();
        List<DepthPoint> rows = IntStream.rangeClosed(1, capture.steps())
                .mapToObj(DepthPoint::stepOutput)
                .toList();
        return new GroupTrajectories(capture, positions, rows, groups, statement, StateTranslator.IDENTITY.lens())
                .read(unembedding, StateTranslator.IDENTITY, control);
    }

    /**
     * Rows for every layer of every step, of states that {@code translator} has changed, which {@code statement} says.
     *
     * @throws IllegalStateException and others as above
     */
    public static GroupTrajectories layers(
            Capture capture,
            Unembedding unembedding,
            List<Integer> positions,
            List<TokenGroup> groups,
            StateTranslator translator,
            String statement,
            RunControl control) {
        List<DepthPoint> rows = new ArrayList<>();
        for (int t = 1; t <= capture.steps(); t++) {
            for (int l = 0; l < capture.config().layers(); l++) {
                rows.add(DepthPoint.layer(t, l));
            }
        }
        return new GroupTrajectories(capture, positions, rows, groups, statement, translator.lens())
                .read(unembedding, translator, control);
    }

    private GroupTrajectories read(Unembedding unembedding, StateTranslator translator, RunControl control) {
        float[] logits = new float[unembedding.vocabSize()];
        float[] state = new float[unembedding.hiddenSize()];
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < positions.size(); i++) {
            for (int row = 0; row < rows.size(); row++) {
                control.checkCancelled();
                state(row, positions.get(i), state);
                if (rows.get(row).layer().isPresent()) {
                    translator.translate(rows.get(row), state, 0, 1);
                    unembedding.finalNorm(state, 1, state); // step outputs are normed already
                }
                unembedding.logits(state, 1, logits);
                Softmax.probabilities(logits, 0, logits.length, probabilities);
                for (int g = 0; g < groups.size(); g++) {
                    for (int id : groups.get(g).ids()) {
                        probability[i][g][row] += probabilities[id];
                    }
                }
            }
            control.progress("token groups", i + 1, positions.size());
        }
        return this;
    }

    private void state(int row, int position, float[] out) {
        capture.states(rows.get(row).site(), position, 1, out, 0);
    }

    /** Which lens was read, what was normed and the arithmetic; as {@link LensGrid#statement}. */
    public String statement() {
        return statement;
    }

    public List<TokenGroup> groups() {
        return groups;
    }

    /** The depths, from the first step to the last. */
    public List<DepthPoint> rows() {
        return rows;
    }

    /** Probability of a group at {@code positions.get(index)}, all 0-based. */
    public double probability(int index, int group, int row) {
        return probability[index][group][row];
    }

    /**
     * One line per position, group and row: {@code position}, {@code token}, {@code group}, {@code tokens} (of the group),
     * {@code step}, {@code layer} (missing for step outputs), {@code probability}, {@code lens} ({@link LensGrid#lens}).
     */
    public Table toTable() {
        IntColumn position = IntColumn.create("position");
        StringColumn token = StringColumn.create("token");
        StringColumn group = StringColumn.create("group");
        IntColumn tokens = IntColumn.create("tokens");
        IntColumn step = IntColumn.create("step");
        IntColumn layer = IntColumn.create("layer");
        DoubleColumn probabilities = DoubleColumn.create("probability");
        for (int i = 0; i < positions.size(); i++) {
            for (int g = 0; g < groups.size(); g++) {
                for (int row = 0; row < rows.size(); row++) {
                    position.append(positions.get(i));
                    token.append(capture.tokenText(positions.get(i)));
                    group.append(groups.get(g).name());
                    tokens.append(groups.get(g).ids().size());
                    step.append(rows.get(row).step());
                    Tables.append(layer, rows.get(row).layer());
                    probabilities.append(probability(i, g, row));
                }
            }
        }
        Table table = Table.create("groups", position, token, group, tokens, step, layer, probabilities);
        return Tables.withText(table, "lens", lens);
    }
}
