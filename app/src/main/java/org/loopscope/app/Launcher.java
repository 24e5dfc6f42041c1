package org.loopscope.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.logging.Logger;
import org.loopscope.app.base.UserFolders;
import org.loopscope.app.cli.CommandEnvironment;
import org.loopscope.app.cli.LoopscopeCommand;

/**
 * The program's main class. It is not a JavaFX application, so that JavaFX may lie on the class path with everything
 * else, and it never loads a JavaFX class itself: the command line works where there is no display.
 */
public final class Launcher {
    private static final Logger FX = Logger.getLogger("javafx"); // kept: java.util.logging holds its loggers weakly

    private Launcher() {}

    public static void main(String[] args) {
        speakOneLanguage();
        UserFolders.prepare(System.getenv());
        System.setProperty("java.awt.headless", "true"); // before any AWT class: figures are drawn without X11
        System.setProperty("ai.djl.offline", "true");
        if (System.getProperty("prism.disableRegionCaching") == null) { // before the toolkit starts
            // Without a graphics card JavaFX stretches kept pictures of round corners over each card, which takes
            // longer than all else that it paints.
            System.setProperty("prism.disableRegionCaching", "true");
        }
        FX.setFilter(
                log -> log.getMessage() == null || !log.getMessage().startsWith("Unsupported JavaFX configuration"));
        PrintStream err = System.err;
        System.setErr(LogStream.to(writer(err))); // what libraries log may hold texts of others
        Interrupt interrupt = new Interrupt();
        int code;
        try {
            code = LoopscopeCommand.execute(environment(interrupt, err), RawArguments.of(args));
        } finally {
            interrupt.workEnded();
            System.err.flush();
        }
        System.exit(code);
    }

    /**
     * What is data or figure looks the same in every country: also numbers that a library writes on an axis, and names that
     * one turns into small letters (a Turkish I has none that a font is found by).
     */
    private static void speakOneLanguage() {
        Locale.setDefault(Locale.ENGLISH);
        System.setProperty("user.language", "en"); // AWT's choice of fonts asks the property
    }

    private static CommandEnvironment environment(Interrupt interrupt, PrintStream err) {
        return new CommandEnvironment(
                screen(writer(
                        new ResultStream(new FileOutputStream(FileDescriptor.out), ResultStream.readByAnother()))),
                writer(err),
                goesToTerminal("loopscope.terminal", 2),
                interrupt::cancelOnInterrupt,
                new JavaFxWindow(System.getenv()),
                Path.of(""),
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")));
    }

    /** UTF-8, whatever the locale says, but for the Windows console, which tells its own. */
    private static PrintWriter writer(OutputStream stream) {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        String console = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "UTF-8"));
        Charset charset = windows ? Charset.forName(console) : StandardCharsets.UTF_8;
        return new PrintWriter(stream, true, charset);
    }

    /** A person at a terminal sees escapes of what would drive it. */
    private static PrintWriter screen(PrintWriter out) {
        return goesToTerminal("loopscope.screen", 1) ? new PrintWriter(new ScreenWriter(out), true) : out;
    }

    /** @param property by which the start script tells */
    private static boolean goesToTerminal(String property, int stream) {
        String told = System.getProperty(property);
        if (told != null) {
            return Boolean.parseBoolean(told);
        }
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream));
            return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
        } catch (java.io.IOException | UnsupportedOperationException e) { // no such place on this system
            return false;
        }
    }
}
