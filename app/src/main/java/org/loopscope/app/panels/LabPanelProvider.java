package org.loopscope.app.panels;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.VBox;
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
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.RunModel;
import org.loopscope.plugin.card.CardRow;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.LatestWork;
import org.loopscope.plugin.card.LegendSide;
import org.loopscope.plugin.card.SetLabModel;
import org.loopscope.plugin.card.SetLabView;
import org.loopscope.plugin.card.Subscriptions;

/** The panel of a lab that has none of its own: what it draws of the run that is shown, and the bar and cards of sets. */
public final class LabPanelProvider implements PanelProvider {
    private static final int ORDER = 5000;
    private static final double CARD_HEIGHT = 330;

    private final Lab lab;

    LabPanelProvider(Lab lab) {
        this.lab = lab;
    }

    @Override
    public String id() {
        return lab.id();
    }

    @Override
    public String title() {
        return lab.title();
    }

    @Override
    public String summary() {
        return lab.summary();
    }

    @Override
    public int order() {
        return ORDER;
    }

    @Override
    public String help() {
        return lab.help();
    }

    @Override
    public boolean supports(Inspection inspection) {
        return true;
    }

    @Override
    public Panel create(PanelContext context) {
        return new LabPanel(lab, context);
    }

    @Override
    public List<Figure> figures(PanelState state) {
        Inspection inspection = state.inspection();
        return figures(lab, inspection, inspection.model(), state.rule(), RunControl.none());
    }

    /** What the lab draws of a run, with the values that hold if none is set. */
    private static List<Figure> figures(
            Lab lab, Inspection inspection, Optional<LoopedModel> model, ExitRule rule, RunControl control) {
        List<Figure> drawn = new ArrayList<>();
        if (lab instanceof RunLab ofRuns && model.isPresent()) {
            RunInput run = new RunInput(inspection.capture(), model.get(), rule, control);
            Values values = Values.of(lab.settings()).on(model.get());
            for (FigureKind kind : lab.figures()) {
                try {
                    ofRuns.figure(kind, run, values).ifPresent(drawn::add);
                } catch (LoopscopeException e) {
                    // this run has nothing for it
                }
            }
        }
        return drawn;
    }

    private static final class LabPanel implements Panel {
        private final List<FigureCard> cards = new ArrayList<>();
        private final List<Runnable> drops = new ArrayList<>();
        private final ScrollPane root;

        LabPanel(Lab lab, PanelContext context) {
            VBox content = new VBox();
            content.getStyleClass().add("panel-content");
            if (lab instanceof RunLab) {
                ofRuns(lab, context, content);
            }
            if (lab instanceof SetLab<?, ?, ?> set) {
                content.getChildren().add(ofSets(set, context));
            }
            root = new ScrollPane(content);
            root.setFitToWidth(true);
            root.getStyleClass().add("panel-scroll");
        }

        private void ofRuns(Lab lab, PanelContext context, VBox content) {
            for (FigureKind kind : lab.figures()) {
                FigureCard card = new FigureCard(kind.id(), kind.title(), context, lab::help);
                card.setEmptyText("No run yet, or nothing of it to show. Type a prompt at the left and press Run.");
                cards.add(card);
                drops.add(LegendSide.in(card, context));
                content.getChildren().add(CardRow.atLeast(CARD_HEIGHT, card));
            }
            LatestWork<List<Figure>> work =
                    new LatestWork<>(context, Platform::runLater, "The lab " + lab.title() + " failed");
            Subscriptions subscriptions = new Subscriptions();
            subscriptions.follow(context.inspectionProperty(), inspection -> {
                cards.forEach(card -> card.figureProperty().set(null));
                if (inspection != null) {
                    ExitRule rule = context.exitRuleProperty().get();
                    Optional<LoopedModel> model = RunModel.of(context, inspection);
                    work.start("", s -> {}, control -> figures(lab, inspection, model, rule, control), this::show);
                }
            });
            drops.add(work::cancel);
            drops.add(subscriptions::drop);
        }

        private void show(List<Figure> drawn) {
            for (FigureCard card : cards) {
                drawn.stream()
                        .filter(figure -> card.getId().equals("card-" + figure.id()))
                        .findFirst()
                        .ifPresent(card.figureProperty()::set);
            }
        }

        private <P, R extends Record, S> Node ofSets(SetLab<P, R, S> lab, PanelContext context) {
            SetLabModel<P, R, S> model =
                    new SetLabModel<>(lab, context, context.ownThread(lab.id() + " set"), Platform::runLater);
            SetLabView view = new SetLabView(
                    lab.id(),
                    "Over a set of prompts",
                    "No set yet. Open the CSV of loopscope " + lab.command()
                            + ", or run a prompt set through the open model.",
                    context,
                    model);
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
}
