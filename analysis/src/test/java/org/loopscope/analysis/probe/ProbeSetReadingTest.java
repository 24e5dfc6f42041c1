package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.LoopscopeException;

/** What the fields of a probing set mean. */
class ProbeSetReadingTest {
    private static ProbeSet read(String... lines) throws LoopscopeException {
        return ProbeSet.read(
                new BufferedReader(new StringReader(String.join("\n", lines))),
                "set.jsonl",
                "{question1}|{question2}",
                Integer.MAX_VALUE);
    }

    private static ProbeItem only(String line) throws LoopscopeException {
        return read(line).items().get(0);
    }

    @Test
    void aLabelIsAClassAndNoAnswer() throws LoopscopeException {
        ProbeItem item = only("{\"prompt\": \"p\", \"label\": \"harmful\"}");
        assertEquals(Optional.empty(), item.answer());
        assertEquals(Optional.of("harmful"), item.gold());
    }

    @Test
    void aLabelAmongTheChoicesIsTheAnswer() throws LoopscopeException {
        ProbeItem item = only("{\"prompt\": \"p\", \"label\": \"B\", \"choices\": [\"A\", \"B\"]}");
        assertEquals(Optional.of("B"), item.answer());
        ProbeItem other = only("{\"prompt\": \"p\", \"label\": \"harmful\", \"choices\": [\"A\", \"B\"]}");
        assertEquals(Optional.empty(), other.answer());
        assertEquals(Optional.of("harmful"), other.gold());
    }

    @Test
    void aUnitIsATextOrSeveral() throws LoopscopeException {
        assertEquals(
                List.of("t1"), only("{\"prompt\": \"p\", \"unit\": \"t1\"}").units());
        assertEquals(List.of("7"), only("{\"prompt\": \"p\", \"unit\": 7}").units());
        assertEquals(
                List.of("a", "b"),
                only("{\"prompt\": \"p\", \"unit\": [\"a\", \"b\"]}").units());
        assertEquals(List.of(), only("{\"prompt\": \"p\", \"unit\": null}").units());
        LoopscopeException e =
                assertThrows(LoopscopeException.class, () -> only("{\"prompt\": \"p\", \"unit\": {\"a\": 1}}"));
        assertTrue(
                String.valueOf(e.getMessage()).startsWith("set.jsonl, line 1: expected a text or an array of texts"));
    }

    @Test
    void theUnitsOfAPairAreItsQuestionsUnlessItNamesOthers() throws LoopscopeException {
        String pair = "{\"question1\": \"Why?\", \"question2\": \"How? \", \"label\": 1";
        assertEquals(List.of("Why?", "How?"), only(pair + "}").units());
        assertEquals(List.of("topic"), only(pair + ", \"unit\": \"topic\"}").units());
    }
}
