package org.loopscope.plugin.card;

import java.awt.image.DataBufferInt;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.css.CssMetaData;
import javafx.css.SimpleStyleableDoubleProperty;
import javafx.css.Styleable;
import javafx.css.StyleableDoubleProperty;
import javafx.css.StyleableProperty;
import javafx.css.converter.SizeConverter;
import javafx.geometry.Rectangle2D;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Tooltip;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.HeatmapFigure;

/**
 * A figure on screen at any size. It is drawn as an image at the screen's resolution on a thread of its own, see {@link
 * FigurePainter}; until that is there the picture before it stays. Nothing is drawn while it is hidden, in a tab behind
 * others for example. Figures follow the text size of the window: in larger text they are drawn larger.
 */
public final class FigureView extends Region {
    private static final double MIN_WIDTH = 220;
    private static final double MIN_HEIGHT = 120;
    /** How far a figure may be squeezed below its preferred height before its panel scrolls. */
    private static final double LEAST_SHARE = 0.6;
    /** A heatmap up to this height is not squeezed at all: its cells hold text. */
    private static final double WHOLE_HEATMAP = 205;

    private static final double SMALLEST = 8;
    private static final double TIP_GAP = 14;

    /** The text size, in pixels, at which a figure is drawn at 100 %. */
    public static final double USUAL_TEXT = 13;

    private static final CssMetaData<FigureView, Number> TEXT_SIZE =
            new CssMetaData<>("-figure-text-size", SizeConverter.getInstance(), USUAL_TEXT) {
                @Override
                public boolean isSettable(FigureView view) {
                    return !view.textSize.isBound();
                }

                @Override
                public StyleableProperty<Number> getStyleableProperty(FigureView view) {
                    return view.textSize;
                }
            };
    private static final List<CssMetaData<? extends Styleable, ?>> CSS = Stream.concat(
                    Region.getClassCssMetaData().stream(), Stream.of(TEXT_SIZE))
            .toList();

    private final ObjectProperty<@Nullable Figure> figure = new SimpleObjectProperty<>(this, "figure");
    private final ObjectProperty<FigureTheme> theme = new SimpleObjectProperty<>(this, "theme", FigureTheme.LIGHT);
    private final StyleableDoubleProperty textSize =
            new SimpleStyleableDoubleProperty(TEXT_SIZE, this, "textSize", USUAL_TEXT);
    private final ImageView image = new ImageView();
    private final Rectangle mark = new Rectangle();
    private final FigurePainter painter = new FigurePainter(this::show);
    private final Runnable drawIfShown = this::draw;
    private @Nullable Tooltip tip; // made when first needed: each one is a scene of its own
    private boolean askedSoon;
    private FigurePainter.@Nullable Drawing asked;
    private FigurePainter.@Nullable Picture picture;

    public FigureView() {
        WindowFonts.register();
        getStyleClass().add("figure-view");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        image.setManaged(false);
        image.setSmooth(false); // a pixel of it is one of the screen
        mark.getStyleClass().add("cell-mark");
        mark.setManaged(false);
        mark.setMouseTransparent(true);
        mark.setVisible(false);
        getChildren().addAll(image, mark);
        sceneProperty().addListener((o, before, now) -> watch(before, now));
        figure.addListener((o, before, now) -> changed(before, now));
        theme.addListener(o -> drawSoon());
        textSize.addListener(o -> requestLayout());
        addEventHandler(MouseEvent.MOUSE_MOVED, this::showTip);
        addEventHandler(MouseEvent.MOUSE_EXITED, e -> hideTip());
    }

    public ObjectProperty<@Nullable Figure> figureProperty() {
        return figure;
    }

    public ObjectProperty<FigureTheme> themeProperty() {
        return theme;
    }

    /** The text size of the window, in pixels, that the figure follows. */
    ReadOnlyDoubleProperty textSizeProperty() {
        return textSize;
    }

    /** Pixels of the window for one of the figure. */
    public double zoom() {
        return textSize.get() / USUAL_TEXT;
    }

    /** Width in the figure's own pixels that it is drawn for. */
    public double figureWidth() {
        return Math.floor(getWidth()) / zoom();
    }

    /** Height in the figure's own pixels that it is drawn for. */
    public double figureHeight() {
        return Math.floor(getHeight()) / zoom();
    }

    /** Draws a frame over the figure, in its coordinates, without drawing the figure again; null takes it away. */
    void mark(java.awt.geom.@Nullable Rectangle2D place) {
        mark.setVisible(place != null);
        if (place != null) {
            mark.setX(place.getX() * zoom());
            mark.setY(place.getY() * zoom());
            mark.setWidth(place.getWidth() * zoom());
            mark.setHeight(place.getHeight() * zoom());
            mark.setArcWidth(Math.min(7, place.getHeight() / 3) * zoom());
            mark.setArcHeight(mark.getArcWidth());
        }
    }

    private void changed(@Nullable Figure before, @Nullable Figure now) {
        notifyAccessibleAttributeChanged(AccessibleAttribute.TEXT);
        hideTip();
        if (before == null || now == null || minHeight(before) != minHeight(now) || !sameSize(before, now)) {
            requestLayout();
        }
        drawSoon();
    }

