package org.loopscope.lab;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;

/** What the settings of a lab are set to. Immutable. */
public final class Values {
    private final List<Setting<?>> settings;
    private final Map<Setting<?>, Object> set;

    private Values(List<Setting<?>> settings, Map<Setting<?>, Object> set) {
        this.settings = settings;
        this.set = Map.copyOf(set);
    }

    /** Nothing set yet. */
    public static Values of(List<Setting<?>> settings) {
        return new Values(List.copyOf(settings), Map.of());
    }

    /** The same with one more set. */
    public <T> Values with(Setting<T> setting, T value) {
        if (!settings.contains(setting) || !setting.form().holds(value)) {
            throw new IllegalArgumentException(
                    "value: want an allowed one of " + settings + ", got " + setting + " = " + value);
        }
        Map<Setting<?>, Object> more = new HashMap<>(set);
        more.put(setting, value);
        return new Values(settings, more);
    }

    /** The same with one more set, from text. */
    public <T> Values read(Setting<T> setting, String text) throws LoopscopeException {
        return with(setting, setting.read(text));
    }

    /** The same with one set no longer. */
    public Values without(Setting<?> setting) {
        Map<Setting<?>, Object> fewer = new HashMap<>(set);
        fewer.remove(setting);
        return new Values(settings, fewer);
    }

    /** The same with the values that are not set and follow from the model. */
    public Values on(LoopedModel model) {
        Values all = this;
        for (Setting<?> setting : settings) {
            all = all.filled(setting, model);
        }
        return all;
    }

    private <T> Values filled(Setting<T> setting, LoopedModel model) {
        return set.containsKey(setting)
                ? this
                : setting.initial(model).map(value -> with(setting, value)).orElse(this);
    }

    /** Whether a value was given, even if it is that which holds without. */
    public boolean isSet(Setting<?> setting) {
        return set.containsKey(setting);
    }

    /** The value, if there is one. */
    @SuppressWarnings("unchecked") // with() puts only values of the setting's type
    public <T> Optional<T> find(Setting<T> setting) {
        Object value = set.get(setting);
        return value == null ? setting.fixed() : Optional.of((T) value);
    }

    /** The value of a setting that always has one; if it follows from the model, after {@link #on}. */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException("setting without value: " + setting));
    }

    /** The setting of a name. */
    public Optional<? extends Setting<?>> named(String name) {
        return settings.stream().filter(setting -> setting.name().equals(name)).findAny();
    }

    /** The value as text; empty where there is none. */
    public <T> String text(Setting<T> setting) {
        return find(setting).map(setting.form()::text).orElse("");
    }

    /** What decides the rows, by its words. */
    public Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        for (Setting<?> setting : settings) {
            if (!setting.isForShowing()) {
                identity.put(setting.label(), text(setting));
            }
        }
        return identity;
    }
}
