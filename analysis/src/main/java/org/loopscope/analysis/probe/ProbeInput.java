package org.loopscope.analysis.probe;

import java.util.LinkedHashMap;
import java.util.Map;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.set.RowIdentity;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;

/**
 * A set as a probe asks it, with what decides its prompts.
 *
 * @param template how pairs of questions are asked, see {@link ProbeSet#read}
 * @param sample how the prompts were drawn; empty for the first ones
 */
public record ProbeInput(SetFile file, String template, ProbeSet set, String sample) {
    /**
     * Reads a set.
     *
     * @param name a file, or a set that comes with the program
     * @param limit prompts at most, the first ones
     */
    public static ProbeInput open(String name, String template, int limit) throws LoopscopeException {
        SetFile file = SetFile.open(name);
        return new ProbeInput(file, template, ProbeSet.read(file.reader(), file.name(), template, limit), "");
    }

    /** {@code n} of its prompts, drawn. */
    public ProbeInput sampled(int n, long seed) {
        return new ProbeInput(file, template, set.sample(n, seed), n + " with seed " + seed);
    }

    /** What decides the rows of a probe of these prompts; see {@link #identity(String, LoopedModel, SetFile, int, int)}. */
    public Map<String, String> identity(String probe, LoopedModel model, int steps) {
        Map<String, String> identity = identity(probe, model, file, set.items().size(), steps);
        identity.put("template", template);
        if (!sample.isEmpty()) {
            identity.put("sample", sample);
        }
        return identity;
    }

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
