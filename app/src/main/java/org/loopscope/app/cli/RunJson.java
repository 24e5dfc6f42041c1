package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.lab.Findings;
import org.loopscope.model.Capture;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.chat.EndTokens;

/** The result of a run for a program: a public format, described in docs/cli.md. Arrays are [T][S], step first. */
final class RunJson {
    private static final int FORMAT = 1;

    private final RunResult result;
    private final Capture capture;

    RunJson(RunResult result) {
        this.result = result;
        this.capture = result.capture();
    }

    void print(PrintWriter out) {
        out.println(Json.write(object()));
    }

    ObjectNode object() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT);
        json.put("program_version", ProgramVersion.get());
        json.set("model", model(capture.model()));
        putTokens(json);
        putOptions(json);
        putExits(json);
        putPredictions(json);
        putChat(json);
        json.set("generation", new GenerationShown(result).json());
        json.put("started_at", capture.startedAt().toString());
        json.put("elapsed_millis", capture.elapsedMillis());
        json.put("problem", capture.problem().orElse(null));
        json.put("capture_file", result.file().map(Object::toString).orElse(null));
        return json;
    }

    static JsonNode model(ModelInfo model) {
        return Json.tree(Findings.of(model).data());
    }

    private void putTokens(ObjectNode json) {
        int[] ids = capture.tokenIds();
        int given = capture.promptLength();
        json.put("prompt", capture.prompt());
        json.put("prompt_length", given);
        json.set(
                "special_tokens",
                Json.object().put("before", capture.addedBefore()).put("after", capture.addedAfter()));
        json.set("token_ids", Json.integers(ids));
        json.set("token_texts", Json.texts(capture.tokenTexts()));
        json.set("generated_ids", Json.integers(Arrays.copyOfRange(ids, given, ids.length)));
        json.put("generated_text", result.generatedText());
        json.set("generation_exit_steps", ints(ids.length - given, i -> capture.generationExitStep(given + i)));
    }

    private void putOptions(ObjectNode json) {
        RunOptions options = capture.options();
        json.put("steps", capture.steps());
        json.put("trained_steps", capture.config().trainedSteps());
        json.put("outside_training", capture.outsideTraining());
        json.put("exit_rule", result.rule().spec());
        json.put("generation_exit_rule", options.exitRule().spec());
        json.put("decoding", options.decoding().name());
        json.put("kv_policy", options.kvPolicy().cliName());
        json.set(
                "sampling",
                Json.object()
                        .put("temperature", options.sampling().temperature())
                        .put("top_p", options.sampling().topP())
                        .put("seed", options.sampling().seed()));
    }

    /** What put the prompt into a chat form, and at which tokens generating would have ended, with where each is said. */
    private void putChat(ObjectNode json) {
        json.putObject("chat")
                .put("used", capture.chat().isPresent())
                .put("template", capture.chat().orElse(null));
        ArrayNode ends = json.putArray("end_tokens");
        for (EndTokens.EndToken end : result.ends().tokens()) {
            ends.addObject().put("id", end.id()).put("text", end.text()).put("from", end.from());
        }
    }

    private void putExits(ObjectNode json) {
        ExitAnalysis exits = result.exits();
        int s = capture.length();
        json.set("exit_steps", Json.integers(exits.exitSteps(result.rule())));
        if (!capture.hasGates()) {
            for (String key : new String[] {"expected_steps", "gate_logits", "lambda", "pdf", "cdf"}) {
                json.putNull(key);
            }
            return;
        }
        json.set("expected_steps", Json.numbers(s, p -> exits.distribution(p).expectedSteps()));
        json.set("gate_logits", perStep(t -> Json.numbers(s, p -> capture.gateLogit(t, p))));
        json.set(
                "lambda",
                perStep(t -> Json.numbers(s, p -> exits.distribution(p).lambda(t))));
        json.set("pdf", perStep(t -> Json.numbers(s, p -> exits.distribution(p).pdf(t))));
        json.set("cdf", perStep(t -> Json.numbers(s, p -> exits.distribution(p).cdf(t))));
    }

    /** The most probable next token of every step and position. */
    private void putPredictions(ObjectNode json) {
        LensGrid lens = result.lens();
        int s = capture.length();
        ObjectNode top = json.putObject("top1");
        top.set("ids", perStep(t -> ints(s, p -> lens.topId(lens.rowOfStep(t), p, 0))));
        top.set("texts", perStep(t -> {
            ArrayNode texts = Json.array();
            for (int p = 0; p < s; p++) {
                texts.add(lens.topText(lens.rowOfStep(t), p, 0));
            }
            return texts;
        }));
        top.set("probabilities", perStep(t -> Json.numbers(s, p -> lens.topProbability(lens.rowOfStep(t), p, 0))));
    }

    private ArrayNode perStep(IntFunction<ArrayNode> row) {
        ArrayNode rows = Json.array();
        for (int t = 1; t <= capture.steps(); t++) {
            rows.add(row.apply(t));
        }
        return rows;
    }

    private static ArrayNode ints(int count, java.util.function.IntUnaryOperator values) {
        return Json.integers(
                java.util.stream.IntStream.range(0, count).map(values).toArray());
    }
}
