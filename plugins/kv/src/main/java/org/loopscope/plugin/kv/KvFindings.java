package org.loopscope.plugin.kv;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.kv.KvAnswers;
import org.loopscope.analysis.kv.KvMemory;
import org.loopscope.analysis.kv.KvSummary;
import org.loopscope.analysis.table.Rows;
import org.loopscope.lab.Findings;
import org.loopscope.lab.SetWords;
import org.loopscope.model.base.ByteSize;

/** A comparison of KV policies in tables. */
final class KvFindings {
    private KvFindings() {}

    static Findings of(KvOutcome outcome) {
        KvSummary summary = outcome.summary();
        Findings found = new Findings()
                .line("Model      " + SetWords.model(summary.model()) + ", " + summary.computeDtype() + ", T = "
                        + summary.steps())
                .line("Counted    " + summary.counted() + SetWords.skipped(summary.problems()))
                .line("")
                .line("The same text under each policy, against full")
                .table(given(summary.lines()))
                .line("")
                .line("The text that each policy writes by itself, against that of full")
                .table(own(summary.lines()))
                .line("")
                .put("model", summary.model())
                .put("compute_dtype", summary.computeDtype())
                .put("max_steps", summary.steps())
                .put("prompts", summary.prompts())
                .put("prompts_not_measured", summary.problems())
                .put("intervals_over", summary.prompts() == 1 ? "tokens" : "texts")
                .put(
                        "policies",
                        summary.lines().stream()
                                .map(line -> policy(line, summary))
                                .toList());
        Rows<KvAnswers.Line> answers = answers(summary.answers());
        if (!summary.answers().isEmpty()) {
            found.line("Right answers in the text that each writes by itself"
                            + (summary.firstFromPrefill()
                                    ? "; its first token comes from the prefill, the same under every policy (--prefill 1)"
                                    : ""))
                    .table(answers)
                    .line("");
        }
        found.put("answers", answers.objects());
        outcome.memory().ifPresent(memory -> add(found, memory));
        return found;
    }

    private static Rows<KvSummary.Line> given(List<KvSummary.Line> lines) {
        return Rows.of(lines)
                .text("", "policy", line -> line.policy().cliName())
                .number("", "same top token", 3, KvSummary.Line::agreement)
                .interval("", 3, KvSummary.Line::agreementInterval)
                .number("", "KL, nats", 3, KvSummary.Line::kl)
                .interval("", 3, KvSummary.Line::klInterval)
                .number("", "log p of a token", 3, KvSummary.Line::logProbability)
                .number("", "under full", 3, KvSummary.Line::fullLogProbability);
    }

    private static Rows<KvSummary.Line> own(List<KvSummary.Line> lines) {
        return Rows.of(lines)
                .text("", "policy", line -> line.policy().cliName())
                .number("", "same token", 3, KvSummary.Line::ownAgreement)
                .interval("", 3, KvSummary.Line::ownInterval)
                .shown("same text", line -> line.sameTexts() + " of " + line.ownTexts())
                .shown(
                        "first difference (median)",
                        line -> Double.isNaN(line.firstDifference())
                                ? "–"
                                : String.format(Locale.ROOT, "token %.0f", line.firstDifference()));
    }

    private static Rows<KvAnswers.Line> answers(List<KvAnswers.Line> lines) {
        return Rows.of(lines)
                .text("policy", "policy", line -> line.policy().cliName())
                .whole("answers", "", KvAnswers.Line::n)
                .whole("right", "", KvAnswers.Line::right)
                .shown("right", line -> line.right() + " of " + line.n())
                .number("accuracy", "share", 3, KvAnswers.Line::accuracy)
                .interval("accuracy", 3, KvAnswers.Line::interval);
    }

    private static Map<String, @Nullable Object> policy(KvSummary.Line line, KvSummary summary) {
        List<KvSummary.Place> places = summary.places().stream()
                .filter(place -> place.policy() == line.policy())
                .toList();
        return new Findings()
                .put("policy", line.policy().cliName())
                .put("texts", line.prompts())
                .put("tokens", line.tokens())
                .put("agreement", line.agreement())
                .put("agreement", line.agreementInterval())
                .put("kl", line.kl())
                .put("kl", line.klInterval())
                .put("log_probability", line.logProbability())
                .put("full_log_probability", line.fullLogProbability())
                .put("own_tokens", line.ownTokens())
                .put("own_agreement", line.ownAgreement())
                .put("own_agreement", line.ownInterval())
                .put("own_texts", line.ownTexts())
                .put("same_texts", line.sameTexts())
                .put("first_difference", line.firstDifference())
                .put(
                        "places",
                        Rows.of(places)
                                .whole("token", "", KvSummary.Place::index)
                                .whole("texts", "", KvSummary.Place::n)
                                .number("kl", "", 3, KvSummary.Place::kl)
                                .interval("kl", 3, KvSummary.Place::interval)
                                .number("agreement", "", 3, KvSummary.Place::agreement)
                                .objects())
                .data();
    }

    private static void add(Findings found, KvMemory memory) {
        found.line("KV cache, float32, for " + memory.tokens() + " tokens")
                .table(Rows.of(memory.lines())
                        .text("", "policy", line -> line.policy().cliName())
                        .shown("bytes a token", line -> String.format(Locale.ROOT, "%,d", line.perToken()))
                        .number("", "of full", 2, KvMemory.Line::share)
                        .shown("kept in all", line -> ByteSize.text(line.total()))
                        .shown(
                                "allocated here",
                                line -> line.allocated().isPresent()
                                        ? ByteSize.text(line.allocated().getAsLong())
                                        : "–"))
                .line("");
        found.put(
                "memory",
                new Findings()
                        .put("tokens", memory.tokens())
                        .put(
                                "policies",
                                memory.lines().stream().map(KvFindings::memory).toList()));
    }

    private static Map<String, @Nullable Object> memory(KvMemory.Line line) {
        return new Findings()
                .put("policy", line.policy().cliName())
                .put("bytes_per_token", line.perToken())
                .put("bytes_per_token_bfloat16", line.perTokenBfloat16())
                .put("share_of_full", line.share())
                .put("bytes_kept", line.total())
                .put(
                        "bytes_allocated",
                        line.allocated().isPresent() ? line.allocated().getAsLong() : null)
                .data();
    }
}
