package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.kv.KvAnswers;
import org.loopscope.analysis.kv.KvMemory;
import org.loopscope.analysis.kv.KvSummary;
import org.loopscope.model.base.ByteSize;

/** A comparison of KV policies as tables and as JSON. */
final class KvShown {
    private final KvSummary summary;
    private final Optional<KvMemory> memory;

    /** @param memory empty where no model is at hand to tell it */
    KvShown(KvSummary summary, Optional<KvMemory> memory) {
        this.summary = summary;
        this.memory = memory;
    }

    void print(PrintWriter to) {
        to.println("Model      " + Shown.text(summary.model()) + ", " + summary.computeDtype() + ", T = "
                + summary.steps());
        to.println("Counted    " + summary.counted()
                + (summary.problems() == 0
                        ? ""
                        : " (" + summary.problems() + " prompts not measured: a number was not finite)"));
        to.println();
        to.println("The same text under each policy, against full");
        TextTable given = new TextTable()
                .left("policy")
                .right("same top token")
                .left("95 %")
                .right("KL, nats")
                .left("95 %")
                .right("log p of a token")
                .right("under full");
        TextTable own = new TextTable()
                .left("policy")
                .right("same token")
                .left("95 %")
                .right("same text")
                .right("first difference (median)");
        for (KvSummary.Line line : summary.lines()) {
            given.row(List.of(
                    line.policy().cliName(),
                    number(line.agreement()),
                    Shown.interval(line.agreementInterval()),
                    number(line.kl()),
                    Shown.interval(line.klInterval()),
                    number(line.logProbability()),
                    number(line.fullLogProbability())));
            own.row(List.of(
                    line.policy().cliName(),
                    number(line.ownAgreement()),
                    Shown.interval(line.ownInterval()),
                    line.sameTexts() + " of " + line.ownTexts(),
                    Double.isNaN(line.firstDifference())
                            ? "–"
                            : String.format(Locale.ROOT, "token %.0f", line.firstDifference())));
        }
        given.print(to);
        to.println();
        to.println("The text that each policy writes by itself, against that of full");
        own.print(to);
        to.println();
        answers(to);
        memory.ifPresent(kept -> print(kept, to));
    }

    private void answers(PrintWriter to) {
        if (summary.answers().isEmpty()) {
            return;
        }
        to.println("Right answers in the text that each writes by itself"
                + (summary.firstFromPrefill()
                        ? "; its first token comes from the prefill, the same under every policy (--prefill 1)"
                        : ""));
        TextTable table =
                new TextTable().left("policy").right("right").right("share").left("95 %");
        for (KvAnswers.Line line : summary.answers()) {
            table.row(List.of(
                    line.policy().cliName(),
                    line.right() + " of " + line.n(),
                    number(line.accuracy()),
                    Shown.interval(line.interval())));
        }
        table.print(to);
        to.println();
    }

    private static void print(KvMemory memory, PrintWriter to) {
        to.println("KV cache, float32, for " + memory.tokens() + " tokens");
        TextTable table = new TextTable()
                .left("policy")
                .right("bytes a token")
                .right("of full")
                .right("kept in all")
                .right("allocated here");
        for (KvMemory.Line line : memory.lines()) {
            table.row(List.of(
                    line.policy().cliName(),
                    String.format(Locale.ROOT, "%,d", line.perToken()),
                    String.format(Locale.ROOT, "%.2f", line.share()),
                    ByteSize.text(line.total()),
                    line.allocated().isPresent()
                            ? ByteSize.text(line.allocated().getAsLong())
                            : "–"));
        }
        table.print(to);
        to.println();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** The object of docs/cli.md. */
    ObjectNode json() {
        ObjectNode root = Json.object()
                .put("model", summary.model())
                .put("compute_dtype", summary.computeDtype())
                .put("max_steps", summary.steps())
                .put("prompts", summary.prompts())
                .put("prompts_not_measured", summary.problems())
                .put("intervals_over", summary.prompts() == 1 ? "tokens" : "texts");
        ArrayNode policies = root.putArray("policies");
        for (KvSummary.Line line : summary.lines()) {
            ObjectNode one = policies.addObject()
                    .put("policy", line.policy().cliName())
                    .put("texts", line.prompts())
                    .put("tokens", line.tokens());
            Json.put(one, "agreement", line.agreement(), line.agreementInterval());
            Json.put(one, "kl", line.kl(), line.klInterval());
            Json.put(one, "log_probability", line.logProbability());
            Json.put(one, "full_log_probability", line.fullLogProbability());
            one.put("own_tokens", line.ownTokens());
            Json.put(one, "own_agreement", line.ownAgreement(), line.ownInterval());
            one.put("own_texts", line.ownTexts()).put("same_texts", line.sameTexts());
            Json.put(one, "first_difference", line.firstDifference());
            ArrayNode places = one.putArray("places");
            for (KvSummary.Place place : summary.places()) {
                if (place.policy() == line.policy()) {
                    ObjectNode at =
                            places.addObject().put("token", place.index()).put("texts", place.n());
                    Json.put(at, "kl", place.kl(), place.interval());
                    Json.put(at, "agreement", place.agreement());
                }
            }
        }
        ArrayNode answers = root.putArray("answers");
        for (KvAnswers.Line line : summary.answers()) {
            ObjectNode one = answers.addObject()
                    .put("policy", line.policy().cliName())
                    .put("answers", line.n())
                    .put("right", line.right());
            Json.put(one, "accuracy", line.accuracy(), line.interval());
        }
        memory.ifPresent(m -> put(root.putObject("memory"), m));
        return root;
    }

    private static void put(ObjectNode object, KvMemory memory) {
        ArrayNode policies = object.put("tokens", memory.tokens()).putArray("policies");
        for (KvMemory.Line line : memory.lines()) {
            ObjectNode one = policies.addObject()
                    .put("policy", line.policy().cliName())
                    .put("bytes_per_token", line.perToken())
                    .put("bytes_per_token_bfloat16", line.perTokenBfloat16());
            Json.put(one, "share_of_full", line.share());
            one.put("bytes_kept", line.total());
            if (line.allocated().isPresent()) {
                one.put("bytes_allocated", line.allocated().getAsLong());
            } else {
                one.putNull("bytes_allocated");
            }
        }
    }
}
