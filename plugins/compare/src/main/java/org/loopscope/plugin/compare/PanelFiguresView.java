package org.loopscope.plugin.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.Comparison;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureDifference;
import org.loopscope.figure.HeatmapFigure;
import org.loopscope.figure.LinkedCells;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.HeatmapView;
import org.loopscope.plugin.card.LegendSide;

/** The same figure of every run, and each run's difference to A below, as cards. */
final class PanelFiguresView {
    /** Columns that can be read in half the width. */
    private static final int HALF_WIDTH = 10;

    /** A chosen place of the alignment; a part that the cell does not stand for is empty. */
    @FunctionalInterface
    interface Select {
        void at(OptionalInt row, OptionalInt column);
    }

    private static final class Place {
        final FigureCard card;
        final HeatmapView view;
        final Runnable legend;
        final Label run = new Label();
        final VBox node;

        Place(FigureCard card, PanelContext context) {
            this.card = card;
            run.setId(card.getId() + "-run");
            run.getStyleClass().add("card-strong");
            VBox.setVgrow(card, Priority.ALWAYS);
            this.node = new VBox(4, run, card);
            GridPane.setHgrow(node, Priority.ALWAYS);
            this.view = new HeatmapView(card, (row, column) -> Optional.empty());
            this.legend = LegendSide.in(card, context);
        }

        void show(String name, @Nullable Figure figure, String sentence) {
            run.setText(name);
            run.setVisible(!name.isEmpty());
            run.setManaged(!name.isEmpty());
            card.setEmptyText(sentence);
            view.figureProperty().set(figure instanceof HeatmapFigure grid ? grid : null);
            if (!(figure instanceof HeatmapFigure)) {
                card.figureProperty().set(figure);
            }
        }
    }

    private final List<Place> places = new ArrayList<>(); // runs A to D, then the differences of B to D
    private final GridPane grid = new GridPane();
    private final Select select;
    private PanelFiguresViewModel.@Nullable Shown shown;

    PanelFiguresView(PanelContext context, Select select) {
        this.select = select;
        grid.setId("compare-figures");
        grid.getStyleClass().add("compare-grid");
        grid.setHgap(10);
        grid.setVgap(10);
        for (int run = 0; run < Comparison.MOST; run++) {
            add("compared-" + letter(run), "Run " + Comparison.letter(run), context);
        }
        for (int run = 1; run < Comparison.MOST; run++) {
            add("difference-" + letter(run), Comparison.letter(run) + " − A", context);
        }
    }

    private static String letter(int run) {
        return Comparison.letter(run).toLowerCase(Locale.ROOT);
    }

    private void add(String id, String title, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, () -> CompareProvider.HELP);
        card.letTitleShrink();
        Place place = new Place(card, context);
        int index = places.size();
        if (index > 0) {
            place.view.fitProperty().bindBidirectional(places.get(0).view.fitProperty());
        }
        place.view.setOnHover(cell -> mark(index, cell));
        place.view.setOnSelect((row, column) -> chosen(index, new HeatmapFigure.Cell(row, column)));
        places.add(place);
    }

    Node node() {
        return grid;
    }

    /** Squeezes all columns into the width. */
    Node fitControl() {
        return places.get(0).view.fitControl();
    }

    void show(PanelFiguresViewModel.@Nullable Shown now) {
        shown = now;
        int runs = now == null ? 0 : now.entry().ofRuns().size();
        for (int run = 0; now != null && run < runs; run++) {
            String letter = Comparison.letter(run);
            Figure figure = now.entry().ofRuns().get(run).orElse(null);
            places.get(run).show(letter + "  " + now.names().get(run), figure, letter + " has no such figure.");
        }
        for (int run = 1; now != null && run < runs; run++) {
            FigureDifference.Result result = now.differences().get(run - 1);
            places.get(place(run, Comparison.MOST)).show("", result.figure().orElse(null), result.sentence());
        }
        arrange(runs);
    }

    /** Where the difference of a run stands among figures of which {@code runs} are of runs. */
    private static int place(int run, int runs) {
        return runs + run - 1;
    }

    private void mark(int index, Optional<HeatmapFigure.Cell> cell) {
        PanelFiguresViewModel.Shown now = shown;
        if (now == null) {
            return;
        }
        int runs = now.entry().ofRuns().size();
        OptionalInt from = number(index, runs);
        for (int other = 0; other < places.size(); other++) {
            OptionalInt to = number(other, runs);
            boolean both = from.isPresent() && to.isPresent() && other != index;
            Optional<HeatmapFigure.Cell> partner =
                    both ? cell.flatMap(c -> now.cells().partner(from.getAsInt(), c, to.getAsInt())) : Optional.empty();
            places.get(other).view.mark(other == index ? cell : partner);
        }
    }

    /** The number of a card's figure among those of so many runs, see {@link LinkedCells}; empty for a card without. */
    private static OptionalInt number(int index, int runs) {
        if (index < Comparison.MOST) {
            return index < runs ? OptionalInt.of(index) : OptionalInt.empty();
        }
        int run = index - Comparison.MOST + 1;
        return run < runs ? OptionalInt.of(place(run, runs)) : OptionalInt.empty();
    }

    private void chosen(int index, HeatmapFigure.Cell cell) {
        PanelFiguresViewModel.Shown now = shown;
        if (now != null) {
            number(index, now.entry().ofRuns().size())
                    .ifPresent(figure ->
                            select.at(now.cells().row(figure, cell), now.cells().column(figure, cell)));
        }
    }

    private void arrange(int runs) {
        grid.getChildren().clear();
        grid.getColumnConstraints().clear();
        PanelFiguresViewModel.Shown now = shown;
        if (now == null) {
            return;
        }
        boolean wide = now.entry().ofRuns().stream()
                .flatMap(Optional::stream)
                .anyMatch(f -> f instanceof HeatmapFigure heatmap && heatmap.columns() > HALF_WIDTH);
        int columns = wide ? 1 : 2;
        for (int i = 0; i < columns; i++) {
            ColumnConstraints share = new ColumnConstraints();
            share.setPercentWidth(100.0 / columns);
            grid.getColumnConstraints().add(share);
        }
        int next = 0;
        for (int run = 0; run < runs; run++, next++) {
            grid.add(places.get(run).node, next % columns, next / columns);
        }
        next += next % columns; // differences begin a new line
        for (int run = 1; run < runs; run++, next++) {
            int span = runs == 2 ? columns : 1; // one alone has the whole width
            grid.add(places.get(place(run, Comparison.MOST)).node, next % columns, next / columns, span, 1);
        }
    }

    void dispose() {
        for (Place place : places) {
            place.legend.run();
            place.view.dispose();
            place.card.figureProperty().set(null);
            place.card.dispose();
        }
    }
}
