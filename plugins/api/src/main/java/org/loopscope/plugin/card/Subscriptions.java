package org.loopscope.plugin.card;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;

/** Listeners that are dropped together, when a panel closes. Not thread-safe. */
public final class Subscriptions {
    private final List<Runnable> drops = new ArrayList<>();

    /** Calls {@code action} with every new value until {@link #drop}. */
    public <T> void onChange(ObservableValue<T> value, Consumer<? super T> action) {
        ChangeListener<T> listener = (o, before, now) -> action.accept(now);
        value.addListener(listener);
        drops.add(() -> value.removeListener(listener));
    }

    /** Calls {@code action} with the value of now and every new one until {@link #drop}. */
    public <T> void follow(ObservableValue<T> value, Consumer<? super T> action) {
        onChange(value, action);
        action.accept(value.getValue());
    }

    public void drop() {
        drops.forEach(Runnable::run);
        drops.clear();
    }
}
