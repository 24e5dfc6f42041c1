package org.loopscope.plugin.card;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Lab;
import org.loopscope.lab.RunInput;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.RunModel;

/** A lab laid out from what it declares: what it draws of the run that is shown, and the bar and cards of sets. */
public final class LabView implements Panel {
    private static final double CARD_HEIGHT = 330;

    private final Lab lab;
    private final PanelContext context;
    private final List<FigureCard> cards = new ArrayList<>();
    private final List<Runnable> drops = new ArrayList<>();
    private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper("");
    private final ScrollPane root;

    public LabView(Lab lab, PanelContext context) {
        this.lab = lab;
        this.context = context;
        VBox content = new VBox();
        content.getStyleClass().add("panel-content");
        ObjectProperty<Values> values = new SimpleObjectProperty<>(Values.of(lab.settings()));
        @Nullable Node sets = null;
        if (lab instanceof SetLab<?, ?, ?> set) {
            SetLabModel<?, ?, ?> model = setModel(set);
            values = model.valuesProperty();
            sets = ofSets(model);
        }
        if (lab instanceof RunLab) {
            ofRuns(values, content);
        }
        if (sets != null) {
            content.getChildren().add(sets);
        }
        root = new ScrollPane(content);
        root.setFitToWidth(true);
        root.getStyleClass().add("panel-scroll");
    }

    private void ofRuns(ObjectProperty<Values> values, VBox content) {
        if (!(lab instanceof SetLab<?, ?, ?>) && !lab.settings().isEmpty()) {
            content.getChildren().add(new SettingsBar(lab.id(), lab.settings(), values));
        }
        content.getChildren().add(TextLine.note(lab.id() + "-run-note", note.getReadOnlyProperty()));
        for (FigureKind kind : lab.figures()) {
            if (kind.ofRuns()) {
                FigureCard card = new FigureCard(kind.id(), kind.title(), context, lab::help);
                card.setEmptyText("No run yet. Type a prompt at the left and press Run.");
                cards.add(card);
                drops.add(LegendSide.in(card, context));
                content.getChildren().add(CardRow.atLeast(CARD_HEIGHT, card));
            }
        }
        LatestWork<Drawn> work = new LatestWork<>(context, Platform::runLater, "The lab " + lab.title() + " failed");
        Subscriptions subscriptions = new Subscriptions();
        subscriptions.onChange(values, v -> draw(work, v));
        subscriptions.follow(context.inspectionProperty(), inspection -> draw(work, values.get()));
        drops.add(work::cancel);
        drops.add(subscriptions::drop);
    }

    /** What is drawn of a run, and why something is not. */
    private record Drawn(List<Figure> figures, String note) {}

    private void draw(LatestWork<Drawn> work, Values values) {
        @Nullable Inspection inspection = context.inspectionProperty().get();
        if (inspection == null) {
            work.cancel();
            show(new Drawn(List.of(), ""));
            return;
        }
        ExitRule rule = context.exitRuleProperty().get();
        Optional<LoopedModel> model = RunModel.of(context, inspection);
        work.start("", s -> {}, control -> drawn(lab, inspection, model, rule, values, control), this::show);
    }

    private static Drawn drawn(
            Lab lab,
            Inspection inspection,
            Optional<LoopedModel> model,
            ExitRule rule,
            Values values,
            RunControl control) {
        List<Figure> drawn = new ArrayList<>();
        String note = "";
        if (model.isEmpty()) {
            return new Drawn(drawn, "The model of this run is not open, and this lab needs it.");
        }
        RunInput run = RunInput.of(inspection, model.get(), rule, control);
        Values all = values.on(model.get());
        for (FigureKind kind : lab.figures()) {
            try {
                if (kind.ofRuns()) {
                    ((RunLab) lab).figure(kind, run, all).ifPresent(drawn::add);
                }
            } catch (LoopscopeException e) {
                note = String.valueOf(e.getMessage()); // this run has nothing for it
            }
        }
        return new Drawn(drawn, note);
    }

    /** What a lab draws of a run with the values that hold if none is set; for the report. */
    public static List<Figure> figures(Lab lab, Inspection inspection, ExitRule rule) {
        return lab instanceof RunLab
                ? drawn(lab, inspection, inspection.model(), rule, Values.of(lab.settings()), RunControl.none())
                        .figures()
                : List.of();
    }

    private void show(Drawn drawn) {
        note.set(drawn.note());
        for (FigureCard card : cards) {
            Optional<Figure> figure = drawn.figures().stream()
                    .filter(one -> ("card-" + one.id()).equals(card.getId()))
                    .findFirst();
            card.figureProperty().set(figure.orElse(null));
            boolean shown = figure.isPresent() || drawn.figures().isEmpty();
            Node row = Objects.requireNonNull(card.getParent());
            row.setVisible(shown);
            row.setManaged(shown);
        }
    }

    private <P, R extends Record, S> SetLabModel<P, R, S> setModel(SetLab<P, R, S> set) {
        return new SetLabModel<>(set, context, context.ownThread(lab.id() + " set"), Platform::runLater);
    }

    private Node ofSets(SetLabModel<?, ?, ?> model) {
        SetLabView view = new SetLabView(
                lab.id(),
                "Over a set of prompts",
                "No set yet. Open the CSV of loopscope " + lab.command()
                        + ", or run a prompt set through the open model.",
                context,
                model,
                lab.figures().stream().filter(FigureKind::ofSets).toList());
        drops.add(view::dispose);
        return view.view();
    }

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        drops.forEach(Runnable::run);
        cards.forEach(FigureCard::dispose);
    }
}
