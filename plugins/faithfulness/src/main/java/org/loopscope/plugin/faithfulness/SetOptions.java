package org.loopscope.plugin.faithfulness;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopedModel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.Subscriptions;

/** What all probes over a set are told. Used on the FX thread. */
final class SetOptions {
    private static final int FIRST = 300;

    private final ObjectProperty<Integer> steps = new SimpleObjectProperty<>(4);
    private final ObjectProperty<Integer> limit = new SimpleObjectProperty<>(FIRST);
    private final Subscriptions subscriptions = new Subscriptions();

    SetOptions(PanelContext context) {
        subscriptions.follow(context.modelProperty(), this::adopt);
    }

    private void adopt(@Nullable LoopedModel model) {
        if (model != null) {
            steps.set(model.config().trainedSteps());
        }
    }

    /** T of the runs; that of training when a model is opened. */
    ObjectProperty<Integer> stepsProperty() {
        return steps;
    }

    /** Prompts or pairs that are asked at most, the first ones. */
    ObjectProperty<Integer> limitProperty() {
        return limit;
    }

    void dispose() {
        subscriptions.drop();
    }
}
