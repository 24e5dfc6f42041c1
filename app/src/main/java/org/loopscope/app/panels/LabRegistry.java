package org.loopscope.app.panels;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.loopscope.lab.Lab;

/** The labs there are. */
public final class LabRegistry {
    private LabRegistry() {}

    /** Every lab by its command. */
    public static Map<String, Lab> byCommand() {
        Map<String, Lab> labs = new LinkedHashMap<>();
        ServiceLoader.load(Lab.class).forEach(lab -> labs.put(lab.command(), lab));
        return labs;
    }
}
