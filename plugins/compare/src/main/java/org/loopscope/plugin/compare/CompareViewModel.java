package org.loopscope.plugin.compare;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Alignment;
import org.loopscope.analysis.compare.CompareValue;
import org.loopscope.analysis.compare.ComparedValue;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.analysis.compare.DistributionPairs;
import org.loopscope.analysis.compare.LoopMatch;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.compare.RunFacts;
import org.loopscope.analysis.compare.StatePairs;
import org.loopscope.analysis.compare.TokenMatch;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.card.LatestWork;
import org.loopscope.plugin.card.Subscriptions;
import org.loopscope.plugin.comparing.CompareFigures;

/** What the Compare panel shows, and what happens when a cell is pointed at or selected. Knows no control. */
final class CompareViewModel {
    /** Values of the heatmaps, in the order of the choice; the exit step is framed in all of them. */
    static final List<CompareValue> VALUES = List.of(
            CompareValue.PROBABILITY,
            CompareValue.ANSWER,
            CompareValue.TOKEN,
            CompareValue.ENTROPY,
            CompareValue.KL_TO_LAST,
            CompareValue.RANK,
            CompareValue.LAMBDA,
            CompareValue.PDF,
            CompareValue.CDF,
            CompareValue.SAME_TOP1,
            CompareValue.KL,
            CompareValue.DISTANCE,
            CompareValue.COSINE);

    /** Values of the exit curves. */
    static final List<CompareValue> EXITS = List.of(CompareValue.CDF, CompareValue.LAMBDA, CompareValue.PDF);

    /** Multiplications after which distributions are read only when they are asked for: about a second. */
    private static final double AT_ONCE = 2e10;

    private final PanelContext context;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ObjectProperty<CompareValue> value = new SimpleObjectProperty<>(CompareValue.PROBABILITY);
    private final ObjectProperty<CompareValue> exitValue = new SimpleObjectProperty<>(CompareValue.CDF);
    private final BooleanProperty difference = new SimpleBooleanProperty();
    private final ObjectProperty<TokenMatch> tokens = new SimpleObjectProperty<>(TokenMatch.FROM_START);
    private final ObjectProperty<LoopMatch> loops = new SimpleObjectProperty<>(LoopMatch.SAME_NUMBER);
    private final ReadOnlyObjectWrapper<@Nullable Comparison> comparison = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<List<HeatmapFigure>> heatmaps = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> curve = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> exitCurve = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<Optional<HeatmapFigure.Cell>> cursor =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<CellNumbers>> numbers = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<List<RunFacts.Fact>> facts = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper progress = new ReadOnlyStringWrapper("");
    private final LatestWork<Comparison> alignWork;
    private final LatestWork<DistributionPairs> distributionWork;
    private final LatestWork<StatePairs> stateWork;
    private final PanelFiguresViewModel figures;
    private Optional<DistributionPairs> distributions = Optional.empty();
    private Optional<StatePairs> states = Optional.empty();
    /** A selected cell that A does not have, so that it cannot be the shared selection. */
    private Optional<HeatmapFigure.Cell> outsideA = Optional.empty();

    CompareViewModel(PanelContext context, Executor fxThread) {
        this.context = context;
        String failure = "These runs could not be compared";
        this.alignWork = new LatestWork<>(context, fxThread, failure);
        this.distributionWork = new LatestWork<>(context, fxThread, failure);
        this.stateWork = new LatestWork<>(context, fxThread, failure);
        this.figures = new PanelFiguresViewModel(context, comparison.getReadOnlyProperty(), fxThread);
        value.addListener(o -> valueChanged());
        exitValue.addListener(o -> refresh());
        difference.addListener(o -> refresh());
        tokens.addListener(o -> align());
        loops.addListener(o -> align());
        subscriptions.onChange(context.selectionProperty(), s -> selected());
        subscriptions.onChange(context.exitRuleProperty(), r -> refresh());
        subscriptions.onChange(context.pinnedTokensProperty(), p -> pinsChanged());
        subscriptions.follow(context.comparedRunsProperty(), r -> align());
    }

    /** Figures of other panels. */
    PanelFiguresViewModel figures() {
        return figures;
    }

    ObjectProperty<CompareValue> valueProperty() {
        return value;
    }

    ObjectProperty<CompareValue> exitValueProperty() {
        return exitValue;
    }

    /** Differences to A instead of values. */
    BooleanProperty differenceProperty() {
        return difference;
    }

