package org.loopscope.app.shell;

import java.util.Collection;
import java.util.List;
import org.loopscope.app.panels.GuardedProvider;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.plugin.PanelProvider;

/** The help pages that are made from what the program is. */
final class HelpPages {
    private HelpPages() {}

    /** Every command and its keys. */
    static String keys(Collection<Command> commands) {
        StringBuilder text = new StringBuilder("# Commands and keys\n\n");
        for (Command command : commands) {
            text.append("- ").append(command.text());
            if (!command.keysText().isEmpty()) {
                text.append("  (").append(command.keysText()).append(")");
            }
            text.append(": ").append(command.help()).append(".\n");
        }
        return text.append("\nIn the token strip: Left, Right, Home and End move the selection.")
                .toString();
    }

    /**
     * Every panel that was loaded and the file it came from, and what could not be loaded.
     *
     * @param problems a sentence each
     */
    static String panels(List<PanelProvider> panels, List<String> problems) {
        StringBuilder text = new StringBuilder("# Panels that were loaded\n\n");
        for (PanelProvider panel : panels) {
            text.append("- ")
                    .append(panel.title())
                    .append(" (")
                    .append(panel.id())
                    .append("): ")
                    .append(
                            panel instanceof GuardedProvider guarded
                                    ? ForeignText.shown(
                                            guarded.jar().toAbsolutePath().toString(), 200)
                                    : "comes with Loopscope")
                    .append("\n");
        }
        if (!problems.isEmpty()) {
            text.append("\n# Not loaded\n\n");
            problems.forEach(problem -> text.append("- ").append(problem).append("\n"));
        }
        text.append("\nA jar with panels is a program: it can do everything that you can do on this computer. Jars are"
                + " looked for in the folder plugins of Loopscope and in the folder that the environment"
                + " variable LOOPSCOPE_PLUGINS names.");
        return ForeignText.inWindow(text.toString());
    }

    /** Version and licences. */
    static String about() {
        return "# Loopscope\n\nA workbench for looking inside looped language models: "
                + "one transformer stack applied T times, with an exit gate after each pass.\n\n"
                + "Version " + ProgramVersion.get()
                + ". Apache License 2.0. Fonts: Inter and JetBrains Mono, SIL Open Font "
                + "License.\n\nJava " + System.getProperty("java.version") + ", JavaFX "
                + System.getProperty("javafx.runtime.version", "unknown") + ".";
    }
}
