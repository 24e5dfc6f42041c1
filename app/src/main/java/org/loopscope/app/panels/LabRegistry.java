package org.loopscope.app.panels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.loopscope.lab.Lab;
import org.loopscope.model.base.ForeignText;

/** The labs there are: those that come with the program, and those of jars in the folders of panels. */
public final class LabRegistry {
    /** The program's group of labs, which is no command by itself. */
    private static final String GROUP = "probe";

    private LabRegistry() {}

    /** Every lab that comes with the program, by its command. */
    public static Map<String, Lab> byCommand() {
        Map<String, Lab> labs = new LinkedHashMap<>();
        ServiceLoader.load(Lab.class).forEach(lab -> labs.put(lab.command(), lab));
        return labs;
    }

    /**
     * Those of jars too.
     *
     * @param taken commands that no jar may have, nor begin with; a group may get more
     * @param problems told of each lab that cannot be used, with a sentence and the cause
     */
    public static Map<String, Lab> byCommand(List<String> taken, BiConsumer<String, Throwable> problems) {
        Map<String, Lab> labs = byCommand();
        for (PanelJars.Found found : ofJars(problems)) {
            String command = found.lab().command();
            Optional<String> other = Stream.concat(taken.stream(), labs.keySet().stream())
                    .filter(known -> collide(command, known))
                    .findFirst();
            if (other.isPresent()) {
                String sentence = "The lab " + ForeignText.shown(found.lab().title(), 40) + " of "
                        + ForeignText.shown(String.valueOf(found.jar().getFileName()))
                        + " cannot be used: there is a command " + other.get() + " already.";
                problems.accept(sentence, new PanelFailure(sentence, new PanelFailure.Rule(sentence)));
            } else {
                labs.put(command, found.lab());
            }
        }
        return labs;
    }

    /** Whether they are the same, or one stands where the other has more words. */
    private static boolean collide(String command, String known) {
        return command.equals(known)
                || known.startsWith(command + " ")
                || command.startsWith(known + " ") && !known.equals(GROUP);
    }

    static List<PanelJars.Found> ofJars(BiConsumer<String, Throwable> problems) {
        return PanelJars.of(PanelJars.folders(System.getenv()), problems).labs();
    }
}
