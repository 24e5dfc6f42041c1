package org.loopscope.app.panels;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.BiConsumer;
import org.loopscope.plugin.PanelProvider;

/**
 * The panels there are: the built-in ones through {@link ServiceLoader}, and those of jars that a user dropped into a folder of
 * panels, each behind a {@link GuardedProvider}.
 */
public final class PanelRegistry {
    private PanelRegistry() {}

    /**
     * Every panel that can be loaded, in their order.
     *
     * @param problems told of each one that cannot, with a sentence and the cause; the others are returned all the same
     */
    public static List<PanelProvider> load(BiConsumer<String, Throwable> problems) {
        return load(PanelJars.folders(System.getenv()), problems);
    }

    /** The same with jars of these folders. */
    static List<PanelProvider> load(List<Path> folders, BiConsumer<String, Throwable> problems) {
        Map<String, PanelProvider> found = new LinkedHashMap<>(); // by id
        builtIn(problems).forEach(panel -> found.put(panel.id(), panel));
        PanelJars jars = PanelJars.of(folders, problems);
        for (GuardedProvider panel : jars.panels()) {
            PanelProvider before = found.putIfAbsent(panel.id(), panel);
            if (before != null) {
                String sentence =
                        "The panel " + panel.title() + " of " + panel.jar().getFileName() + " cannot be used: its id "
                                + panel.id() + " is that of the panel " + before.title() + ".";
                problems.accept(sentence, new PanelFailure(sentence, new PanelFailure.Rule(sentence)));
            }
        }
        for (PanelJars.Found lab : jars.labs()) {
            try {
                GuardedProvider panel = GuardedProvider.of(lab.jar(), new LabPanelProvider(lab.lab()), lab.loader());
                found.putIfAbsent(panel.id(), panel);
            } catch (PanelFailure e) {
                problems.accept(String.valueOf(e.getMessage()), e);
            }
        }
        return found.values().stream()
                .sorted(Comparator.comparingInt(PanelProvider::order).thenComparing(PanelProvider::id))
                .toList();
    }

    private static List<PanelProvider> builtIn(BiConsumer<String, Throwable> problems) {
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
                problems.accept("A panel could not be loaded: " + PanelFailure.reason(e) + ".", e);
            }
        }
        return found;
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
            } catch (ServiceConfigurationError | LinkageError e) { // the iterator goes on after the bad entry
                problems.accept("A panel could not be loaded: " + PanelFailure.reason(e) + ".", e);
            }
        }
    }
}
