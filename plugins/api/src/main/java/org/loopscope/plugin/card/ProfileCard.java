package org.loopscope.plugin.card;

import java.util.List;
import java.util.function.Supplier;
import javafx.beans.property.Property;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.RunOptions;
import org.loopscope.plugin.PanelContext;

/** Lays out values by depth over a prompt set, below what a panel shows of one run. */
public final class ProfileCard {
    private static final double HEIGHT = 330;
    private static final double NARROWEST = 60;

    private final ProfileViewModel model;
    private final FigureCard card;
    private final VBox root;

    /** @param help opens as the card's help text */
    public ProfileCard(PanelContext context, ProfileViewModel model, Supplier<String> help) {
        this.model = model;
        String id = model.subject().command() + "-set";
        card = new FigureCard(id + "-profile", "By depth over a set", context, help);
        card.setEmptyText("No set yet. Open the CSV of loopscope probe "
                + model.subject().command() + ", or run a prompt set through the open model.");
        card.figureProperty().bind(model.figureProperty());
        card.setToolbar(
                choice(id + "-value", "Value", model.valuesProperty(), model.valueProperty()),
                new Spacer(),
                choice(id + "-group", "Prompts that are counted", model.groupsProperty(), model.groupProperty()));
        card.setMinHeight(HEIGHT);
        Label heading = new Label("Over a set of prompts");
        heading.getStyleClass().add("figure-card-title");
        heading.setMinWidth(Region.USE_PREF_SIZE);
        SetBar sets = new SetBar(id, "probe " + model.subject().command(), model);
        Label steps = new Label("T");
        NumberSpinner depth = new NumberSpinner(
                id + "-steps", "Loops of the set's runs", 1, RunOptions.MAX_STEPS, 1, model.stepsProperty());
        subscribe(depth);
        CheckBox layers = new CheckBox("Layers");
        layers.setId(id + "-layers");
        layers.setTooltip(new Tooltip("Measure after every layer of every step"));
        layers.selectedProperty().bindBidirectional(model.layersProperty());
        HBox bar = new HBox(8, heading, sets, steps, depth, layers);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("card-toolbar");
        root = new VBox(8, bar, sets.status(), card);
    }

    /** The T of a model that is opened comes from outside. */
    private void subscribe(NumberSpinner depth) {
        model.stepsProperty()
                .addListener((o, before, now) -> depth.getValueFactory().setValue(now));
    }

    private static <T> Node choice(
            String id, String name, ObservableValue<List<T>> items, Property<@Nullable T> chosen) {
        ComboBox<T> box = new ComboBox<>();
        box.setId(id);
        box.setAccessibleText(name);
        box.setMinWidth(NARROWEST);
        box.visibleProperty().bind(box.valueProperty().isNotNull()); // nothing to choose before a set is shown
        box.getItems().setAll(items.getValue());
        box.valueProperty().bindBidirectional(chosen);
        items.addListener((o, before, now) -> box.getItems().setAll(now));
        return box;
    }

    public Node view() {
        return root;
    }

    public void dispose() {
        card.figureProperty().unbind();
        card.dispose();
        model.dispose();
    }
}
