package org.loopscope.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/**
 * The rotary embedding as config.json states it, in up to three places: {@code rope_parameters} (transformers 5, also
 * by type of layer), {@code rope_scaling} and the top level (transformers 4). Only the default embedding is supported.
 *
 * <p>Rank, as transformers 5 has it: what stands in an object goes before the top level. Two objects with different
 * bases are refused, since versions differ in which of them they read.
 */
final class RotaryConfig {
    private static final String BASE = "rope_theta";
    private static final String PART = "partial_rotary_factor";
    private static final String LAYER_TYPE = "full_attention"; // the only one that is supported
    private static final Set<String> READ = Set.of(BASE, PART, "rope_type", "type");

    /** One place that gives the base. */
    private record Statement(String place, double base) {}

    private final JsonFields json;
    private final List<String> warnings;
    private final List<Statement> statements = new ArrayList<>();

    private RotaryConfig(JsonFields json, List<String> warnings) {
        this.json = json;
        this.warnings = warnings;
    }

    /**
     * The base of the rotary embedding, or {@code absent} if no place gives it.
     *
     * @param warnings to which one sentence is added for each place that is not heeded
     * @throws LoopscopeException if another kind of rotary embedding is asked for, or two objects contradict each other
     */
    static double base(JsonFields json, double absent, List<String> warnings) throws LoopscopeException {
        return new RotaryConfig(json, warnings).base(absent);
    }

    private double base(double absent) throws LoopscopeException {
        requireWhole(PART, json.get(PART));
        readPlace("rope_parameters");
        readPlace("rope_scaling");
        for (Statement other : statements) {
            if (other.base() != statements.get(0).base()) {
                throw new LoopscopeException(json.file() + ": " + BASE + ": expected one value, found "
                        + shown(statements.get(0)) + " and " + shown(other) + ".");
            }
        }
        if (json.has(BASE)) {
            statements.add(new Statement("at the top level", json.positive(BASE)));
        }
        if (statements.isEmpty()) {
            warnings.add(json.file() + ": " + BASE + " is missing; " + absent
                    + " is taken, as the published model code does.");
            return absent;
        }
        Statement first = statements.get(0);
        Statement last = statements.get(statements.size() - 1);
        if (first.base() != last.base()) {
            warnings.add(json.file() + ": " + BASE + " is " + shown(first) + " and " + shown(last) + "; " + first.base()
                    + " is taken, as transformers 5 does.");
        }
        return first.base();
    }

    private static String shown(Statement statement) {
        return statement.base() + " " + statement.place();
    }

    private void readPlace(String key) throws LoopscopeException {
        JsonNode node = json.get(key);
        if (node.isMissingNode() || node.isObject() && node.isEmpty()) {
            return;
        }
        if (!node.isObject()) {
            throw json.refused(key, "a JSON object or null");
        }
        boolean nested = node.properties().stream().anyMatch(e -> e.getValue().isObject());
        boolean flat = !nested || READ.stream().anyMatch(node::has);
        if (flat) {
            read(key, node);
        }
        if (nested) {
            JsonNode full = node.path(LAYER_TYPE);
            if (full.isObject()) {
                read(key + "." + LAYER_TYPE, full);
            } else if (!flat) {
                throw json.refused(key, "values for " + LAYER_TYPE + " or for all layers");
            }
        }
    }

    private void read(String place, JsonNode rope) throws LoopscopeException {
        for (String key : List.of("rope_type", "type")) {
            JsonNode type = rope.path(key);
            if (!isAbsent(type) && !type.asText().equals("default")) {
                throw json.refused(place, "none, since only the default rotary embedding is supported", rope);
            }
        }
        requireWhole(place + "." + PART, rope.path(PART));
        if (!isAbsent(rope.path(BASE))) {
            statements.add(new Statement("in " + place, json.positive(place + "." + BASE, rope.path(BASE))));
        }
        List<String> ignored = rope.properties().stream()
                .filter(e -> !READ.contains(e.getKey()) && isSetting(e.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        if (!ignored.isEmpty()) {
            warnings.add(json.file() + ": " + place + ": the default rotary embedding has no "
                    + ForeignText.shown(String.join(", ", ignored)) + "; it is ignored.");
        }
    }

    /** Whether a value could mean something: nulls and a factor of 1 do not, and other types of layers are not here. */
    private static boolean isSetting(JsonNode value) {
        return !isAbsent(value) && !value.isObject() && !(value.isNumber() && value.asDouble() == 1);
    }

    private void requireWhole(String place, JsonNode part) throws LoopscopeException {
        if (!isAbsent(part) && !(part.isNumber() && part.asDouble() == 1)) {
            throw json.refused(place, "1, the only supported choice", part);
        }
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
