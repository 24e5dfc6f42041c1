package org.loopscope.app.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.geometry.HPos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.analysis.geometry.StepGeometry;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.workbench.Workbench;
import org.loopscope.model.exit.ExitDistribution;
import org.loopscope.plugin.Selection;

/** Every number of the selected token, by step; what a hover shows anywhere is also here. */
final class InspectorView {
    private static final int SHOWN = 3;
    private static final int GATE_COLUMNS = 2; // from this one on

    private final Workbench workbench;
    private final Label title = new Label("no token selected");
    private final GridPane grid = new GridPane();
    private final Label answer = text();
    private final Label state = text();
    private final List<StepRow> rows = new ArrayList<>();
    private final List<Label> gateCells = new ArrayList<>(); // of the columns that need a gate, header too
    private final VBox root = new VBox();
    private final ScrollPane scroll = new ScrollPane(root);

    InspectorView(Workbench workbench) {
        this.workbench = workbench;
        root.getStyleClass().add("ls-inspector");
        Label heading = new Label("Inspector");
        heading.getStyleClass().add("ls-title");
        title.setId("inspector-title");
        title.getStyleClass().add("ls-muted");
        title.setWrapText(true);
        grid.setId("inspector-grid");
        grid.getStyleClass().add("ls-inspector-grid");
        columns();
        answer.setId("inspector-answer");
        state.setId("inspector-state");
        root.getChildren()
                .addAll(
                        heading,
                        title,
                        grid,
                        heading("Answer"),
                        answer,
                        heading("State"),
                        state,
                        new GenerationFactsView(workbench).node());
        scroll.setFitToWidth(true);
        scroll.setMinWidth(235);
        scroll.getStyleClass().add("ls-inspector-scroll");
        workbench.inspectionProperty().addListener((o, before, now) -> show());
        workbench.selectionProperty().addListener((o, before, now) -> show());
        workbench.exitRuleProperty().addListener((o, before, now) -> markExit());
        workbench.pinnedTokensProperty().addListener((o, before, now) -> show());
        show();
    }

    Node node() {
        return scroll;
    }

