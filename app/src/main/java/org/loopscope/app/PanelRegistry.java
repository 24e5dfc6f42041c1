package org.loopscope.app;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.BiConsumer;
import org.loopscope.plugin.PanelProvider;

/** The panels there are, built in or dropped into the plugins folder: all come through {@link ServiceLoader}. */
public final class PanelRegistry {
    private PanelRegistry() {}

    /**
     * Every panel that can be loaded, in their order.
     *
     * @param problems told of each one that cannot, with a sentence and the cause; the others are returned all the same
     */
    public static List<PanelProvider> load(BiConsumer<String, Throwable> problems) {
        List<PanelProvider> found = new ArrayList<>();
        Iterator<ServiceLoader.Provider<PanelProvider>> providers =
                ServiceLoader.load(PanelProvider.class).stream().iterator();
        while (hasNext(providers, problems)) {
            try {
                PanelProvider provider = providers.next().get();
                if (describesItself(provider, problems)) {
                    found.add(provider);
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                problems.accept("A panel could not be loaded: " + e.getMessage(), e);
            }
        }
        found.sort(Comparator.comparingInt(PanelProvider::order).thenComparing(PanelProvider::id));
        return List.copyOf(found);
    }

    /** Whether it can be put in a menu: one that cannot say its name would take the window or the report down. */
    static boolean describesItself(PanelProvider provider, BiConsumer<String, Throwable> problems) {
        try {
            Objects.requireNonNull(provider.id(), "id");
            Objects.requireNonNull(provider.title(), "title");
            Objects.requireNonNull(provider.summary(), "summary");
            provider.order();
            return true;
        } catch (RuntimeException | LinkageError e) {
            problems.accept(
                    "The panel " + provider.getClass().getName() + " could not be loaded: it does not say its name ("
                            + e + ").",
                    e);
            return false;
        }
    }

    private static boolean hasNext(Iterator<?> providers, BiConsumer<String, Throwable> problems) {
        while (true) {
            try {
                return providers.hasNext();
            } catch (ServiceConfigurationError e) { // names the bad line; the iterator goes on after it
                problems.accept("A panel could not be loaded: " + e.getMessage(), e);
            }
        }
    }
}
