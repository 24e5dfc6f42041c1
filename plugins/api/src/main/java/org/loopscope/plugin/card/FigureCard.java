package org.loopscope.plugin.card;

import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.loopscope.figure.Figure;
import org.loopscope.model.base.ForeignText;
import org.loopscope.plugin.PanelContext;

/**
 * A white card around one figure: title and subtitle, buttons to copy, save, maximise and explain it, room for a toolbar
 * above and controls beside. Node ids begin with {@code card-} and the figure's id. Uses the style classes of
 * {@code cards.css}, see {@link #STYLESHEET}.
 */
public final class FigureCard extends VBox {
    /** The style sheet that the window adds to its scene. */
    public static final String STYLESHEET = "/org/loopscope/plugin/cards.css";

    private static final KeyCombination COPY = new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

    private static final double SHORTEST_TITLE = 90;

    private final String name;
    private final FigureActions actions;
    private final FigureView view = new FigureView();
    private final Label title = new Label();
    private final Label subtitle = new Label();
    private final Tooltip subtitleTip =
            new Tooltip(); // kept: each one is a scene of its own, and sliders change the text
    private final Label empty = new Label();
    private final BorderPane body = new BorderPane();
    private final Subscriptions subscriptions = new Subscriptions();
    private double minWidthKnown = Double.NaN; // that minHeightKnown belongs to
    private double minHeightKnown;
    private double prefWidthKnown = Double.NaN; // that prefHeightKnown belongs to
    private double prefHeightKnown;

    /**
     * An empty card.
     *
     * @param figureId id of the figures it will show
     * @param titleWhenEmpty what stands in the header while there is none
     * @param help opens as help text
     */
    public FigureCard(String figureId, String titleWhenEmpty, PanelContext context, Supplier<String> help) {
        this.name = "card-" + figureId;
        this.actions = new FigureActions(context);
        setId(name);
        getStyleClass().add("figure-card");
        view.setId(name + "-figure");
        view.setFocusTraversable(true);
        title.setText(titleWhenEmpty);
        title.setId(name + "-title");
        title.getStyleClass().add("figure-card-title");
        title.setMinWidth(USE_PREF_SIZE);
        subtitle.getStyleClass().add("figure-card-subtitle");
        empty.getStyleClass().add("card-empty");
        empty.setWrapText(true);
        BooleanBinding none = view.figureProperty().isNull();
        empty.visibleProperty().bind(none);
        view.visibleProperty().bind(none.not());
        body.setCenter(new StackPane(view, empty));
        VBox.setVgrow(body, Priority.ALWAYS);
        getChildren().addAll(header(context, help, none), body);
        menu(context, help);
        subscriptions.follow(
                context.themeProperty(), theme -> view.themeProperty().set(theme));
        subscriptions.onChange(view.figureProperty(), figure -> describe(figure, titleWhenEmpty));
    }

    private CardHeader header(PanelContext context, Supplier<String> help, BooleanBinding none) {
        Button copy = button("copy", "Copy picture (Ctrl+C)", CardIcon.COPY, () -> withFigure(actions::copyPicture));
        Button save = button("save", "Save as PNG, SVG or CSV", CardIcon.SAVE, this::save);
        Button maximise = button("maximise", "Show in a large window", CardIcon.MAXIMISE, () -> actions.maximise(view));
        for (Button needsFigure : new Button[] {copy, save, maximise}) {
            needsFigure.disableProperty().bind(none);
        }
        Button explain = button("help", "What this shows", CardIcon.HELP, () -> help(context, help));
        HBox buttons = new HBox(copy, save, maximise, explain);
        buttons.getStyleClass().add("card-buttons");
        buttons.setMinWidth(USE_PREF_SIZE);
        CardHeader header = new CardHeader(title, subtitle, buttons);
        header.getStyleClass().add("figure-card-header");
        return header;
    }

    private Button button(String action, String text, CardIcon icon, Runnable run) {
        Button button = new Button();
        button.setId(name + "-" + action);
        StackPane graphic = new StackPane(icon.node());
        graphic.getStyleClass().add("card-icon-box");
        button.setGraphic(graphic);
        button.getStyleClass().setAll("button", "card-button");
        button.setTooltip(new Tooltip(text));
        button.setAccessibleText(text + ": " + title.getText());
        button.setOnAction(e -> run.run());
        return button;
    }

