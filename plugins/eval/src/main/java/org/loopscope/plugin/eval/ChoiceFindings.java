package org.loopscope.plugin.eval;

import java.util.Optional;
import org.loopscope.analysis.choice.ChoiceData;
import org.loopscope.analysis.choice.ChoiceData.Point;
import org.loopscope.analysis.choice.ChoiceScore;
import org.loopscope.analysis.table.Rows;
import org.loopscope.lab.Findings;
import org.loopscope.lab.SetWords;

/** What the choices of a set say, for people and programs. */
final class ChoiceFindings {
    private final ChoiceData data;
    private final Optional<String> group;

    ChoiceFindings(ChoiceData data, Optional<String> group) {
        this.data = data;
        this.group = group;
    }

    Findings of() {
        Findings found = new Findings()
                .line("Model      " + SetWords.model(data.model()) + ", " + data.computeDtype())
                .line("Questions  " + data.questions()
                        + group.map(name -> ", of them those of " + SetWords.model(name))
                                .orElse("")
                        + SetWords.skipped(data.problems()))
                .line("Steps      T = " + data.steps())
                .line("Chance     " + Rows.shown(data.chance(group), 3))
                .line("Right      95 % intervals over questions (Wilson)")
                .line("");
        Rows<Point> rows = Rows.of(data.points(group))
                .text("reading", "read at", Point::reading)
                .whole("questions", "n", Point::questions)
                .number("mean_loops", "mean loops", 2, point -> point.loops().value())
                .ends("mean_loops", point -> point.loops().interval());
        for (ChoiceScore score : ChoiceScore.values()) {
            rows.number(score.column(), score.column(), 3, point -> point.accuracy(score)
                    .value());
            boolean shown = score == ChoiceScore.SUM || score == ChoiceScore.PER_CHARACTER;
            if (shown) {
                rows.interval(score.column(), 3, point -> point.accuracy(score).interval());
            } else {
                rows.ends(score.column(), point -> point.accuracy(score).interval());
            }
            rows.number(score.column() + "_to_full_depth", "", 3, point -> point.toFullDepth(score)
                    .value());
            rows.ends(score.column() + "_to_full_depth", point -> point.toFullDepth(score)
                    .interval());
        }
        return found.table("readings", rows)
                .line("")
                .line(
                        "acc: the right choice has the largest log-likelihood; acc_norm: per character; acc_bytes, acc_tokens: per"
                                + " byte, per token.")
                .put("model", data.model())
                .put("compute_dtype", data.computeDtype())
                .put("max_steps", data.steps())
                .put("questions", data.questions())
                .put("questions_not_measured", data.problems())
                .put("group", group.orElse(null))
                .put("chance", data.chance(group));
    }
}
