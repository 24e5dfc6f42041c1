package org.loopscope.plugin.card;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;
import org.loopscope.figure.HeatmapFigure;

/**
 * Makes the heatmap of a card usable: hover, click, and a scroll bar when there are more columns than can be read side
 * by side. The selected column stays in sight.
 */
public final class HeatmapView {
    /** What the hover shows for a cell. */
    @FunctionalInterface
    public interface Hover {
        Optional<Node> content(int row, int column);
    }

    /** What a click on a cell does. */
    @FunctionalInterface
    public interface Click {
        /** @param keep whether Ctrl, Shift or Cmd was held: what earlier clicks did is kept */
        void on(int row, int column, boolean keep);
    }

    private static final double READABLE = 40;
    private static final double HOVER_GAP = 14;

    private final FigureCard card;
    private final Hover hover;
    private final ObjectProperty<@Nullable HeatmapFigure> figure = new SimpleObjectProperty<>();
    private final ScrollBar scroll = new ScrollBar();
    private final CheckBox fit = new CheckBox("All tokens");
    private final Tooltip tooltip = new Tooltip();
    private final Subscriptions subscriptions = new Subscriptions();
    private Click click = (row, column, keep) -> {};
    private HeatmapFigure.@Nullable Cell hovered;
    private HeatmapFigure.@Nullable Cell pointed;
    private int lastSelectedColumn = -1;
    private int lastFits;
    private double readable = READABLE;
    private Consumer<Optional<HeatmapFigure.Cell>> onHover = cell -> {};
    private Optional<HeatmapFigure.Cell> marked = Optional.empty();

    public HeatmapView(FigureCard card, Hover hover) {
        this.card = card;
        this.hover = hover;
        scroll.setOrientation(Orientation.HORIZONTAL);
        scroll.setId(card.getId() + "-scroll");
        scroll.setAccessibleText("Tokens shown");
        scroll.setManaged(false);
        scroll.setVisible(false);
        card.setFooter(scroll);
        fit.setId(card.getId() + "-fit");
        fit.setTooltip(new Tooltip("Squeeze all tokens into the width, without their texts"));
        fit.setMinWidth(Region.USE_PREF_SIZE);
        fit.managedProperty().bind(fit.visibleProperty());
        fit.setVisible(false);
        fit.selectedProperty().addListener(o -> show());
        tooltip.getStyleClass().add("card-hover");
        subscriptions.onChange(figure, f -> show());
        subscriptions.onChange(scroll.valueProperty(), v -> show());
        subscriptions.onChange(card.view().widthProperty(), w -> show());
        subscriptions.onChange(card.view().heightProperty(), h -> placeMark());
        subscriptions.onChange(card.view().textSizeProperty(), size -> {
            show();
            placeMark();
        });
        subscriptions.onChange(card.figureProperty(), shown -> placeMark());
        card.view().addEventHandler(MouseEvent.MOUSE_MOVED, this::moved);
        card.view().addEventHandler(MouseEvent.MOUSE_EXITED, e -> left());
        card.view().addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
    }

    /** The whole heatmap; the card shows the part of it that fits. */
    public ObjectProperty<@Nullable HeatmapFigure> figureProperty() {
        return figure;
    }

    /** Called with row and column of a cell that is clicked. */
    public void setOnSelect(BiConsumer<Integer, Integer> action) {
        click = (row, column, keep) -> action.accept(row, column);
    }

    /** As {@link #setOnSelect}, for clicks that mean more with a key held. */
    public void setOnClick(Click action) {
        click = action;
    }

    /** Told which cell the mouse is over, whenever that changes; empty when it leaves. */
    public void setOnHover(Consumer<Optional<HeatmapFigure.Cell>> action) {
        onHover = action;
    }

    /** Frames a cell without drawing the figure again, such as the one the mouse is over in another heatmap. */
    public void mark(Optional<HeatmapFigure.Cell> cell) {
        marked = cell;
        placeMark();
    }

    /** First column in sight, for heatmaps that scroll together. */
    public DoubleProperty scrollProperty() {
        return scroll.valueProperty();
    }

    /** Whether all columns are squeezed into the width. */
    public BooleanProperty fitProperty() {
        return fit.selectedProperty();
    }

