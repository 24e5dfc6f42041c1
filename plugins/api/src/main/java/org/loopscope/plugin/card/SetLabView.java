package org.loopscope.plugin.card;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.loopscope.lab.FigureKind;
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
    private final VBox root;

    /**
     * @param id that all ids of nodes begin with
     * @param heading of the bar
     * @param empty what the cards say while no rows are shown
     */
    public SetLabView(String id, String heading, String empty, PanelContext context, SetLabModel<?, ?, ?> model) {
        this(id, heading, empty, context, model, model.lab().figures());
    }

    /** The same with cards for some of the lab's figures. */
    public SetLabView(
            String id,
            String heading,
            String empty,
            PanelContext context,
            SetLabModel<?, ?, ?> model,
            List<FigureKind> figures) {
        this.model = model;
        figures.forEach(kind -> cards.add(card(kind, empty, context)));
        Label title = new Label(heading);
        title.getStyleClass().add("figure-card-title");
        SetLabBar bar = new SetLabBar(id, model, title);
        drops.add(bar::dispose);
        root = new VBox(8, bar, TextLine.note(id + "-facts", model.factsProperty()), bar.shown(List.of()));
        for (int i = 0; i < cards.size(); i += 2) {
            root.getChildren()
                    .add(CardRow.atLeast(
                            CARD_HEIGHT,
                            cards.subList(i, Math.min(cards.size(), i + 2)).toArray(FigureCard[]::new)));
        }
    }

    /** While no rows are shown: the first card alone, which says how to get some. */
    private BooleanBinding first() {
        boolean first = cards.isEmpty();
        return Bindings.createBooleanBinding(
                () -> first && model.summaryProperty().get() == null, model.summaryProperty());
    }

    private FigureCard card(FigureKind kind, String empty, PanelContext context) {
        FigureCard card = new FigureCard(kind.id(), kind.title(), context, model.lab()::help);
        card.setEmptyText(empty);
        card.letTitleShrink(); // two such titles side by side are wider than a small window
        card.figureProperty().bind(model.figureProperty(kind));
        card.visibleProperty().bind(Bindings.or(model.figureProperty(kind).isNotNull(), first()));
        card.managedProperty().bind(card.visibleProperty());
        drops.add(LegendSide.in(card, context));
        return card;
    }

    /** The cards, in the order of the lab's figures. */
    public List<FigureCard> cards() {
        return List.copyOf(cards);
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
