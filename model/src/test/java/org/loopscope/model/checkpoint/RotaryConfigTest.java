package org.loopscope.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;

class RotaryConfigTest {
    private final List<String> warnings = new ArrayList<>();

    private double base(String json) throws LoopscopeException {
        byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return RotaryConfig.base(JsonFields.parse(text, "config.json"), 10000.0, warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'rope_theta': 500}",
                "{'rope_parameters': {'rope_theta': 500}}",
                "{'rope_parameters': {'rope_theta': 500, 'rope_type': 'default', 'factor': 1.0}}",
                "{'rope_parameters': {'rope_theta': 500, 'rope_type': null, 'partial_rotary_factor': 1}}",
                "{'rope_parameters': {'full_attention': {'rope_theta': 500}, 'sliding_attention': {'rope_theta': 7}}}",
                "{'rope_scaling': {'type': 'default', 'rope_theta': 500}, 'rope_theta': 500.0}",
                "{'rope_scaling': {}, 'rope_theta': 500}",
                "{'rope_scaling': null, 'rope_parameters': {}, 'rope_theta': 500}",
                "{'rope_parameters': {'rope_type': 'default'}, 'rope_theta': 500}",
                "{'rope_parameters': {'rope_theta': null}, 'rope_theta': 500, 'partial_rotary_factor': null}",
            })
    void theBaseIsFoundWhereverItStands(String json) throws LoopscopeException {
        assertEquals(500, base(json));
        assertEquals(List.of(), warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'rope_theta': 10000, 'rope_parameters': {'rope_theta': 300}} "
                        + "| rope_theta is 300.0 in rope_parameters and 10000.0 at the top level; 300.0 is taken, as"
                        + " transformers 5 does.",
                "{'rope_theta': 10000, 'rope_scaling': {'rope_theta': 300, 'rope_type': 'default'}} "
                        + "| rope_theta is 300.0 in rope_scaling and 10000.0 at the top level; 300.0 is taken, as"
                        + " transformers 5 does.",
                "{'rope_theta': 10000, 'rope_parameters': {'full_attention': {'rope_theta': 300}}} "
                        + "| rope_theta is 300.0 in rope_parameters.full_attention and 10000.0 at the top level; 300.0 is"
                        + " taken, as transformers 5 does.",
                "{'rope_theta': 300, 'rope_scaling': {'factor': 8.0}} "
                        + "| rope_scaling: the default rotary embedding has no factor; it is ignored.",
            })
    void whatIsNotHeededIsTold(String json, String warning) throws LoopscopeException {
        assertEquals(300, base(json));
        assertEquals(List.of("config.json: " + warning), warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'rope_parameters': {'rope_theta': 300}, 'rope_scaling': {'rope_theta': 400}} "
                        + "| rope_theta: expected one value, found 300.0 in rope_parameters and 400.0 in rope_scaling.",
                "{'rope_parameters': {'rope_theta': 300, 'partial_rotary_factor': 0.5}} "
                        + "| rope_parameters.partial_rotary_factor: expected 1, the only supported choice, found 0.5.",
                "{'rope_parameters': {'full_attention': {'partial_rotary_factor': 0.5}}} "
                        + "| rope_parameters.full_attention.partial_rotary_factor: expected 1, the only supported choice,"
                        + " found 0.5.",
                "{'partial_rotary_factor': '1'} "
                        + "| partial_rotary_factor: expected 1, the only supported choice, found \"1\".",
                "{'rope_parameters': {'rope_theta': '300'}} "
                        + "| rope_parameters.rope_theta: expected a number above 0, found \"300\".",
                "{'rope_theta': NaN} | rope_theta: expected a number above 0, found NaN.",
                "{'rope_theta': Infinity} | rope_theta: expected a number above 0, found Infinity.",
                "{'rope_parameters': [1]} | rope_parameters: expected a JSON object or null, found [1].",
                "{'rope_parameters': {'sliding_attention': {'rope_theta': 3}}} "
                        + "| rope_parameters: expected values for full_attention or for all layers, found"
                        + " {\"sliding_attention\":{\"rope_theta\":3}}.",
                "{'rope_parameters': {'rope_type': 'default', 'type': 'yarn'}} "
                        + "| rope_parameters: expected none, since only the default rotary embedding is supported, found"
                        + " {\"rope_type\":\"default\",\"type\":\"yarn\"}.",
            })
    void whatContradictsOrIsAnotherEmbeddingIsRefused(String json, String sentence) {
        assertEquals(
                "config.json: " + sentence,
                assertThrows(LoopscopeException.class, () -> base(json)).getMessage());
    }

    @Test
    void withoutAnyTheOneOfThePublishedCodeIsTakenAndTold() throws LoopscopeException {
        assertEquals(10000, base("{'rope_parameters': {'rope_type': 'default'}}"));
        assertEquals(
                List.of("config.json: rope_theta is missing; 10000.0 is taken, as the published model code does."),
                warnings);
    }
}
