package org.loopscope.model.template;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.model.base.LoopscopeException;

/** Templates that reach for what is not theirs, or do not end. */
class HostileTemplateTest {
    private static LoopscopeException refusal(String template) {
        Map<String, Object> values = Map.of("messages", List.of(Map.of("role", "user", "content", "Hello")));
        return assertThrows(LoopscopeException.class, () -> Template.parse("t.jinja", template)
                .render(values, LocalDateTime.MIN));
    }

    static Stream<Arguments> templates() {
        return Stream.of(
                arguments("{{ ''.__class__ }}", "the attribute \"__class__\", which is not allowed"),
                arguments("{{ ''['__class__'] }}", "the attribute \"__class__\", which is not allowed"),
                arguments("{{ messages|attr('__class__') }}", "the attribute \"__class__\", which is not allowed"),
                arguments("{{ [''].__class__.__mro__ }}", "which is not allowed"),
                arguments("{{ messages.getClass() }}", "\"getClass\", which is not defined"),
                arguments("{{ self.__init__.__globals__ }}", "\"self\", which is not defined"),
                arguments("{{ range.__globals__ }}", "which is not allowed"),
                arguments("{{ messages.append(1) }}", "changes a list with \"append\", which is not allowed"),
                arguments("{{ cycler() }}", "\"cycler\", which is not defined"),
                arguments("{% include '/etc/passwd' %}", "uses \"include\", and a chat template may not read other"),
                arguments("{% import 'os' as os %}", "uses \"import\""),
                arguments("{% from 'a' import b %}", "uses \"from\""),
                arguments("{% extends 'a' %}", "uses \"extends\""),
                arguments("{% do messages.clear() %}", "the unknown block \"do\""),
                arguments("{{ range(10**9)|list }}", "counts to 1000000000, where at most 100000 are allowed"),
                arguments("{{ 10 ** 10 ** 9 }}", "a number that is too large"),
                arguments("{{ 9223372036854775807 + 1 }}", "a number that is too large"),
                arguments("{{ 1 // 0 }}", "divides by zero"),
                arguments("{{ 'a' * 10 ** 12 }}", "makes a text or list of more than"),
                arguments("{{ [0] * 10 ** 12 }}", "makes a text or list of more than"),
                arguments("{{ 'x' * 1000000 }}" + "{{ 'x' * 1000000 }}".repeat(9), "makes a text or list of more than"),
                arguments(
                        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
                        "does not come to an end within"),
                arguments(
                        "{% set ns = namespace(x='x') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                        "makes a text or list of more than"),
                arguments(
                        "{% set ns = namespace(x=[]) %}{% for i in range(999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
                        "nested more than 50 deep"),
                arguments("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nested more than 600 deep"),
                arguments("{{ " + "(".repeat(9999) + "1" + ")".repeat(9999) + " }}", "nested more than 100 deep"),
                arguments("{{ 1" + " + 1".repeat(9999) + " }}", "nested more than 600 deep"),
                arguments("{% if true %}".repeat(999) + "{% endif %}".repeat(999), "nested more than 100 deep"),
                arguments("{{ " + "not ".repeat(9999) + "-".repeat(999) + "1 }}", "nested more than 100 deep"),
                arguments("{{ 'a'.format(1) }}", "formats a text, which is not supported"),
                arguments("{{ raise_exception('no\u001b[31m\nroles') }}", "it says \"no\\u001b[31m\\nroles\""),
                arguments("{% for m in messages %}", "expected endfor, found the end of the template"),
                arguments("{{ 'open }}", "a text in quotes that does not end"),
                arguments("{% if %}", "expected a value, found the end of the block"),
                arguments("{{ messages | nosuch }}", "the unknown filter \"nosuch\""),
                arguments("{{ 1 is nosuch }}", "the unknown test \"nosuch\""),
                arguments("{{ tool.name }}", "\"tool\", which is not defined"),
                arguments("\n\n{{ 1 < 'a' }}", "line 3: compares a number with a text"));
    }

    @ParameterizedTest
    @MethodSource("templates")
    void isRefusedInOneSentence(String template, String why) {
        String sentence = String.valueOf(refusal(template).getMessage());
        assertTrue(sentence.contains(why), sentence);
        assertTrue(sentence.length() <= 300 && sentence.endsWith("."), sentence);
    }

    @Test
    void aTemplateOfMegabytesIsNotRead() {
        assertTrue(String.valueOf(refusal("x".repeat(2 << 20)).getMessage()).contains("at most 1048576 characters"));
    }
}
