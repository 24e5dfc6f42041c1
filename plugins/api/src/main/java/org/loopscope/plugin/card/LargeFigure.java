package org.loopscope.plugin.card;

import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.fx.ChartViewer;
import org.jspecify.annotations.Nullable;
import org.loopscope.figure.ChartFigure;
import org.loopscope.figure.Figure;

/**
 * What a large window shows: the figure of a view as it changes, with its title. A chart stands in JFreeChart's own viewer, so
 * that a part of it can be looked at more closely; a new figure is shown whole again.
 */
final class LargeFigure {
    private final FigureView source;
    private final Label title = new Label();
    private final Label subtitle = new Label();
    private final Label zooming =
            new Label("Drag over a part of the chart to enlarge it; double-click to see all of it.");
    private final FigureView view = new FigureView();
    private final StackPane place = new StackPane();
    private final VBox root = new VBox(title, subtitle, place, zooming);
    private final Subscriptions subscriptions = new Subscriptions();
    private @Nullable ChartViewer viewer;

    LargeFigure(FigureView source) {
        this.source = source;
        title.getStyleClass().add("figure-card-title");
        subtitle.getStyleClass().add("figure-card-subtitle");
        zooming.getStyleClass().add("figure-card-subtitle");
        VBox.setVgrow(place, Priority.ALWAYS);
        root.getStyleClass().addAll("figure-card", "figure-window");
        subscriptions.onChange(source.figureProperty(), figure -> show());
        subscriptions.onChange(source.themeProperty(), theme -> show());
        show();
    }

    Parent node() {
        return root;
    }

    private void show() {
        Figure figure = source.figureProperty().get();
        title.setText(figure == null ? "" : figure.title());
        subtitle.setText(figure == null ? "" : figure.subtitle());
        zooming.setVisible(figure instanceof ChartFigure);
        if (figure instanceof ChartFigure chart) {
            showOnly(viewer(chart.chart(source.themeProperty().get())));
        } else {
            view.themeProperty().set(source.themeProperty().get());
            view.figureProperty().set(figure);
            showOnly(view);
        }
    }

    private ChartViewer viewer(JFreeChart chart) {
        ChartViewer shown = viewer;
        if (shown == null) {
            shown = new ChartViewer(chart, false);
            shown.setId("large-chart");
            shown.setOnMouseClicked(e -> {
                if (e.getClickCount() == 2) {
                    show(); // a fresh chart: its axes have the ranges they were made with
                }
            });
            viewer = shown;
        } else {
            shown.setChart(chart);
        }
        return shown;
    }

    private void showOnly(Node node) {
        if (!place.getChildren().contains(node)) {
            place.getChildren().setAll(node);
        }
    }

    /** Drops its listeners on the view it follows. */
    void dispose() {
        subscriptions.drop();
    }
}
