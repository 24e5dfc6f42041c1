package org.loopscope.app.shell;

import java.util.ArrayList;
import java.util.List;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.model.base.LoopscopeException;

/** The sample prompts that come with the program, as the tree shows them. */
final class Samples {
    private static final List<String> FAMILIES = List.of("embedded", "ouro");

    private Samples() {}

    static List<SampleTree.Shown> builtIn() throws LoopscopeException {
        SampleCatalog catalog = SampleCatalog.builtIn();
        List<SampleTree.Shown> shown = new ArrayList<>();
        for (String family : FAMILIES) {
            for (SampleSet set : catalog.shown(family)) {
                shown.add(new SampleTree.Shown(
                        set.title(), set.description(), catalog.read(set).prompts()));
            }
        }
        return shown;
    }
}
