package org.loopscope.app.shell;

import java.util.Collection;
import org.loopscope.model.ProgramVersion;

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