    ObjectProperty<TokenMatch> tokensProperty() {
        return tokens;
    }

    ObjectProperty<LoopMatch> loopsProperty() {
        return loops;
    }

    /** The runs, aligned; null while fewer than two are chosen or while they are being aligned. */
    ReadOnlyObjectProperty<@Nullable Comparison> comparisonProperty() {
        return comparison.getReadOnlyProperty();
    }

    /** One a run, A first; empty while there is nothing to show. */
    ReadOnlyObjectProperty<List<HeatmapFigure>> heatmapsProperty() {
        return heatmaps.getReadOnlyProperty();
    }

    /** The value at the selected token, a line a run. */
    ReadOnlyObjectProperty<@Nullable ChartFigure> curveProperty() {
        return curve.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> exitCurveProperty() {
        return exitCurve.getReadOnlyProperty();
    }

    /** The cell that is pointed at in one heatmap, to be framed in all. */
    ReadOnlyObjectProperty<Optional<HeatmapFigure.Cell>> cursorProperty() {
        return cursor.getReadOnlyProperty();
    }

    /** Numbers of the cell that is pointed at, else of the selected one. */
    ReadOnlyObjectProperty<Optional<CellNumbers>> numbersProperty() {
        return numbers.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<List<RunFacts.Fact>> factsProperty() {
        return facts.getReadOnlyProperty();
    }

    /** What cannot be compared, or what to do to see something; empty when all is well. */
    ReadOnlyStringProperty noteProperty() {
        return note.getReadOnlyProperty();
    }

    ReadOnlyStringProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /** The mouse is over a cell of any heatmap, or over none. */
    void point(Optional<HeatmapFigure.Cell> cell) {
        cursor.set(cell);
        showNumbers();
    }

    /** Selects a cell: for every panel where A has it, else here. */
    void select(int row, int column) {
        Comparison now = comparison.get();
        if (now == null) {
            return;
        }
        Alignment alignment = now.alignment();
        if (alignment.has(0, row, column)) {
            outsideA = Optional.empty();
            Selection chosen = new Selection(alignment.position(0, column), alignment.step(0, row));
            if (chosen.equals(context.selectionProperty().get())) {
                refresh();
            } else {
                context.selectionProperty().set(chosen);
            }
        } else {
            outsideA = Optional.of(new HeatmapFigure.Cell(row, column));
            refresh();
        }
    }

    /** As above; the row or column that is empty stays as it is. */
    void select(OptionalInt row, OptionalInt column) {
        Comparison now = comparison.get();
        if (now != null && (row.isPresent() || column.isPresent())) {
            HeatmapFigure.Cell from = selection(now);
            select(row.orElse(from.row()), column.orElse(from.column()));
        }
    }

    /** Moves the selection by columns and rows; stays inside. */
    void move(int columns, int rows) {
        Comparison now = comparison.get();
        if (now != null) {
            HeatmapFigure.Cell from = selection(now);
            select(
                    clamp(from.row() + rows, now.alignment().rows()),
                    clamp(from.column() + columns, now.alignment().columns()));
        }
    }

    private static int clamp(int index, int size) {
        return Math.max(0, Math.min(size - 1, index));
    }

    void dispose() {
        subscriptions.drop();
        figures.dispose();
        alignWork.cancel();
        distributionWork.cancel();
        stateWork.cancel();
    }

    // ---- work

    private void align() {
        distributionWork.cancel();
        stateWork.cancel();
        distributions = Optional.empty();
        states = Optional.empty();
        outsideA = Optional.empty();
        cursor.set(Optional.empty());
        List<NamedInspection> runs = context.comparedRunsProperty().get();
        if (runs.size() < Comparison.LEAST) {
            alignWork.cancel();
            comparison.set(null);
            facts.set(List.of());
            progress.set("");
            refresh();
            return;
        }
        facts.set(RunFacts.of(runs));
        TokenMatch tokenMatch = tokens.get();
        LoopMatch loopMatch = loops.get();
        alignWork.start("", progress::set, control -> Comparison.of(runs, tokenMatch, loopMatch), made -> {
            comparison.set(made);
            valueChanged();
        });
    }

    private void valueChanged() {
        Comparison now = comparison.get();
        boolean old = value.get() == CompareValue.TOKEN
                && now != null
                && !distributions.map(DistributionPairs::token).equals(Optional.of(pinned(now)));
        boolean wanted = value.get().needsDistributions() || now != null && products(now) <= AT_ONCE;
        if (now != null && wanted && (distributions.isEmpty() || old)) {
            distributions = Optional.empty();
            OptionalInt token = pinned(now);
            distributionWork.start(
                    "Comparing distributions",
                    progress::set,
                    control -> DistributionPairs.of(now, token, control),
                    made -> {
                        distributions = Optional.of(made);
                        refresh();
                    });
        }
        if (now != null && states.isEmpty()) {
            stateWork.start("", progress::set, control -> StatePairs.of(now, control), made -> {
                states = Optional.of(made);
                refresh();
            });
        }
        refresh();
    }

    /** Multiplications that reading all distributions takes. */
    private static double products(Comparison now) {
        double cells = (double) now.alignment().rows() * now.alignment().columns() * now.size();
        return cells
                * now.inspection(0).unembedding().vocabSize()
                * now.capture(0).config().hiddenSize();
    }

    /** The token that was pinned last. */
    private OptionalInt pinned(Comparison now) {
        List<Integer> pins = context.pinnedTokensProperty().get();
        int vocabulary = now.inspection(0).unembedding().vocabSize();
        return pins.isEmpty() || pins.get(pins.size() - 1) >= vocabulary
                ? OptionalInt.empty()
                : OptionalInt.of(pins.get(pins.size() - 1));
    }

    private void pinsChanged() {
        Comparison now = comparison.get();
        if (now == null || distributions.map(DistributionPairs::token).equals(Optional.of(pinned(now)))) {
            return;
        }
        if (value.get() == CompareValue.TOKEN) {
            distributions = Optional.empty();
            valueChanged();
        } else if (!value.get().needsDistributions()) {
            distributions = Optional.empty(); // read again when it is asked for
        }
    }

    // ---- what is shown

    private void selected() {
        outsideA = Optional.empty();
        refresh();
    }

    private HeatmapFigure.Cell selection(Comparison now) {
        if (outsideA.isPresent()) {
            return outsideA.get();
        }
        Selection s = context.selectionProperty()
                .get()
                .within(now.capture(0).length(), now.capture(0).steps());
        return new HeatmapFigure.Cell(
                now.alignment().row(0, s.step()), now.alignment().column(0, s.position()));
    }

    private void refresh() {
        Comparison now = comparison.get();
        if (now == null) {
            heatmaps.set(List.of());
            curve.set(null);
            exitCurve.set(null);
            note.set("");
            showNumbers();
            return;
        }
        CompareValue chosen = value.get();
        HeatmapFigure.Cell cell = selection(now);
        boolean ready = (!chosen.needsDistributions() || distributions.isPresent())
                && (!chosen.needsStates() || states.isPresent());
        if (ready) {
            ComparedValue compared = compared(now, chosen);
            heatmaps.set(IntStream.range(0, now.size())
                    .mapToObj(run -> CompareFigures.run(compared, run, difference.get(), cell))
                    .toList());
            curve.set(
                    CompareFigures.curve(CompareFigures.CURVE, compared, cell.column(), cell.row(), difference.get()));
        } else {
            heatmaps.set(List.of());
            curve.set(null);
        }
        exitCurve.set(CompareFigures.curve(
                CompareFigures.EXIT_CURVE,
                compared(now, exitValue.get()),
                cell.column(),
                cell.row(),
                difference.get()));
        note.set(note(now, chosen));
        showNumbers();
    }

    private ComparedValue compared(Comparison now, CompareValue of) {
        return ComparedValue.of(now, of, context.exitRuleProperty().get(), distributions, states);
    }

    private String note(Comparison now, CompareValue chosen) {
        if (chosen == CompareValue.TOKEN && pinned(now).isEmpty()) {
            return "No token is pinned. Click a cell of the Logit lens, or a predicted token in the inspector, to choose one.";
        }
        return IntStream.range(1, now.size())
                .mapToObj(run -> now.refusal(chosen, run))
                .flatMap(Optional::stream)
                .distinct()
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }

    private void showNumbers() {
        Comparison now = comparison.get();
        if (now == null) {
            numbers.set(Optional.empty());
            return;
        }
        HeatmapFigure.Cell cell = Objects.requireNonNull(cursor.get()).orElseGet(() -> selection(now));
        numbers.set(Optional.of(CellNumbers.of(now, context.exitRuleProperty().get(), distributions, states, cell)));
    }
}
