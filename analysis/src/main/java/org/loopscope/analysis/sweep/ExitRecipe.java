package org.loopscope.analysis.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.InputFile;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.exit.ExitRule;

/**
 * An exit rule to be used elsewhere, with what is known of it: a small JSON file.
 *
 * @param rule the rule
 * @param model id of the model it was measured with
 * @param weights SHA-256 of its weights, hex; empty where only rows were there
 * @param computeDtype the arithmetic
 * @param steps T
 * @param set the prompts, or the file of rows
 * @param measured what it reaches there; empty where the sweep has no such rule
 * @param budget mean loops that were allowed; NaN for none
 * @param program version that wrote it
 */
public record ExitRecipe(
        ExitRule rule,
        String model,
        String weights,
        String computeDtype,
        int steps,
        String set,
        Optional<Measured> measured,
        double budget,
        String program) {
    private static final String FORMAT = "loopscope-exit-recipe";
    private static final int VERSION = 1;
    private static final long MOST_BYTES = 1 << 20;
    private static final int HASH_SHOWN = 12;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * What a rule reaches on a set.
     *
     * @param quality what is called quality, in words
     * @param scope which tokens are counted, in words
     */
    public record Measured(
            String quality,
            String scope,
            double value,
            Interval interval,
            double meanLoops,
            Interval loops,
            int prompts) {}

    /**
     * Of a rule on a curve.
     *
     * @param model that measured it, if it is known
     */
    public static ExitRecipe of(
            SweepCurve curve, ExitRule rule, Optional<ModelInfo> model, String set, double budget, String program) {
        String spec = rule instanceof ExitRule.FullDepth ? "fixed:" + curve.steps() : rule.spec();
        return new ExitRecipe(
                rule,
                curve.model(),
                model.map(ModelInfo::weightHash).orElse(""),
                curve.computeDtype(),
                curve.steps(),
                set,
                curve.point(spec)
                        .map(p -> new Measured(
                                curve.quality().title(),
                                curve.scope().title(),
                                p.quality(),
                                p.interval(),
                                p.meanLoops(),
                                p.loops(),
                                p.prompts())),
                budget,
                program);
    }

    /** The file's text. */
    public String json() {
        ObjectNode root = MAPPER.createObjectNode().put("format", FORMAT).put("version", VERSION);
        root.put("rule", rule.spec());
        root.putObject("model").put("id", model).put("weights", weights).put("compute_dtype", computeDtype);
        ObjectNode on = root.putObject("measured").put("set", set).put("max_steps", steps);
        put(on, "budget", budget);
        measured.ifPresent(found -> {
            on.put("prompts", found.prompts()).put("quality", found.quality()).put("scope", found.scope());
            put(on, "value", found.value());
            put(on, "value_low", found.interval().low());
            put(on, "value_high", found.interval().high());
            put(on, "mean_loops", found.meanLoops());
            put(on, "mean_loops_low", found.loops().low());
            put(on, "mean_loops_high", found.loops().high());
        });
        root.put("program", program);
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // texts and numbers can always be written
        }
    }

    private static void put(ObjectNode node, String key, double number) {
        if (Double.isFinite(number)) {
            node.put(key, number);
        } else {
            node.putNull(key);
        }
    }

    /**
     * Reads such a file.
     *
     * @throws LoopscopeException with one sentence for what is none
     */
    public static ExitRecipe read(Path file) throws LoopscopeException {
        JsonNode root;
        try {
            root = MAPPER.readTree(InputFile.text(file, "an exit recipe", MOST_BYTES));
        } catch (JsonProcessingException e) {
            throw problem(
                    file, "an exit recipe, as loopscope sweep --save-recipe writes it, found text that is no JSON", e);
        }
        if (!root.path("format").asText().equals(FORMAT) || !root.path("rule").isTextual()) {
            throw problem(
                    file, "an exit recipe with \"format\": \"" + FORMAT + "\" and a \"rule\", found other JSON", null);
        }
        if (root.path("version").asInt() != VERSION) {
            String version = root.path("version").toString();
            throw problem(
                    file,
                    "version " + VERSION + " of an exit recipe, found "
                            + (version.isEmpty() ? "none" : ForeignText.shown(version, HASH_SHOWN)),
                    null);
        }
        JsonNode model = root.path("model");
        JsonNode on = root.path("measured");
        return new ExitRecipe(
                rule(file, root.path("rule").asText()),
                model.path("id").asText(),
                model.path("weights").asText(),
                model.path("compute_dtype").asText(),
                on.path("max_steps").asInt(),
                on.path("set").asText(),
                on.path("value").isNumber() ? Optional.of(measured(file, on)) : Optional.empty(),
                number(on, "budget"),
                root.path("program").asText());
    }

    private static ExitRule rule(Path file, String spec) throws LoopscopeException {
        try {
            return ExitRule.parse(spec);
        } catch (LoopscopeException e) {
            throw new LoopscopeException(ForeignText.escaped(file.toString()) + ": " + e.getMessage(), e);
        }
    }

    private static Measured measured(Path file, JsonNode on) throws LoopscopeException {
        requireFrom(0, number(on, "value"), 1, "value", file);
        requireFrom(1, number(on, "mean_loops"), on.path("max_steps").asInt(), "mean_loops", file);
        return new Measured(
                on.path("quality").asText(),
                on.path("scope").asText(),
                number(on, "value"),
                new Interval(number(on, "value_low"), number(on, "value_high")),
                number(on, "mean_loops"),
                new Interval(number(on, "mean_loops_low"), number(on, "mean_loops_high")),
                on.path("prompts").asInt());
    }

    private static void requireFrom(double low, double number, double high, String key, Path file)
            throws LoopscopeException {
        if (!(number >= low && number <= high)) {
            String range = String.format(Locale.ROOT, "%.0f to %.0f", low, high);
            throw problem(file, "in \"" + key + "\" a number from " + range + ", found " + number, null);
        }
    }

    private static double number(JsonNode on, String key) {
        return on.path(key).isNumber() ? on.path(key).asDouble() : Double.NaN;
    }

    private static LoopscopeException problem(
            Path file, String expectedAndFound, @org.jspecify.annotations.Nullable Exception cause) {
        return new LoopscopeException(
                ForeignText.escaped(file.toString()) + ": expected " + expectedAndFound + ".", cause);
    }

    /** What it says, and how the model at hand differs from the one it was measured with; one sentence each. */
    public List<String> on(ModelInfo now) {
        List<String> sentences = new ArrayList<>();
        sentences.add("Exit rule " + rule.spec() + " of a recipe"
                + measured.map(found -> String.format(
                                Locale.ROOT,
                                ": %s %.3f%s at %.2f mean loops of %d on %s, n = %d",
                                ForeignText.escaped(found.quality()),
                                found.value(),
                                found.interval().isDefined()
                                        ? String.format(
                                                Locale.ROOT,
                                                " (95 %% %.3f to %.3f)",
                                                found.interval().low(),
                                                found.interval().high())
                                        : "",
                                found.meanLoops(),
                                steps,
                                ForeignText.escaped(set),
                                found.prompts()))
                        .orElse(", which was not measured")
                + ".");
        if (weights.isEmpty()) {
            sentences.add(
                    "It was measured with " + ForeignText.escaped(model) + ", of which weights is not known, this is "
                            + ForeignText.escaped(now.id()) + "; what it reaches may differ.");
        } else if (!weights.equals(now.weightHash())) {
            sentences.add("It was measured with other weights, those of " + ForeignText.escaped(model) + " ("
                    + brief(weights) + "), these are of " + ForeignText.escaped(now.id()) + " ("
                    + brief(now.weightHash()) + "); what it reaches may differ.");
        }
        if (!computeDtype.equals(now.computeDtype())) {
            sentences.add("It was measured in " + ForeignText.escaped(computeDtype) + ", this is " + now.computeDtype()
                    + "; what it reaches may differ.");
        }
        return List.copyOf(sentences);
    }

    private static String brief(String hash) {
        return ForeignText.escaped(hash.substring(0, Math.min(HASH_SHOWN, hash.length())));
    }
}
