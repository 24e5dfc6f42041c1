package org.loopscope.app.panels;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javafx.scene.Node;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.model.base.ForeignText;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;

/**
 * A panel from a jar of somebody else. Every call into it runs on a thread of its own with a limit of time, and whatever it
 * throws, an {@link Error} too, becomes a {@link PanelFailure}. What it says of itself is asked once. One that did not answer
 * in time is not asked again.
 *
 * <p>The window opens a panel by waiting for such a thread, so nothing else of the window changes meanwhile; code that insists on
 * JavaFX's own thread gets it at a second try.
 */
public final class GuardedProvider implements PanelProvider {
    /** How long an answer may take: {@code -Dloopscope.panelSeconds}. */
    private static final int SECONDS = Math.max(1, Integer.getInteger("loopscope.panelSeconds", 5));

    /** How much longer figures may take, which are computed. */
    private static final int FIGURES = 12;

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,59}");
    private static final String FX_THREAD = "Not on FX application thread";

    private final Path jar;
    private final PanelProvider panel;
    private final Described described;
    private volatile @Nullable PanelFailure gaveUp;

    private record Described(String id, String title, String summary, int order, String help) {}

    private GuardedProvider(Path jar, PanelProvider panel, Described described) {
        this.jar = jar;
        this.panel = panel;
        this.described = described;
    }

    /**
     * Loads a provider and asks what it says of itself.
     *
     * @throws PanelFailure naming class and jar
     */
    static GuardedProvider open(Path jar, String className, ClassLoader loader) {
        return of(jar, make(jar, className, loader, PanelProvider.class, "panel"), loader);
    }

    /** One that was made, of {@code jar}. */
    static GuardedProvider of(Path jar, PanelProvider panel, ClassLoader loader) {
        String name = panel.getClass().getSimpleName();
        return new GuardedProvider(jar, panel, call(jar, name, loader, SECONDS, () -> describe(panel)));
    }

    /**
     * Makes an object of a class of {@code jar}.
     *
     * @param what it should be, for a sentence
     * @throws PanelFailure naming class and jar
     */
    static <T> T make(Path jar, String className, ClassLoader loader, Class<T> type, String what) {
        String name = className.substring(className.lastIndexOf('.') + 1);
        return call(jar, name, loader, SECONDS, () -> {
            Object made = loader.loadClass(className).getConstructor().newInstance();
            if (type.isInstance(made)) {
                return type.cast(made);
            }
            throw new PanelFailure.Rule("it is no " + what);
        });
    }

    /** Runs {@code work} with code of {@code jar}, guarded as every call. */
    static <T> T guarded(Path jar, String name, ClassLoader loader, Callable<T> work) {
        return call(jar, name, loader, SECONDS, work);
    }

    private static Described describe(PanelProvider panel) {
        String id = required("id", panel.id());
        if (!ID.matcher(id).matches()) {
            throw new PanelFailure.Rule(
                    "its id must be lower-case words joined by -, and is " + ForeignText.shown(id, 60));
        }
        return new Described(
                id,
                ForeignText.shown(required("title", panel.title()), 40),
                ForeignText.shown(required("summary", panel.summary()), 300),
                panel.order(),
                required("help", panel.help()));
    }

    private static <T> T required(String what, @Nullable T given) {
        if (given == null) {
            throw new PanelFailure.Rule("it has no " + what);
        }
        return given;
    }

    /** Where the panel comes from. */
    public Path jar() {
        return jar;
    }

    @Override
    public String id() {
        return described.id();
    }

    @Override
    public String title() {
        return described.title();
    }

    @Override
    public String summary() {
        return described.summary();
    }

    @Override
    public int order() {
        return described.order();
    }

    @Override
    public String help() {
        return described.help();
    }

    /** @throws PanelFailure as all methods below; not to be called on the FX thread, which would wait */
    @Override
    public boolean supports(Inspection inspection) {
        return guarded(SECONDS, () -> panel.supports(inspection));
    }

    @Override
    public List<Figure> figures(PanelState state) {
        return guarded((long) FIGURES * SECONDS, () -> complete(required("list of figures", panel.figures(state))));
    }

    private static List<Figure> complete(List<Figure> figures) {
        figures.forEach(figure -> required("figure where its list has one", figure));
        return List.copyOf(figures);
    }

    /** Runs {@code work} with what {@link #figures} gave, whose code is the panel's too. */
    public <T> T drawing(Callable<T> work) {
        return guarded((long) FIGURES * SECONDS, work);
    }

    @Override
    public Panel create(PanelContext context) {
        try {
            return guarded(SECONDS, () -> opened(context));
        } catch (PanelFailure e) {
            if (e.getCause() instanceof IllegalStateException wrongThread
                    && String.valueOf(wrongThread.getMessage()).contains(FX_THREAD)) {
                return createHere(context);
            }
            throw e;
        }
    }

    private Opened opened(PanelContext context) {
        return new Opened(required("panel to open", panel.create(context)), context);
    }

    private Panel createHere(PanelContext context) {
        try {
            return opened(context);
        } catch (Throwable e) { // code of others: an Error of theirs is not the program's end
            throw failure(jar, title(), e);
        }
    }

    private final class Opened implements Panel {
        private final Panel opened;
        private final PanelView view;

        private Opened(Panel opened, PanelContext context) {
            this.opened = opened;
            Node shown = required("view", opened.view());
            this.view = new PanelView(shown, e -> notDrawn(e, context));
        }

        private void notDrawn(Throwable thrown, PanelContext context) {
            PanelFailure failure = failure(jar, title(), thrown);
            view.giveWay(String.valueOf(failure.getMessage()));
            context.showProblem(String.valueOf(failure.getMessage()), failure);
        }

        @Override
        public Node view() {
            return view;
        }

        @Override
        public void dispose() {
            guarded(SECONDS, () -> {
                opened.dispose();
                return true;
            });
        }
    }

    private <T> T guarded(long seconds, Callable<T> work) {
        PanelFailure before = gaveUp;
        if (before != null) {
            throw before;
        }
        try {
            return call(jar, title(), panel.getClass().getClassLoader(), seconds, work);
        } catch (PanelFailure e) {
            if (e.getCause() instanceof TimeoutException) {
                gaveUp = e;
            }
            throw e;
        }
    }

    private static <T> T call(Path jar, String name, ClassLoader loader, long seconds, Callable<T> work) {
        try {
            return TimeLimit.call("panel " + name, loader, seconds, work);
        } catch (ExecutionException e) {
            throw failure(jar, name, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw failure(jar, name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a panel was asked");
        }
    }

    private static PanelFailure failure(Path jar, String name, Throwable cause) {
        if (cause instanceof PanelFailure told) { // of a call inside this one: told once is enough
            return told;
        }
        return new PanelFailure(
                "The panel " + ForeignText.shown(name, 40) + " of "
                        + ForeignText.shown(String.valueOf(jar.getFileName())) + " cannot be used: "
                        + PanelFailure.reason(cause) + ".",
                cause);
    }
}