    private static Label text() {
        Label label = new Label();
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private static Label heading(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("ls-heading");
        return label;
    }

    private void columns() {
        ColumnConstraints step = new ColumnConstraints();
        step.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints prediction = new ColumnConstraints();
        prediction.setHgrow(Priority.ALWAYS);
        prediction.setMinWidth(60);
        grid.getColumnConstraints().addAll(step, prediction, number(), number(), number());
    }

    private static ColumnConstraints number() {
        ColumnConstraints column = new ColumnConstraints();
        column.setMinWidth(Region.USE_PREF_SIZE); // numbers are never cut, whatever the text size
        column.setHalignment(HPos.RIGHT);
        return column;
    }

    private void show() {
        Inspection inspection = workbench.inspectionProperty().get();
        Selection selection = workbench.selectionProperty().get();
        if (inspection == null || selection.position() >= inspection.capture().length()) {
            grid.setVisible(false); // the rows stay: between two runs there is none for a moment
            grid.setManaged(false);
            title.setText("no token selected");
            answer.setText("Run a prompt, then click a token.");
            state.setText("");
            return;
        }
        int position = selection.position();
        title.setText("token " + (position + 1) + " of " + inspection.capture().length() + ", “"
                + Tokens.inSentence(inspection.capture().tokenText(position)) + "”, id "
                + inspection.capture().tokenId(position)
                + (inspection.capture().generated(position)
                        ? ", generated from step " + inspection.capture().generationExitStep(position)
                        : ""));
        showSteps(inspection, selection);
        showAnswer(inspection, position);
        showState(inspection, position);
    }

    /** The rows are made once for a number of steps and relabelled. */
    private void showSteps(Inspection inspection, Selection selection) {
        int steps = inspection.capture().steps();
        if (rows.size() != steps) {
            makeRows(steps);
        }
        grid.setVisible(true);
        grid.setManaged(true);
        rows.forEach(row -> row.show(inspection, selection));
        gateCells.forEach(cell -> {
            cell.setVisible(inspection.exits().hasGate());
            cell.setManaged(inspection.exits().hasGate());
        });
        markExit();
    }

    /** All that another rule changes, and a drag of the slider does so at every move. */
    private void markExit() {
        Inspection inspection = workbench.inspectionProperty().get();
        int position = workbench.selectionProperty().get().position();
        if (inspection != null && position < inspection.capture().length()) {
            int exitStep =
                    inspection.exits().exitStep(workbench.exitRuleProperty().get(), position);
            rows.forEach(row -> row.markExit(exitStep));
        }
    }

    private void makeRows(int steps) {
        rows.clear();
        gateCells.clear();
        grid.getChildren().clear();
        header();
        for (int step = 1; step <= steps; step++) {
            rows.add(new StepRow(step, step == steps));
        }
    }

    /** One loop step: prediction, gate and exit of the selected token. */
    private final class StepRow {
        private final int step;
        private final Region mark = new Region();
        private final Label top = new Label();
        private final Label rest = new Label();
        private final Label lambda = cell("");
        private final Label pdf = cell("");
        private final Label cdf = cell("");
        private final Tooltip pinTip = new Tooltip();

        StepRow(int step, boolean last) {
            this.step = step;
            mark.getStyleClass().add("ls-inspector-row");
            mark.setOnMousePressed(e -> select());
            mark.setMaxSize(Double.MAX_VALUE, Double.MAX_VALUE);
            GridPane.setFillHeight(mark, true);
            grid.add(mark, 0, step, 5, 1);
            top.setId("inspector-token-" + step);
            top.getStyleClass().add("ls-strong");
            top.setTooltip(pinTip);
            top.setOnMousePressed(e -> togglePin());
            rest.setMouseTransparent(true);
            rest.getStyleClass().add("ls-small");
            if (last) {
                lambda.getStyleClass().add("ls-muted");
            }
            row(step, cell(Integer.toString(step)), new VBox(top, rest), lambda, pdf, cdf);
            gateCells.addAll(List.of(lambda, pdf, cdf));
        }

        void markExit(int exitStep) {
            style(mark, "ls-inspector-exit", step == exitStep);
        }

        void show(Inspection inspection, Selection selection) {
            int position = selection.position();
            LensGrid lens = inspection.lens();
            ExitDistribution exit = inspection.exits().distribution(position);
            boolean pinned =
                    workbench.pinnedTokensProperty().get().contains(lens.topId(lens.rowOfStep(step), position, 0));
            style(mark, "ls-inspector-selected", step == selection.step());
            style(top, "ls-pinned", pinned);
            style(top, "ls-pinnable", !pinned);
            pinTip.setText(
                    pinned ? "Pinned; click to let this token go" : "Click to pin this token's line in the logit lens");
            top.setText(entry(lens, step, position, 0));
            rest.setText(rest(lens, step, position));
            lambda.setText(number(exit.lambda(step)));
            pdf.setText(number(exit.pdf(step)));
            cdf.setText(number(exit.cdf(step)));
        }

        private void select() {
            int position = workbench.selectionProperty().get().position();
            workbench.selectionProperty().set(new Selection(position, step));
        }

        /** A click on a predicted token pins it, or lets it go, and selects its step. */
        private void togglePin() {
            Inspection inspection = workbench.inspectionProperty().get();
            if (inspection != null) {
                LensGrid lens = inspection.lens();
                int position = workbench.selectionProperty().get().position();
                select();
                workbench.togglePin(lens.topId(lens.rowOfStep(step), position, 0));
            }
        }
    }

    /** Adds or takes a style class away; nothing happens where it is so already, since each change costs a new styling. */
    private static void style(Node node, String name, boolean on) {
        if (on != node.getStyleClass().contains(name)) {
            if (on) {
                node.getStyleClass().add(name);
            } else {
                node.getStyleClass().remove(name);
            }
        }
    }

    private void row(int row, Node... cells) {
        for (int column = 0; column < cells.length; column++) {
            cells[column].setMouseTransparent(!(cells[column] instanceof VBox));
            cells[column].setPickOnBounds(false); // all but a prediction belongs to the row behind it
            GridPane.setValignment(cells[column], VPos.TOP);
            grid.add(cells[column], column, row);
        }
    }

    private void header() {
        String[] names = {"t", "prediction", "λ", "p", "CDF"};
        for (int column = 0; column < names.length; column++) {
            Label label = new Label(names[column]);
            label.getStyleClass().add("ls-strong");
            grid.add(label, column, 0);
            if (column >= GATE_COLUMNS) {
                gateCells.add(label);
            }
        }
    }

    private static Label cell(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("ls-number");
        return label;
    }

    private static String rest(LensGrid lens, int step, int position) {
        StringBuilder text = new StringBuilder();
        for (int rank = 1; rank < Math.min(SHOWN, lens.topK()); rank++) {
            text.append(rank == 1 ? "" : " · ").append(entry(lens, step, position, rank));
        }
        return text.toString();
    }

    private static String entry(LensGrid lens, int step, int position, int rank) {
        return Tokens.brief(lens.tokenText(lens.topId(step - 1, position, rank))) + " "
                + probability(lens.topProbability(step - 1, position, rank));
    }

    /** Three digits, or the power of ten where those would all be zero. */
    static String probability(double p) {
        return String.format(Locale.ROOT, p > 0 && p < 0.0005 ? "%.0e" : "%.3f", p);
    }

    private void showAnswer(Inspection inspection, int position) {
        LensGrid lens = inspection.lens();
        int stable = inspection.flips().firstStableStep(position);
        ExitDistribution exit = inspection.exits().distribution(position);
        StringBuilder text = new StringBuilder();
        text.append("“")
                .append(Tokens.inSentence(lens.tokenText(lens.finalId(position))))
                .append("” ");
        if (stable == 1) {
            text.append("from the first loop on.");
        } else {
            text.append("first stable at loop ").append(stable).append("; ");
            text.append(stable == 2 ? "loop 1 says " : "earlier loops say ")
                    .append(earlier(lens, position, stable))
                    .append(".");
        }
        text.append(
                inspection.exits().hasGate()
                        ? String.format(
                                Locale.ROOT,
                                " Expected loops %.2f, entropy of exit %.2f nats.",
                                exit.expectedSteps(),
                                exit.entropy())
                        : " The model has no exit gate.");
        if (inspection.capture().outsideTraining()) {
            text.append(" Steps beyond ")
                    .append(inspection.capture().config().trainedSteps())
                    .append(" are outside training.");
        }
        answer.setText(text.toString());
    }

    /** What the loops before the stable one say, in order; several loops in a row with the same answer count once. */
    private static String earlier(LensGrid lens, int position, int stable) {
        StringBuilder text = new StringBuilder();
        int before = -1;
        for (int step = 1; step < stable; step++) {
            int id = lens.topId(step - 1, position, 0);
            if (id != before) {
                text.append(before < 0 ? "" : ", ").append(Tokens.inSentence(lens.tokenText(id)));
            }
            before = id;
        }
        return text.toString();
    }

    private void showState(Inspection inspection, int position) {
        StepGeometry geometry = inspection.geometry();
        int steps = inspection.capture().steps();
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "‖h‖ %.2f at loop %d", geometry.norm(steps, position), steps));
        if (steps > 1) {
            text.append(" · relative step ");
            for (int step = 2; step <= steps; step++) {
                text.append(step == 2 ? "" : " → ")
                        .append(String.format(Locale.ROOT, "%.2f", geometry.relativeStep(step, position)));
            }
        }
        state.setText(text.toString());
    }

    private static String number(double x) {
        return Double.isNaN(x) ? "NaN" : String.format(Locale.ROOT, "%.2f", x);
    }
}
