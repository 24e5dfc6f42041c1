package org.loopscope.app.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Orientation;
import javafx.geometry.Rectangle2D;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.Text;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.figure.FigureTheme;
import org.loopscope.figure.Fonts;
import org.loopscope.model.Capture;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.exit.GateRule;
import org.loopscope.plugin.Selection;

/**
 * The tokens of the run, wrapped in rows, each with its exit step under the shared rule. Drawn, not built of nodes, so
 * that thousands of tokens stay as quick as ten; only the rows in sight are drawn.
 */
final class TokenStripView extends Region {
    private static final double CHIP_HEIGHT = 27;
    private static final double ROW = 33;
    private static final double GAP = 3;
    private static final double PADDING = 5;
    private static final double MARK = 9;
    private static final double SCROLL_BAR = 14;
    private static final double MAX_ROWS_IN_SIGHT = 3;

    /** One token on the strip; x and y in strip coordinates, before scrolling. */
    private record Chip(int position, String text, double x, double y, double width) {}

    private final Workbench workbench;
    private final ReadOnlyObjectProperty<FigureTheme> theme;
    private final ObjectProperty<TokenColoring> coloring = new SimpleObjectProperty<>(TokenColoring.EXIT_STEP);
    private final Canvas canvas = new Canvas();
    private final ScrollBar scroll = new ScrollBar();
    private final Tooltip tip = new Tooltip();
    private final Map<String, Double> widths = new HashMap<>();
    private final Font mono = Font.font(Fonts.MONO, FontWeight.BOLD, 12.5);
    private final Font small = Font.font(Fonts.SANS, 10);
    private List<Chip> chips = List.of();
    private @Nullable Places places;
    private @Nullable Labels labels; // of the run that is shown
    private double contentHeight = ROW;
    private boolean followSelection;
    private int[] exitSteps = {};

