package org.loopscope.plugin.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.loss.LossData;
import org.loopscope.analysis.loss.LossPoint;
import org.loopscope.analysis.loss.TokenClass;
import org.loopscope.analysis.table.Rows;
import org.loopscope.lab.Findings;
import org.loopscope.lab.SetWords;

/** What the losses of a set say, for people and programs. */
final class LossFindings {
    private final LossData data;
    private final LossView view;

    LossFindings(LossData data, LossView view) {
        this.data = data;
        this.view = view;
    }

    Findings of() {
        Findings found = new Findings()
                .line("Model      " + SetWords.model(data.model()) + ", " + data.computeDtype())
                .line("Texts      " + data.texts() + SetWords.skipped(data.problems()))
                .line("Steps      T = " + data.steps())
                .line("Counted    " + view.title() + "; 95 % intervals over texts")
                .line("Rises      above " + data.margin() + " nats")
                .put("model", data.model())
                .put("compute_dtype", data.computeDtype())
                .put("max_steps", data.steps())
                .put("texts", data.texts())
                .put("texts_not_measured", data.problems())
                .put("margin", data.margin())
                .put("scope", view.scope().cliName())
                .put("group", view.group().orElse(null));
        List<Map<String, @Nullable Object>> classes = new ArrayList<>();
        for (String tokens : data.classes(view.scope())) {
            List<LossPoint> points = data.points(view.scope(), tokens, view.group());
            if (!points.isEmpty()) {
                found.line("")
                        .line(tokens.equals(TokenClass.ALL) ? "All tokens" : "Tokens of " + SetWords.model(tokens));
                Rows<LossPoint> rows = rows(points);
                found.table(rows);
                classes.add(new Findings()
                        .put("tokens_of", tokens)
                        .put("readings", rows.objects())
                        .data());
            }
        }
        return found.line("")
                .line(
                        "Loss: mean of -ln p of the token that follows. oracle-loss: the least of all steps, which no rule can reach.")
                .put("classes", classes);
    }

    private static Rows<LossPoint> rows(List<LossPoint> points) {
        return Rows.of(points)
                .text("reading", "read at", LossPoint::reading)
                .whole("texts", "", LossPoint::texts)
                .whole("tokens", "tokens", LossPoint::tokens)
                .number("mean_loops", "mean loops", 2, point -> point.loops().value())
                .ends("mean_loops", point -> point.loops().interval())
                .number("loss", "loss (nats)", 4, point -> point.loss().value())
                .interval("loss", 4, point -> point.loss().interval())
                .number("perplexity", "perplexity", 3, LossPoint::perplexity)
                .number("bits_per_token", "", 4, LossPoint::bitsPerToken)
                .number("bits_per_byte", "bits/byte", 4, LossPoint::bitsPerByte)
                .number("risen", "risen", 3, point -> point.risen().value())
                .ends("risen", point -> point.risen().interval())
                .number("worse", "worse", 3, point -> point.worse().value())
                .ends("worse", point -> point.worse().interval());
    }
}
