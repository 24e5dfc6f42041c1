package org.loopscope.plugin.depth;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.CardRow;
import org.loopscope.plugin.card.FigureCard;
import org.loopscope.plugin.card.SetLabBar;
import org.loopscope.plugin.card.SettingControl;
import org.loopscope.plugin.card.Spacer;
import org.loopscope.plugin.card.TextLine;
import org.loopscope.plugin.depth.DepthFigures.Curves;

/** Lays out the Depth panel. */
final class DepthPanel implements Panel {
    private static final String EMPTY = "No run yet. Type a prompt at the left and press Run, or open a set.";

    private final DepthViewModel model;
    private final SetLabBar sets;
    private final List<FigureCard> cards = new ArrayList<>();
    private final ScrollPane root;

    DepthPanel(PanelContext context) {
        model = new DepthViewModel(context, context.ownThread("depth set"), Platform::runLater);
        Map<Curves, FigureCard> curves = new EnumMap<>(Curves.class);
        for (Curves which : Curves.values()) {
            FigureCard card = card(which.id(), which.title(), context);
            card.figureProperty().bind(model.curveProperty(which));
            curves.put(which, card);
        }
        FigureCard draft = card(DepthFigures.DRAFT, "Early steps as drafts", context);
        draft.figureProperty().bind(model.draftProperty());
        draft.setToolbar(SettingControl.of(
                "depth-block",
                DepthLab.BLOCK,
                model.sets().valuesProperty(),
                model.sets().work()::say));
        draft.setFooter(TextLine.small("depth-draft-text", model.draftTextProperty()));
        FigureCard token = card(RunFigures.TOKEN, "One token by depth", context);
        token.figureProperty().bind(model.tokenProperty());
        sets = new SetLabBar("depth", model.sets(), bar());
        VBox content = new VBox(
                sets,
                new CardRow(of(curves, Curves.QUALITY), of(curves, Curves.ENTROPY)),
                new CardRow(of(curves, Curves.PROBABILITY), of(curves, Curves.COST)),
                new CardRow(of(curves, Curves.GATE), token),
                new CardRow(of(curves, Curves.DRAFTS), draft));
        content.getStyleClass().add("panel-content");
        root = new ScrollPane(content);
        root.setFitToWidth(true);
        root.getStyleClass().add("panel-scroll");
    }

    private static FigureCard of(Map<Curves, FigureCard> cards, Curves which) {
        return Objects.requireNonNull(cards.get(which));
    }

    private FigureCard card(String id, String title, PanelContext context) {
        FigureCard card = new FigureCard(id, title, context, new DepthLab()::help);
        card.setEmptyText(EMPTY);
        cards.add(card);
        return card;
    }

    private Node[] bar() {
        ComboBox<DepthViewModel.View> views = new ComboBox<>();
        views.setId("depth-view");
        views.setAccessibleText("What the curves are of");
        SettingControl.marks(views, DepthLab.BY_GROUP);
        views.setMinWidth(60);
        views.disableProperty().bind(views.valueProperty().isNull());
        views.getItems().setAll(model.viewsProperty().get());
        views.valueProperty().bindBidirectional(model.viewProperty());
        model.viewsProperty().addListener((o, before, now) -> views.getItems().setAll(now));
        Label of = new Label("Curves of");
        of.setMinWidth(Region.USE_PREF_SIZE);
        return new Node[] {of, views, new Spacer()};
    }

    @Override
    public Node view() {
        return root;
    }

    @Override
    public void dispose() {
        for (FigureCard card : cards) {
            card.figureProperty().unbind();
            card.dispose();
        }
        sets.dispose();
        model.dispose();
    }
}
