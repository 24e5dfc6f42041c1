package org.loopscope.app.panels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.BiConsumer;
import org.loopscope.lab.Lab;
import org.loopscope.model.base.ForeignText;

/** The labs there are: those that come with the program, and those of jars in the folders of panels. */
public final class LabRegistry {
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
     * @param taken commands that no jar may have
     * @param problems told of each lab that cannot be used, with a sentence and the cause
     */
    public static Map<String, Lab> byCommand(List<String> taken, BiConsumer<String, Throwable> problems) {
        Map<String, Lab> labs = byCommand();
        for (PanelJars.Found found : ofJars(problems)) {
            String command = found.lab().command();
            if (labs.containsKey(command) || taken.contains(command)) {
                String sentence = "The lab " + ForeignText.shown(found.lab().title(), 40) + " of "
                        + ForeignText.shown(String.valueOf(found.jar().getFileName()))
                        + " cannot be used: there is a command " + command + " already.";
                problems.accept(sentence, new PanelFailure(sentence, new PanelFailure.Rule(sentence)));
            } else {
                labs.put(command, found.lab());
            }
        }
        return labs;
    }

    static List<PanelJars.Found> ofJars(BiConsumer<String, Throwable> problems) {
        return PanelJars.of(PanelJars.folders(System.getenv()), problems).labs();
    }
}
