package org.loopscope.app;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javafx.application.Platform;
import org.loopscope.app.base.GuiOptions;
import org.loopscope.app.base.NoDisplayException;
import org.loopscope.app.base.Window;
import org.loopscope.app.shell.LoopscopeApp;
import org.loopscope.app.shell.WindowTimer;
import org.loopscope.bench.WindowTimes;
import org.loopscope.bench.WindowWork;
import org.loopscope.model.base.RunControl;

/** The JavaFX window, and how it is told that it cannot be opened. */
final class JavaFxWindow implements Window {
    private final Map<String, String> environment;

    JavaFxWindow(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void open(GuiOptions options) throws NoDisplayException {
        requireDisplay();
        startToolkit();
        LoopscopeApp.open(options);
    }

    @Override
    public WindowTimes time(WindowWork work, RunControl control) throws NoDisplayException {
        requireDisplay();
        startToolkit();
        return new WindowTimer(work, control).measure();
    }

    private void requireDisplay() throws NoDisplayException {
        Optional<String> obstacle =
                obstacle(System.getProperty("os.name"), System.getProperty("glass.platform", ""), environment);
        if (obstacle.isPresent()) {
            throw new NoDisplayException(obstacle.get());
        }
    }

    /**
     * Why no window can be opened, as far as the environment tells; empty if one may be tried. JavaFX 21 draws through
     * X11 on Linux: a Wayland session gives it a DISPLAY through XWayland.
     */
    static Optional<String> obstacle(String osName, String glassPlatform, Map<String, String> environment) {
        boolean x11 = osName.startsWith("Linux") && glassPlatform.isEmpty();
        if (!x11 || !environment.getOrDefault("DISPLAY", "").isBlank()) {
            return Optional.empty();
        }
        return Optional.of("the environment variable DISPLAY is not set");
    }

    /**
     * Starts JavaFX alone, before any class of the window, so that what fails here is the display or a system library.
     * What JavaFX itself prints on the way is held back: the exception says it.
     */
    private void startToolkit() throws NoDisplayException {
        PrintStream err = System.err; // put back below
        CountDownLatch started = new CountDownLatch(1);
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        try {
            Platform.setImplicitExit(true);
            Platform.startup(started::countDown);
            started.await();
        } catch (RuntimeException | LinkageError e) {
            throw new NoDisplayException(reason(e, environment), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoDisplayException("the start was interrupted", e);
        } finally {
            System.setErr(err);
        }
    }

    static String reason(Throwable failure, Map<String, String> environment) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("Unable to open DISPLAY")) {
                return "the display " + environment.getOrDefault("DISPLAY", "") + " cannot be opened";
            }
            if (e instanceof UnsatisfiedLinkError || message.contains("GTK library")) {
                return "a system library that JavaFX needs is missing; on Debian and Ubuntu they come with libgtk-3-0,"
                        + " libxtst6, libxxf86vm1 and libgl1";
            }
        }
        return "JavaFX could not start (" + failure.getMessage() + ")";
    }
}
