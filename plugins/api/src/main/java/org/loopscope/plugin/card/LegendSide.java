package org.loopscope.plugin.card;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.ChartLegend;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureTheme;
import org.loopscope.plugin.PanelContext;

/** The legend of a chart at the right of its card; files have it in the picture. */
public final class LegendSide {
    private final PanelContext context;
    private final FigureCard card;
    private final VBox root = new VBox(6);
    private final Subscriptions subscriptions = new Subscriptions();

    private LegendSide(FigureCard card, PanelContext context) {
        this.context = context;
        this.card = card;
        root.getStyleClass().add("chart-legend");
        subscriptions.follow(card.figureProperty(), f -> show());
        subscriptions.onChange(context.themeProperty(), t -> show());
        card.setSide(root);
    }

    /** Shows the legend of whatever chart the card shows; gives what ends that. */
    public static Runnable in(FigureCard card, PanelContext context) {
        return new LegendSide(card, context).subscriptions::drop;
    }

    private void show() {
        root.getChildren().clear();
        @Nullable Figure figure = card.figureProperty().get();
        if (figure instanceof ChartFigure chart && chart.legend().isPresent()) {
            ChartLegend legend = chart.legend().get();
            Label title = new Label(legend.title());
            title.getStyleClass().add("card-label");
            root.getChildren().add(title);
            legend.entries().forEach(entry -> root.getChildren().add(row(entry)));
        }
        root.setVisible(!root.getChildren().isEmpty());
        root.setManaged(root.isVisible());
    }

    private HBox row(ChartLegend.Entry entry) {
        FigureTheme theme = context.themeProperty().get();
        Region swatch = LegendSwatch.of(entry.mark(), theme.series(entry.series()));
        Label name = new Label(entry.label());
        name.getStyleClass().add("legend-token");
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        Label value = new Label(entry.value());
        value.getStyleClass().add("legend-value");
        value.setMinWidth(Region.USE_PREF_SIZE);
        HBox row = new HBox(7, swatch, name, space, value);
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }
}