    private void menu(PanelContext context, Supplier<String> help) {
        MenuItem maximise = item("Show in a large window", () -> actions.maximise(view));
        MenuItem copy = item("Copy picture", () -> withFigure(actions::copyPicture));
        MenuItem copyData = item("Copy data as CSV", () -> withFigure(actions::copyData));
        MenuItem save = item("Save as PNG, SVG or CSV…", this::save);
        MenuItem explain = item("What this shows", () -> help(context, help));
        ContextMenu menu = new ContextMenu(copy, copyData, save, maximise, explain);
        for (MenuItem item : new MenuItem[] {copy, copyData, save, maximise}) {
            item.disableProperty().bind(view.figureProperty().isNull());
        }
        view.setOnContextMenuRequested(e -> {
            menu.show(view, e.getScreenX(), e.getScreenY());
            e.consume();
        });
        view.setOnMousePressed(e -> {
            menu.hide();
            view.requestFocus();
        });
        addEventHandler(javafx.scene.input.KeyEvent.KEY_PRESSED, e -> {
            if (COPY.match(e) && view.isFocused()) {
                withFigure(actions::copyPicture);
                e.consume();
            }
        });
    }

    private static MenuItem item(String text, Runnable run) {
        MenuItem item = new MenuItem(text);
        item.setOnAction(e -> run.run());
        return item;
    }

    private void help(PanelContext context, Supplier<String> help) {
        context.showHelp(title.getText(), help.get());
    }

    private void save() {
        withFigure(figure ->
                actions.save(figure, getScene() == null ? null : getScene().getWindow()));
    }

    private void withFigure(Consumer<Figure> action) {
        Figure figure = view.figureProperty().get();
        if (figure != null) {
            action.accept(figure);
        }
    }

    private void describe(@Nullable Figure figure, String titleWhenEmpty) {
        title.setText(figure == null ? titleWhenEmpty : figure.title());
        subtitle.setText(figure == null ? "" : figure.subtitle());
        subtitleTip.setText(subtitle.getText());
        subtitle.setTooltip(subtitle.getText().isEmpty() ? null : subtitleTip);
    }

    /** The figure shown; null shows the empty text. */
    public ObjectProperty<@Nullable Figure> figureProperty() {
        return view.figureProperty();
    }

    /** The drawing itself, for mouse and key handlers; its size is the size that the figure was drawn for. */
    public FigureView view() {
        return view;
    }

    /** What is said instead of a figure. */
    public void setEmptyText(String sentence) {
        empty.setText(ForeignText.inWindow(sentence));
    }

    /** Lets a long title end in an ellipsis where the card is narrow; otherwise the card is never narrower than its title. */
    public void letTitleShrink() {
        title.setMinWidth(SHORTEST_TITLE);
    }

    /** Controls in a row between header and figure. */
    public void setToolbar(Node... controls) {
        HBox bar = new HBox(controls);
        bar.getStyleClass().add("card-toolbar");
        bar.setAlignment(Pos.CENTER_LEFT);
        body.setTop(bar);
    }

    /** Controls at the right of the figure. */
    public void setSide(Node side) {
        body.setRight(side);
    }

    /** Something under the figure. */
    public void setFooter(Node footer) {
        body.setBottom(footer);
    }

    @Override
    protected double computeMinHeight(double width) {
        if (!(width == minWidthKnown)) {
            minHeightKnown = super.computeMinHeight(width);
            minWidthKnown = width;
        }
        return minHeightKnown;
    }

    @Override
    protected double computePrefHeight(double width) {
        if (!(width == prefWidthKnown)) {
            prefHeightKnown = super.computePrefHeight(width);
            prefWidthKnown = width;
        }
        return prefHeightKnown;
    }

    /** Each box around a card asks for its heights again and again; they stay until something in it changes. */
    @Override
    public void requestLayout() {
        minWidthKnown = Double.NaN;
        prefWidthKnown = Double.NaN;
        super.requestLayout();
    }

    /** Drops the card's listeners on the context. */
    public void dispose() {
        subscriptions.drop();
    }
}