    TokenStripView(Workbench workbench, ReadOnlyObjectProperty<FigureTheme> theme) {
        this.workbench = workbench;
        this.theme = theme;
        setId("token-strip");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.LIST_VIEW);
        getStyleClass().add("ls-token-strip");
        scroll.setOrientation(Orientation.VERTICAL);
        scroll.setVisible(false);
        getChildren().addAll(canvas, scroll);
        workbench.inspectionProperty().addListener((o, before, now) -> inspectionChanged());
        workbench.selectionProperty().addListener((o, before, now) -> selectionChanged());
        workbench.exitRuleProperty().addListener((o, before, now) -> ruleChanged());
        coloring.addListener((o, before, now) -> draw());
        theme.addListener((o, before, now) -> draw());
        scroll.valueProperty().addListener((o, before, now) -> draw());
        focusedProperty().addListener((o, before, now) -> draw());
        setOnMousePressed(this::pressed);
        setOnMouseMoved(this::hovered);
        setOnKeyPressed(this::keyPressed);
        setOnScroll(e -> scroll.setValue(Math.max(0, Math.min(scroll.getMax(), scroll.getValue() - e.getDeltaY()))));
        Tooltip.install(this, tip);
    }

    /** What the colour under each token stands for. */
    ObjectProperty<TokenColoring> coloringProperty() {
        return coloring;
    }

    /**
     * What colour and number stand for. Another rule would have written another text: generated tokens are replayed as
     * the rule of their run chose them, and that is said.
     */
    String subtitle() {
        Inspection inspection = workbench.inspectionProperty().get();
        ExitRule rule = workbench.exitRuleProperty().get();
        String replayed = "colour and number: " + coloring.get() + ", rule " + rule.spec() + ", replayed on this run's "
                + (rule instanceof GateRule && workbench.hasGate() ? "gates" : "states");
        if (inspection == null
                || inspection.capture().length() == inspection.capture().promptLength()) {
            return replayed;
        }
        return replayed + "; text generated with "
                + inspection.capture().options().exitRule().spec();
    }

    /** Where a token is in this node's coordinates, if it is laid out. */
    Optional<Rectangle2D> boundsOf(int position) {
        return chips.stream()
                .filter(chip -> chip.position == position)
                .findFirst()
                .map(chip -> new Rectangle2D(chip.x, chip.y - scroll.getValue(), chip.width, CHIP_HEIGHT));
    }

    private void inspectionChanged() {
        chips = List.of();
        places = null;
        scroll.setValue(0);
        followSelection = true; // its tokens have no place before the next layout
        ruleChanged();
        requestLayout();
    }

    private void ruleChanged() {
        Inspection inspection = workbench.inspectionProperty().get();
        exitSteps = inspection == null
                ? new int[0]
                : inspection.exits().exitSteps(workbench.exitRuleProperty().get());
        selectionChanged();
    }

    private void selectionChanged() {
        Inspection inspection = workbench.inspectionProperty().get();
        int position = workbench.selectionProperty().get().position();
        if (inspection != null && position < exitSteps.length) {
            setAccessibleText("Tokens. Selected: token " + (position + 1) + ", "
                    + Tokens.inSentence(inspection.capture().tokenText(position))
                    + (inspection.capture().added(position) ? ", added by the tokenizer" : "") + ", exit step "
                    + exitSteps[position]);
            scrollTo(position);
        }
        draw();
    }

    private void scrollTo(int position) {
        for (Chip chip : chips) {
            if (chip.position == position) {
                double height = canvas.getHeight();
                if (chip.y < scroll.getValue()) {
                    scroll.setValue(chip.y);
                } else if (chip.y + ROW > scroll.getValue() + height) {
                    scroll.setValue(Math.min(scroll.getMax(), chip.y + ROW - height));
                }
                return;
            }
        }
    }

    // ---- layout

    /** A narrower strip has more rows. */
    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computePrefHeight(double width) {
        return Math.min(contentHeight(width < 0 ? Math.max(getWidth(), 400) : width), MAX_ROWS_IN_SIGHT * ROW);
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected void layoutChildren() {
        layOutChips(getWidth());
        boolean overflows = contentHeight > getHeight() + 1;
        scroll.setVisible(overflows);
        if (overflows) {
            scroll.setMax(contentHeight - getHeight());
            scroll.setVisibleAmount(scroll.getMax() * getHeight() / contentHeight);
            scroll.setUnitIncrement(ROW);
            scroll.resizeRelocate(getWidth() - SCROLL_BAR + 2, 0, SCROLL_BAR - 2, getHeight());
        } else {
            scroll.setValue(0);
        }
        canvas.setWidth(getWidth());
        canvas.setHeight(getHeight());
        if (followSelection && !chips.isEmpty()) {
            followSelection = false;
            if (overflows) {
                scrollTo(workbench.selectionProperty().get().position());
            }
        }
        draw();
    }

    /** What the places of the chips hang on. */
    private record Places(Inspection inspection, double width, String prediction) {}

    /** What is written in the chips of a run's tokens, and how wide that makes them. */
    private record Labels(Inspection inspection, String[] texts, double[] widths) {}

    private Labels labels(Inspection inspection) {
        Labels known = labels;
        if (known == null || known.inspection != inspection) {
            Capture capture = inspection.capture();
            String[] texts = new String[capture.length()];
            double[] chipWidths = new double[capture.length()];
            for (int p = 0; p < texts.length; p++) {
                texts[p] = label(capture, p);
                chipWidths[p] = textWidth(texts[p]) + 2 * PADDING + MARK;
            }
            known = new Labels(inspection, texts, chipWidths);
            labels = known;
        }
        return known;
    }

    /** In the full width, or beside the scroll bar when the rows do not fit in sight. */
    private void layOutChips(double width) {
        Inspection inspection = workbench.inspectionProperty().get();
        if (inspection == null) {
            chips = List.of();
            places = null;
            contentHeight = height(1);
            return;
        }
        Places wanted = new Places(inspection, width, prediction(inspection));
        if (wanted.equals(places)) {
            return;
        }
        places = wanted;
        List<Chip> placed = new ArrayList<>();
        contentHeight = inRows(wanted, placed);
        chips = placed;
    }

    /** Height of all rows in this width: layout asks for it several times in every pulse. */
    private double contentHeight(double width) {
        Inspection inspection = workbench.inspectionProperty().get();
        return inspection == null
                ? height(1)
                : inRows(new Places(inspection, width, prediction(inspection)), new ArrayList<>());
    }

    private double inRows(Places wanted, List<Chip> placed) {
        double height = inRows(wanted, wanted.width, placed);
        if (height > MAX_ROWS_IN_SIGHT * ROW) {
            placed.clear();
            return inRows(wanted, wanted.width - SCROLL_BAR, placed);
        }
        return height;
    }

    private double inRows(Places wanted, double width, List<Chip> placed) {
        Labels of = labels(wanted.inspection);
        double x = 0;
        double y = 1;
        for (int position = 0; position <= of.texts.length; position++) {
            boolean token = position < of.texts.length;
            double chipWidth = token ? of.widths[position] : textWidth(wanted.prediction) + 2 * PADDING;
            if (x > 0 && x + chipWidth > width) {
                x = 0;
                y += ROW;
            }
            placed.add(new Chip(position, token ? of.texts[position] : wanted.prediction, x, y, chipWidth));
            x += chipWidth + GAP;
        }
        return height(y);
    }

    /** Of rows of which the last begins at {@code y}. */
    private static double height(double y) {
        return y + ROW - 3;
    }

    private static String label(Capture capture, int position) {
        return (capture.generated(position) ? "▶" : "") + Tokens.shown(capture.tokenText(position));
    }

    private String prediction(Inspection inspection) {
        return "→ "
                + Tokens.shown(inspection.answer(
                        inspection.capture().length() - 1,
                        workbench.exitRuleProperty().get()));
    }

    private double textWidth(String text) {
        return widths.computeIfAbsent(text, key -> {
            Text probe = new Text(key);
            probe.setFont(mono);
            return probe.getLayoutBounds().getWidth();
        });
    }

    // ---- drawing

    private void draw() {
        GraphicsContext g = canvas.getGraphicsContext2D();
        g.clearRect(0, 0, canvas.getWidth(), canvas.getHeight());
        Inspection inspection = workbench.inspectionProperty().get();
        if (inspection == null) {
            g.setFill(FxColors.of(theme.get().mutedText()));
            g.setFont(Font.font(Fonts.SANS, 13));
            g.fillText("Run a prompt to see its tokens here.", 2, 20);
            return;
        }
        double top = scroll.getValue();
        for (Chip chip : chips) {
            if (chip.y + ROW >= top && chip.y <= top + canvas.getHeight()) {
                drawChip(g, inspection, chip, chip.y - top);
            }
        }
    }

    private void drawChip(GraphicsContext g, Inspection inspection, Chip chip, double y) {
        FigureTheme colors = theme.get();
        if (chip.position == inspection.capture().length()) {
            g.setFill(FxColors.of(colors.exit()));
            g.setFont(mono);
            g.setTextBaseline(VPos.CENTER);
            g.fillText(prediction(inspection), chip.x + PADDING, y + CHIP_HEIGHT / 2 - 1);
            return;
        }
        boolean selected = chip.position == workbench.selectionProperty().get().position();
        g.setFill(FxColors.of(colors.ground()));
        g.fillRoundRect(chip.x, y, chip.width, CHIP_HEIGHT, 6, 6);
        TokenColoring.Value value = coloring.get().of(inspection, chip.position, exitSteps, colors);
        g.setFill(FxColors.of(value.color()));
        g.fillRoundRect(chip.x, y + CHIP_HEIGHT - 4, chip.width, 4, 3, 3);
        g.setTextBaseline(VPos.CENTER);
        boolean added = inspection.capture().added(chip.position);
        if (added) { // outlined and muted: it is not in the text that was typed
            g.setStroke(FxColors.of(colors.mutedText()));
            g.setLineWidth(1);
            g.setLineDashes(3, 3);
            g.strokeRoundRect(chip.x + 0.5, y + 0.5, chip.width - 1, CHIP_HEIGHT - 1, 6, 6);
            g.setLineDashes();
        }
        g.setFill(FxColors.of(added ? colors.mutedText() : colors.text()));
        g.setFont(mono);
        g.fillText(chip.text, chip.x + PADDING, y + CHIP_HEIGHT / 2 - 2);
        g.setFill(FxColors.of(colors.mutedText()));
        g.setFont(small);
        g.fillText(value.mark(), chip.x + chip.width - 10, y + 9);
        if (selected) {
            Color ring = FxColors.of(colors.exit());
            g.setStroke(ring);
            g.setLineWidth(isFocused() ? 2.4 : 1.6);
            g.strokeRoundRect(chip.x + 1, y + 1, chip.width - 2, CHIP_HEIGHT - 2, 6, 6);
        }
    }

    // ---- mouse and keys

    private @Nullable Chip chipAt(double x, double y) {
        double contentY = y + scroll.getValue();
        for (Chip chip : chips) {
            if (x >= chip.x && x <= chip.x + chip.width && contentY >= chip.y && contentY <= chip.y + CHIP_HEIGHT) {
                return chip;
            }
        }
        return null;
    }

    private void pressed(MouseEvent event) {
        requestFocus();
        Chip chip = chipAt(event.getX(), event.getY());
        Inspection inspection = workbench.inspectionProperty().get();
        if (chip != null && inspection != null) {
            int last = inspection.capture().length() - 1;
            select(inspection, Math.min(chip.position, last));
            if (chip.position > last) {
                workbench.togglePin(inspection.lens().topId(inspection.lens().rowOfStep(exitSteps[last]), last, 0));
            }
        }
    }

    private void select(Inspection inspection, int position) {
        int clamped = Math.max(0, Math.min(inspection.capture().length() - 1, position));
        workbench
                .selectionProperty()
                .set(new Selection(clamped, workbench.selectionProperty().get().step()));
    }

    private void hovered(MouseEvent event) {
        Chip chip = chipAt(event.getX(), event.getY());
        Inspection inspection = workbench.inspectionProperty().get();
        if (chip == null || inspection == null) {
            tip.setText("Tokens of the run; click one to select it");
        } else if (chip.position == inspection.capture().length()) {
            tip.setText("What the exit rule says comes next; click to pin it or let it go");
        } else {
            TokenColoring.Value value = coloring.get().of(inspection, chip.position, exitSteps, theme.get());
            tip.setText("token " + (chip.position + 1)
                    + (inspection.capture().added(chip.position) ? " · added by the tokenizer" : "") + " · id "
                    + inspection.capture().tokenId(chip.position) + " · exit step " + exitSteps[chip.position] + " · "
                    + value.text());
        }
    }

    private void keyPressed(KeyEvent event) {
        Inspection inspection = workbench.inspectionProperty().get();
        if (inspection == null || event.isAltDown() || event.isShortcutDown()) {
            return;
        }
        int position = workbench.selectionProperty().get().position();
        switch (event.getCode()) {
            case LEFT -> select(inspection, position - 1);
            case RIGHT -> select(inspection, position + 1);
            case HOME -> select(inspection, 0);
            case END -> select(inspection, inspection.capture().length() - 1);
            default -> {
                return;
            }
        }
        event.consume();
    }
}
