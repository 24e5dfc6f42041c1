package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.GenerationReport.Cost;
import org.loopscope.model.GenerationReport.DraftedTokens;
import org.loopscope.model.GenerationReport.SkippedLoops;

/** What generating cost and skipped, for a person and for a program; nothing for a run of every loop. */
final class GenerationShown {
    private final Capture capture;
    private final RunResult result;

    GenerationShown(RunResult result) {
        this.capture = result.capture();
        this.result = result;
    }

    /** The object {@code generation} of docs/cli.md, or JSON null. */
    JsonNode json() {
        return capture.generationReport().map(this::json).orElse(NullNode.instance);
    }

    private JsonNode json(GenerationReport report) {
        Cost cost = report.cost();
        ObjectNode json = Json.object()
                .put("loops_run", cost.loopsRun())
                .put("stack_passes", cost.stackPasses())
                .put("full_depth_loops", cost.fullDepthLoops())
                .put("millis", cost.millis());
        if (report instanceof SkippedLoops skipped) {
            json.set("run_exit_steps", Json.integers(runExitSteps(skipped)));
            json.set("replayed_exit_steps", Json.integers(replayedExitSteps()));
            ArrayNode gates = json.putArray("run_gate_logits");
            skipped.gateLogits().forEach(token -> gates.add(Json.numbers(token.size(), token::get)));
            json.put("states_replayed", skipped.replayed());
            json.put("departures", skipped.departures());
        } else if (report instanceof DraftedTokens drafted) {
            draft().ifPresent(d -> json.put("draft_step", d.step()).put("draft_tokens", d.tokens()));
            json.put("rounds", drafted.rounds());
            json.put("drafted", drafted.drafted());
            json.put("accepted", drafted.accepted());
            Json.put(json, "acceptance_rate", drafted.acceptanceRate());
        }
        return json;
    }

    List<String> lines() {
        return capture.generationReport().map(this::lines).orElse(List.of());
    }

    private List<String> lines(GenerationReport report) {
        Cost cost = report.cost();
        String loops = "Loops      " + cost.loopsRun() + " run while generating, in " + cost.stackPasses()
                + " passes through the layers; full depth token by token takes " + cost.fullDepthLoops() + " of both. "
                + Shown.seconds(cost.millis()) + ".";
        if (report instanceof SkippedLoops skipped) {
            return List.of(
                    loops,
                    "Left at    " + numbers(runExitSteps(skipped)) + " while generating",
                    "           " + numbers(replayedExitSteps()) + " replayed on the states above, "
                            + (skipped.replayed()
                                    ? "those of one full-depth pass over the text"
                                    : "completed after generating"),
                    "Departs    " + skipped.departures() + " of "
                            + skipped.gateLogits().size()
                            + " generated tokens are not full depth's first choice there");
        }
        if (report instanceof DraftedTokens drafted) {
            String at = draft().map(d -> "drafted at step " + d.step() + ", up to " + d.tokens() + " a round")
                    .orElse("drafted");
            return List.of(
                    loops,
                    "Drafts     " + drafted.accepted() + " of " + drafted.drafted() + " accepted ("
                            + Shown.percent(drafted.acceptanceRate()) + "), " + at + ", " + drafted.rounds()
                            + " rounds");
        }
        return List.of();
    }

    private Optional<Decoding.DraftAndVerify> draft() {
        return capture.options().decoding() instanceof Decoding.DraftAndVerify draft
                ? Optional.of(draft)
                : Optional.empty();
    }

    private static int[] runExitSteps(SkippedLoops skipped) {
        return IntStream.range(0, skipped.gateLogits().size())
                .map(skipped::stepsRun)
                .toArray();
    }

    /** Where the rule that generated leaves on the states of the capture, for each generated token. */
    private int[] replayedExitSteps() {
        int[] steps = result.exits().exitSteps(capture.options().exitRule());
        return Arrays.copyOfRange(steps, capture.promptLength(), capture.length());
    }

    private static String numbers(int[] steps) {
        return Arrays.stream(steps).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }
}
