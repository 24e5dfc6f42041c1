package org.loopscope.analysis.kv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** Comparisons on several prompts. */
final class KvRuns {
    private KvRuns() {}

    static KvSummary summary(LoopedModel model, KvPlan plan, List<KvPrompt> prompts) throws LoopscopeException {
        KvSummary.Collector collector = new KvSummary.Collector();
        collector.about(model.info().id(), model.info().computeDtype(), plan.steps());
        for (int i = 0; i < prompts.size(); i++) {
            collector.add(i + 1, new KvComparison(model, plan).compare(prompts.get(i), RunControl.none()));
        }
        return collector.summary();
    }

    static void write(LoopedModel model, KvPlan plan, List<KvPrompt> prompts, Path csv)
            throws LoopscopeException, IOException {
        List<String> lines = new ArrayList<>(List.of(String.join(",", KvTable.COLUMNS)));
        for (int i = 0; i < prompts.size(); i++) {
            KvResult result = new KvComparison(model, plan).compare(prompts.get(i), RunControl.none());
            KvTable.rows(i + 1, prompts.get(i).group(), result, model.info())
                    .forEach(row -> lines.add(String.join(",", KvTable.TABLE.cells(row))));
        }
        Files.write(csv, lines);
    }
}