    /** The description is put together when it is to be read out, not at every move of a slider. */
    @Override
    public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... parameters) {
        Figure now = figure.get();
        return attribute == AccessibleAttribute.TEXT
                ? now == null ? "" : now.title() + ". " + now.description()
                : super.queryAccessibleAttribute(attribute, parameters);
    }

    private static boolean sameSize(Figure one, Figure other) {
        return one.preferredWidth() == other.preferredWidth() && one.preferredHeight() == other.preferredHeight();
    }

    private void watch(@Nullable Scene before, @Nullable Scene now) {
        if (before != null) {
            before.removePreLayoutPulseListener(drawIfShown);
        }
        if (now != null) {
            now.addPreLayoutPulseListener(drawIfShown); // becoming visible with a tab needs no layout of its own
        }
    }

    /** Whether it shows its figure as it is, or is not to be seen. */
    public boolean isDrawn() {
        FigurePainter.Picture shown = picture;
        return wanted().map(drawing -> shown != null && shown.drawing().equals(drawing))
                .orElse(true);
    }

    /** What would be seen now; empty where nothing would. */
    private Optional<FigurePainter.Drawing> wanted() {
        Figure now = figure.get();
        double width = Math.floor(getWidth());
        double height = Math.floor(getHeight());
        return now == null || width < SMALLEST || height < SMALLEST || !shown()
                ? Optional.empty()
                : Optional.of(new FigurePainter.Drawing(now, theme.get(), width, height, zoom(), screenScale()));
    }

    private boolean shown() {
        for (Node node = this; node != null; node = node.getParent()) {
            if (!node.isVisible()) {
                return false;
            }
        }
        return getScene() != null;
    }

    /** After what is under way: a figure is often set several times in one event, and drawn once. */
    private void drawSoon() {
        if (!askedSoon) {
            askedSoon = true;
            Platform.runLater(() -> {
                askedSoon = false;
                draw();
            });
        }
    }

    private void draw() {
        image.setVisible(figure.get() != null);
        wanted().filter(drawing -> !drawing.equals(asked)).ifPresent(drawing -> {
            asked = drawing;
            painter.draw(drawing);
        });
    }

    private void show(FigurePainter.Picture drawn) {
        int[] pixels = ((DataBufferInt) drawn.image().getRaster().getDataBuffer()).getData();
        image.setImage(new WritableImage(new PixelBuffer<>(
                drawn.image().getWidth(),
                drawn.image().getHeight(),
                IntBuffer.wrap(pixels),
                PixelFormat.getIntArgbPreInstance())));
        picture = drawn;
        place(drawn);
    }

    /** A picture for another size is shown at its own, cut off where the view has become smaller. */
    private void place(FigurePainter.Picture drawn) {
        FigurePainter.Drawing drawing = drawn.drawing();
        double width = Math.min(drawing.width(), Math.floor(getWidth()));
        double height = Math.min(drawing.height(), Math.floor(getHeight()));
        image.setViewport(new Rectangle2D(0, 0, width * drawing.scale(), height * drawing.scale()));
        image.setFitWidth(width);
        image.setFitHeight(height);
    }

    @Override
    protected void layoutChildren() {
        if (picture != null) {
            place(picture);
        }
        draw();
    }

    /** What a chart says about the part under the mouse; heatmaps have a hover of their own. */
    private void showTip(MouseEvent e) {
        FigurePainter.Picture shown = picture;
        String text = shown == null || shown.drawing().figure() != figure.get() ? "" : shown.tip(e.getX(), e.getY());
        if (text.isEmpty()) {
            hideTip();
            return;
        }
        Tooltip showing = tip;
        if (showing == null) {
            showing = new Tooltip();
            showing.getStyleClass().add("card-hover");
            tip = showing;
        }
        showing.setText(text);
        showing.show(this, e.getScreenX() + TIP_GAP, e.getScreenY() + TIP_GAP);
    }

    private void hideTip() {
        if (tip != null) {
            tip.hide();
        }
    }

    private double screenScale() {
        Window window = getScene() == null ? null : getScene().getWindow();
        return window == null ? 1 : Math.max(1, Math.max(window.getOutputScaleX(), window.getOutputScaleY()));
    }

    @Override
    protected double computeMinWidth(double height) {
        return MIN_WIDTH;
    }

    @Override
    protected double computeMinHeight(double width) {
        Figure shown = figure.get();
        return zoom() * (shown == null ? MIN_HEIGHT : minHeight(shown));
    }

    /** In the figure's own pixels. */
    private static double minHeight(Figure shown) {
        double preferred = shown.preferredHeight();
        double least = LEAST_SHARE * preferred;
        return Math.max(
                MIN_HEIGHT,
                shown instanceof HeatmapFigure ? Math.max(least, Math.min(preferred, WHOLE_HEATMAP)) : least);
    }

    @Override
    protected double computePrefWidth(double height) {
        Figure shown = figure.get();
        return shown == null ? MIN_WIDTH : Math.min(900, zoom() * shown.preferredWidth());
    }

    @Override
    protected double computePrefHeight(double width) {
        Figure shown = figure.get();
        return zoom() * (shown == null ? MIN_HEIGHT : shown.preferredHeight());
    }

    @Override
    public List<CssMetaData<? extends Styleable, ?>> getCssMetaData() {
        return CSS;
    }
}
