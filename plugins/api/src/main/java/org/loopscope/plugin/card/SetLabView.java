package org.loopscope.plugin.card;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.plugin.PanelContext;

/**
 * A lab over sets, laid out from what it declares: the bar that opens rows and runs sets, what it can be asked behind
 * "Options…", what decides how rows are shown beside, and a card for each figure.
 */
public final class SetLabView {
    private static final double CARD_HEIGHT = 330;

    private final SetLabModel<?, ?, ?> model;
    private final List<FigureCard> cards = new ArrayList<>();
    private final List<Runnable> drops = new ArrayList<>();
    private final SetBar sets;
    private final VBox root;

    /**
     * @param id that all ids of nodes begin with
     * @param heading of the bar
     * @param empty what the cards say while no rows are shown
     */
    public SetLabView(String id, String heading, String empty, PanelContext context, SetLabModel<?, ?, ?> model) {
        this.model = model;
        SetLab<?, ?, ?> lab = model.lab();
        lab.figures().forEach(kind -> cards.add(card(kind, empty, context)));
        Label title = new Label(heading);
        title.getStyleClass().add("figure-card-title");
        sets = new SetBar(id, lab.command(), model);
        FlowPane asked = controls(id, false);
        ToggleButton options = options(id, asked);
        HBox bar = new HBox(8, title, sets);
        if (!asked.getChildren().isEmpty()) {
            bar.getChildren().add(options);
        }
        bar.getChildren().add(new Spacer());
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        FlowPane shown = controls(id, true);
        root = new VBox(8, bar, asked, sets.status(), TextLine.note(id + "-facts", model.factsProperty()), shown);
        shown.visibleProperty().bind(model.summaryProperty().isNotNull());
        shown.managedProperty().bind(shown.visibleProperty());
        for (int i = 0; i < cards.size(); i += 2) {
            root.getChildren()
                    .add(CardRow.atLeast(
                            CARD_HEIGHT,
                            cards.subList(i, Math.min(cards.size(), i + 2)).toArray(FigureCard[]::new)));
        }
    }

    private FigureCard card(FigureKind kind, String empty, PanelContext context) {
        FigureCard card = new FigureCard(kind.id(), kind.title(), context, model.lab()::help);
        card.setEmptyText(empty);
        card.letTitleShrink(); // two such titles side by side are wider than a small window
        card.figureProperty().bind(model.figureProperty(kind));
        drops.add(LegendSide.in(card, context));
        return card;
    }

    private static ToggleButton options(String id, FlowPane asked) {
        ToggleButton options = new ToggleButton("Options…");
        options.setId(id + "-options");
        options.setTooltip(new Tooltip("What the lab is asked when a set is run; as the options of its command"));
        asked.visibleProperty().bind(options.selectedProperty());
        asked.managedProperty().bind(asked.visibleProperty());
        return options;
    }

    private FlowPane controls(String id, boolean forShowing) {
        FlowPane pane = new FlowPane(14, 6);
        pane.setAlignment(Pos.CENTER_LEFT);
        for (Setting<?> setting : model.lab().settings()) {
            if (setting.isForShowing() == forShowing) {
                pane.getChildren().add(control(id, setting));
            }
        }
        return pane;
    }

    private <T> Node control(String id, Setting<T> setting) {
        SettingControl control =
                SettingControl.of(id + "-" + setting.name(), setting, model.valuesProperty(), model.work()::say);
        model.summaryProperty().addListener((o, before, now) -> control.offer(setting, model.offered(setting)));
        return control;
    }

    /** The cards, in the order of the lab's figures. */
    public List<FigureCard> cards() {
        return List.copyOf(cards);
    }

    /** The bar, for tests that answer its file dialogs. */
    public SetBar sets() {
        return sets;
    }

    public Node view() {
        return root;
    }

    public void dispose() {
        drops.forEach(Runnable::run);
        for (FigureCard card : cards) {
            card.figureProperty().unbind();
            card.dispose();
        }
        model.dispose();
    }
}
