package org.loopscope.analysis.probe;

import java.util.LinkedHashMap;
import java.util.Map;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.set.RowIdentity;
import org.loopscope.model.LoopedModel;

/** What a set of a probe is known by. */
public final class ProbeInput {
    private ProbeInput() {}

    /**
     * What decides the rows of a probe, whichever it is; each adds its own settings.
     *
     * @param probe its name on the command line
     * @param items prompts or pairs of the set that are asked
     * @param steps T of the runs
     */
    public static Map<String, String> identity(String probe, LoopedModel model, SetFile set, int items, int steps) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("probe", probe);
        identity.putAll(RowIdentity.of(model));
        identity.put("prompt set", set.hash());
        identity.put("prompts", Integer.toString(items));
        identity.put("steps", Integer.toString(steps));
        return identity;
    }
}
