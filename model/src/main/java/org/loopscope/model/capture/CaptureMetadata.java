package org.loopscope.model.capture;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.Capture;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.LoopShape;

/**
 * The JSON text of a capture file: everything of a capture that is no tensor. Components are keys, in snake case.
 *
 * @param problem a text or JSON null
 * @param interventions what was changed in the states of the run, one sentence each; files of before it have none
 * @param chat what put the prompt into a chat form, a text or JSON null; files of before it have none
 * @param specialTokens how many the tokenizer put around the prompt; files of before it have none
 * @param decoding what {@link DecodingJson} reads, JSON null for every loop; files of before it have none
 */
record CaptureMetadata(
        int formatVersion,
        String programVersion,
        String prompt,
        int promptLength,
        List<String> tokenTexts,
        Model model,
        Config config,
        Options options,
        int[] generationExitSteps,
        String startedAt,
        long elapsedMillis,
        JsonNode problem,
        JsonNode decoding,
        List<String> interventions,
        JsonNode chat,
        SpecialTokens specialTokens) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII) // half a surrogate pair in a prompt cannot be written as UTF-8
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // keys may be added within a version
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    record SpecialTokens(int before, int after) {}

    record Model(
            String id,
            String weightHash,
            long parameters,
            String checkpointDtype,
            String computeDtype,
            String backend) {}

    record Config(
            int vocabSize,
            int hiddenSize,
            int intermediateSize,
            int numHiddenLayers,
            int numAttentionHeads,
            int numKeyValueHeads,
            int headDim,
            int totalUtSteps,
            int maxPositionEmbeddings,
            double rmsNormEps,
            double ropeTheta,
            boolean tieWordEmbeddings,
            Set<Integer> eosTokenIds,

            @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = OneGatedStack.class)
            Loop loop) {}

    /** What is looped; not written for one gated stack, as files of before this have it. */
    record Loop(int preludeLayers, int codaLayers, boolean gate, boolean normedSteps) {
        static final Loop ONE_GATED_STACK = new Loop(0, 0, true, true);
    }

    /** Equals the loop that is not written; Jackson asks for it in this form. */
    static final class OneGatedStack {
        @Override
        public boolean equals(@Nullable Object other) {
            return Loop.ONE_GATED_STACK.equals(other);
        }

        @Override
        public int hashCode() {
            return Loop.ONE_GATED_STACK.hashCode();
        }
    }

    record Options(
            int steps,
            boolean captureLayers,
            int generate,
            String exitRule,
            String kvPolicy,
            double temperature,
            @JsonProperty("top_p") double topP,
            long seed,
            Set<Integer> stopIds) {}

    static CaptureMetadata of(Capture c) {
        int[] exits = new int[c.length() - c.promptLength()];
        for (int i = 0; i < exits.length; i++) {
            exits[i] = c.generationExitStep(c.promptLength() + i);
        }
        return new CaptureMetadata(
                CaptureFile.FORMAT_VERSION,
                ProgramVersion.get(),
                c.prompt(),
                c.promptLength(),
                c.tokenTexts(),
                model(c.model()),
                config(c.config()),
                options(c.options()),
                exits,
                c.startedAt().toString(),
                c.elapsedMillis(),
                c.problem().<JsonNode>map(TextNode::valueOf).orElse(NullNode.instance),
                DecodingJson.of(c),
                c.interventions(),
                c.chat().<JsonNode>map(TextNode::valueOf).orElse(NullNode.instance),
                new SpecialTokens(c.addedBefore(), c.addedAfter()));
    }

    private static Model model(ModelInfo m) {
        return new Model(m.id(), m.weightHash(), m.parameters(), m.checkpointDtype(), m.computeDtype(), m.backend());
    }

    private static Config config(LoopConfig c) {
        return new Config(
                c.vocabSize(),
                c.hiddenSize(),
                c.intermediateSize(),
                c.layers(),
                c.heads(),
                c.kvHeads(),
                c.headDim(),
                c.trainedSteps(),
                c.contextLength(),
                c.normEps(),
                c.ropeTheta(),
                c.tiedEmbeddings(),
                new TreeSet<>(c.eosIds()),
                new Loop(
                        c.shape().prelude(),
                        c.shape().coda(),
                        c.hasGate(),
                        c.shape().normed()));
    }

    private static Options options(RunOptions o) {
        return new Options(
                o.steps(),
                o.captureLayers(),
                o.generate(),
                o.exitRule().spec(),
                o.kvPolicy().cliName(),
                o.sampling().temperature(),
                o.sampling().topP(),
                o.sampling().seed(),
                new TreeSet<>(o.stopIds()));
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of texts and numbers can be written as JSON", e);
        }
    }

    static CaptureMetadata parse(String json) throws JsonProcessingException {
        JsonNode tree = JSON.readTree(json);
        if (tree instanceof ObjectNode object && !object.has("decoding")) {
            object.putNull("decoding");
        }
        if (tree instanceof ObjectNode object && !object.has("interventions")) {
            object.putArray("interventions");
        }
        if (tree instanceof ObjectNode object && !object.has("chat")) {
            object.putNull("chat");
        }
        if (tree instanceof ObjectNode object && !object.has("special_tokens")) {
            object.putObject("special_tokens").put("before", 0).put("after", 0);
        }
        if (tree.path("config") instanceof ObjectNode config && !config.has("loop")) {
            config.set("loop", JSON.valueToTree(Loop.ONE_GATED_STACK));
        }
        return JSON.treeToValue(tree, CaptureMetadata.class);
    }

    ModelInfo modelInfo() {
        return new ModelInfo(
                model.id, model.weightHash, model.parameters, model.checkpointDtype, model.computeDtype, model.backend);
    }

    /** @throws IllegalArgumentException if a number of it is one that no model and no run can have */
    void checkRanges() {
        Config c = config;
        range("config.vocab_size", c.vocabSize, 1, 1 << 24);
        range("config.hidden_size", c.hiddenSize, 1, 1 << 20);
        range("config.intermediate_size", c.intermediateSize, 1, 1 << 20);
        range("config.num_hidden_layers", c.numHiddenLayers, 1, LoopConfig.MAX_LAYERS);
        range("config.num_attention_heads", c.numAttentionHeads, 1, 4096);
        range("config.num_key_value_heads", c.numKeyValueHeads, 1, c.numAttentionHeads);
        range("config.head_dim", c.headDim, 1, 4096);
        range("config.loop.prelude_layers", c.loop.preludeLayers, 0, LoopConfig.MAX_LAYERS);
        range("config.loop.coda_layers", c.loop.codaLayers, 0, LoopConfig.MAX_LAYERS);
        range("config.total_ut_steps", c.totalUtSteps, 1, RunOptions.MAX_STEPS);
        range("config.max_position_embeddings", c.maxPositionEmbeddings, 1, 1 << 24);
        c.eosTokenIds.forEach(id -> range("config.eos_token_ids", id, 0, c.vocabSize - 1));
        positive("config.rms_norm_eps", c.rmsNormEps);
        positive("config.rope_theta", c.ropeTheta);
        range("model.parameters", model.parameters, 0, Long.MAX_VALUE);
        range("elapsed_millis", elapsedMillis, 0, Long.MAX_VALUE);
        range("options.generate", options.generate, generationExitSteps.length, Integer.MAX_VALUE);
    }

    private static void range(String key, long value, long min, long max) {
        if (value < min || value > max) {
            String upTo = max >= Integer.MAX_VALUE ? " or more" : " to " + max;
            throw new IllegalArgumentException(key + ": want " + min + upTo + ", got " + value);
        }
    }

    private static void positive(String key, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(key + ": want a number above 0, got " + value);
        }
    }

    LoopConfig loopConfig() {
        return new LoopConfig(
                config.vocabSize,
                config.hiddenSize,
                config.intermediateSize,
                new LoopShape(
                        config.loop.preludeLayers,
                        config.numHiddenLayers,
                        config.loop.codaLayers,
                        config.totalUtSteps,
                        config.loop.gate,
                        config.loop.normedSteps),
                config.numAttentionHeads,
                config.numKeyValueHeads,
                config.headDim,
                config.maxPositionEmbeddings,
                config.rmsNormEps,
                config.ropeTheta,
                config.tieWordEmbeddings,
                config.eosTokenIds);
    }

    /** @throws IllegalArgumentException if a number is out of its range */
    RunOptions runOptions() throws LoopscopeException {
        return new RunOptions(
                options.steps,
                options.captureLayers,
                options.generate,
                ExitRule.parse(options.exitRule),
                KvPolicy.parse(options.kvPolicy),
                new Sampling(options.temperature, options.topP, options.seed),
                options.stopIds,
                DecodingJson.decoding(decoding));
    }

    /** @throws IllegalArgumentException if it is damaged */
    Optional<GenerationReport> generationReport() {
        return DecodingJson.report(decoding);
    }

    Optional<String> problemSentence() {
        return problem.isTextual() ? Optional.of(ForeignText.sentence(problem.asText())) : Optional.empty();
    }

    Optional<String> chatTemplate() {
        return chat.isTextual() ? Optional.of(chat.asText()) : Optional.empty();
    }

    /** @throws java.time.DateTimeException if it is no time */
    Instant startTime() {
        return Instant.parse(startedAt);
    }
}
