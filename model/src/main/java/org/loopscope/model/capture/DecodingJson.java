package org.loopscope.model.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.GenerationReport.Cost;
import org.loopscope.model.GenerationReport.DraftedTokens;
import org.loopscope.model.GenerationReport.SkippedLoops;
import org.loopscope.model.base.ForeignText;

/** The key {@code decoding} of a capture's metadata: how tokens were generated and the report of it; null for every loop. */
final class DecodingJson {
    private DecodingJson() {}

    static JsonNode of(Capture capture) {
        Decoding decoding = capture.options().decoding();
        if (decoding instanceof Decoding.EveryLoop) {
            return NullNode.instance;
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", decoding.name());
        if (decoding instanceof Decoding.DraftAndVerify draft) {
            json.put("draft_step", draft.step()).put("draft_tokens", draft.tokens());
        }
        json.set("report", capture.generationReport().map(DecodingJson::report).orElse(NullNode.instance));
        return json;
    }

    private static JsonNode report(GenerationReport report) {
        Cost cost = report.cost();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("loops_run", cost.loopsRun())
                .put("stack_passes", cost.stackPasses())
                .put("full_depth_loops", cost.fullDepthLoops())
                .put("millis", cost.millis());
        if (report instanceof SkippedLoops skipped) {
            json.put("replayed", skipped.replayed()).put("departures", skipped.departures());
            ArrayNode tokens = json.putArray("gate_logits");
            for (List<Double> gates : skipped.gateLogits()) {
                ArrayNode token = tokens.addArray();
                gates.forEach(gate -> token.add(gate.isNaN() ? null : gate)); // no gate
            }
        } else if (report instanceof DraftedTokens drafted) {
            json.put("rounds", drafted.rounds())
                    .put("drafted", drafted.drafted())
                    .put("accepted", drafted.accepted());
        }
        return json;
    }

    /** @throws IllegalArgumentException if {@code json} is damaged */
    static Decoding decoding(JsonNode json) {
        if (json.isNull()) {
            return Decoding.everyLoop();
        }
        String name = json.path("name").asText();
        return switch (name) {
            case "skip-loops" -> Decoding.skipLoops();
            case "draft" -> Decoding.draftAndVerify(integer(json, "draft_step"), integer(json, "draft_tokens"));
            default ->
                throw new IllegalArgumentException("decoding: want skip-loops or draft, got "
                        + ForeignText.shown(json.path("name").toString()));
        };
    }

    /** @throws IllegalArgumentException if {@code json} is damaged */
    static Optional<GenerationReport> report(JsonNode json) {
        JsonNode report = json.path("report");
        if (!report.isObject()) {
            return Optional.empty();
        }
        Cost cost = new Cost(
                number(report, "loops_run"),
                number(report, "stack_passes"),
                number(report, "full_depth_loops"),
                number(report, "millis"));
        return Optional.of(
                decoding(json) instanceof Decoding.DraftAndVerify
                        ? new DraftedTokens(
                                cost,
                                integer(report, "rounds"),
                                integer(report, "drafted"),
                                integer(report, "accepted"))
                        : new SkippedLoops(
                                cost,
                                gateLogits(report),
                                report.path("replayed").asBoolean(),
                                integer(report, "departures")));
    }

    private static List<List<Double>> gateLogits(JsonNode report) {
        List<List<Double>> tokens = new ArrayList<>();
        for (JsonNode token : report.path("gate_logits")) {
            List<Double> gates = new ArrayList<>();
            for (JsonNode gate : token) {
                if (!gate.isNumber() && !gate.isNull()) {
                    throw new IllegalArgumentException(
                            "decoding, gate_logits: want numbers, got " + ForeignText.shown(gate.toString()));
                }
                gates.add(gate.asDouble(Double.NaN));
            }
            tokens.add(gates);
        }
        return tokens;
    }

    private static int integer(JsonNode json, String key) {
        return (int) number(json, key, Integer.MAX_VALUE);
    }

    private static long number(JsonNode json, String key) {
        return number(json, key, Long.MAX_VALUE);
    }

    /** A count. */
    private static long number(JsonNode json, String key, long max) {
        JsonNode value = json.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0 || value.asLong() > max) {
            throw new IllegalArgumentException("decoding, " + key + ": want a number from 0, got "
                    + (value.isMissingNode() ? "none" : ForeignText.shown(value.toString())));
        }
        return value.asLong();
    }
}
