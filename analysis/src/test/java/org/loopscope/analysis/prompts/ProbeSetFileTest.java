package org.loopscope.analysis.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.probe.EmbeddedProbeSet;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.probe.ProbeSet;
import org.loopscope.model.base.LoopscopeException;

/** The shipped probing set of cups, and how such a file is read. */
class ProbeSetFileTest {
    private static final Path FILE = Path.of("../sample-prompts/embedded/probe-cups.jsonl");

    @Test
    void theShippedCupsAreThoseOfSeedElevenWithRightAnswers() throws IOException, LoopscopeException {
        String text = Files.readString(FILE);
        assertEquals(EmbeddedProbeSet.jsonl(11, 900), text);
        ProbeSet set = ProbeSet.read(new BufferedReader(new StringReader(text)), "cups.jsonl", "", 1000);
        assertEquals(900, set.items().size());
        assertEquals(
                300,
                set.items().stream()
                        .filter(i -> i.split().equals(Optional.of("test")))
                        .count());
        assertEquals(900, set.items().stream().map(ProbeItem::prompt).distinct().count());
        for (ProbeItem item : set.items()) {
            assertEquals(Optional.of(TaskOracle.answer(item.prompt())), item.gold(), item.prompt());
            assertEquals(List.of("A", "B", "C", "D"), item.choices());
        }
        assertTrue(set.leftOut() == 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\": \"a\", \"split\": \"dev\"} | expected train or test in the field \"split\", found \"dev\".",
                "{\"question1\": \"a\", \"question2\": \"b\", \"label\": 2} | expected 0 or 1 in the field \"label\", found \"2\".",
                "{\"answer\": \"a\"} | expected text in the field \"prompt\", found none.",
                "{\"prompt\": \"a\", \"answer\": \"b\", \"choices\": [\"c\"]} | expected the answer to be one of the choices [c], found \"b\"."
            })
    void aLineThatIsNoItemIsRefusedWithItsPlace(String line, String problem) {
        LoopscopeException e = assertThrows(
                LoopscopeException.class,
                () -> ProbeSet.read(new BufferedReader(new StringReader("\n" + line)), "set.jsonl", "", 10));
        assertEquals("set.jsonl, line 2: " + problem, e.getMessage());
    }
}