    /** A box to squeeze all columns into the width; visible when they would not fit readably. */
    public Node fitControl() {
        return fit;
    }

    /** Shows all columns always, however narrow: for a heatmap that is read as a whole. */
    public void showWhole() {
        readable = 1;
        show();
    }

    public void dispose() {
        hide();
        subscriptions.drop();
        figure.unbind();
    }

    private void show() {
        HeatmapFigure whole = figure.get();
        if (whole == null) {
            if (card.figureProperty().get() instanceof HeatmapFigure) { // else it is none of ours
                card.figureProperty().set(null);
            }
            return;
        }
        double width = card.view().figureWidth();
        int fits = width < 50 ? whole.columns() : whole.columnsThatFit(width, readable);
        boolean tooMany = whole.columns() > fits;
        fit.setVisible(tooMany);
        boolean scrolled = tooMany && !fit.isSelected();
        scroll.setVisible(scrolled);
        scroll.setManaged(scrolled);
        if (!scrolled) {
            card.figureProperty().set(whole);
            return;
        }
        int hidden = whole.columns() - fits;
        scroll.setMax(hidden);
        scroll.setVisibleAmount((double) hidden * fits / whole.columns());
        scroll.setBlockIncrement(fits);
        follow(whole, fits, hidden);
        card.figureProperty()
                .set(whole.toBuilder()
                        .window((int) Math.round(scroll.getValue()), fits)
                        .build());
    }

    private void placeMark() {
        double width = card.view().figureWidth();
        double height = card.view().figureHeight();
        boolean shown = card.figureProperty().get() instanceof HeatmapFigure figure
                && marked.filter(cell -> figure.shows(cell.row(), cell.column()))
                        .isPresent();
        card.view()
                .mark(
                        shown && card.figureProperty().get() instanceof HeatmapFigure figure
                                ? marked.map(cell -> figure.cellBounds(cell.row(), cell.column(), width, height))
                                        .orElse(null)
                                : null);
    }

    /** Scrolls the selected column into sight when it is newly selected, or when another number of columns fits. */
    private void follow(HeatmapFigure whole, int fits, int hidden) {
        int column = whole.selected().map(HeatmapFigure.Cell::column).orElse(-1);
        int first = (int) Math.round(scroll.getValue());
        if ((column != lastSelectedColumn || fits != lastFits)
                && column >= 0
                && (column < first || column >= first + fits)) {
            lastSelectedColumn = column; // before the value, which calls back
            lastFits = fits;
            scroll.setValue(Math.max(0, Math.min(hidden, column - fits / 2)));
        }
        lastSelectedColumn = column;
        lastFits = fits;
    }

    private Optional<HeatmapFigure.Cell> cellAt(MouseEvent e) {
        return card.figureProperty().get() instanceof HeatmapFigure shown
                ? shown.cellAt(
                        e.getX() / card.view().zoom(),
                        e.getY() / card.view().zoom(),
                        card.view().figureWidth(),
                        card.view().figureHeight())
                : Optional.empty();
    }

    private void clicked(MouseEvent e) {
        if (e.getButton() == MouseButton.PRIMARY) {
            boolean keep = e.isShortcutDown() || e.isShiftDown();
            cellAt(e).ifPresent(cell -> click.on(cell.row(), cell.column(), keep));
        }
    }

    private void moved(MouseEvent e) {
        Optional<HeatmapFigure.Cell> cell = cellAt(e);
        HeatmapFigure.@Nullable Cell now = cell.orElse(null);
        if (!Objects.equals(now, pointed)) {
            pointed = now;
            onHover.accept(cell);
        }
        Optional<Node> content = cell.flatMap(c -> hover.content(c.row(), c.column()));
        if (content.isEmpty()) {
            hide();
            return;
        }
        if (!cell.get().equals(hovered)) {
            hovered = cell.get();
            tooltip.setGraphic(content.get());
        }
        tooltip.show(card.view(), e.getScreenX() + HOVER_GAP, e.getScreenY() + HOVER_GAP);
    }

    private void left() {
        hide();
        if (pointed != null) {
            pointed = null;
            onHover.accept(Optional.empty());
        }
    }

    private void hide() {
        hovered = null;
        tooltip.hide();
    }
}
