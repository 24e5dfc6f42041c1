package org.loopscope.analysis.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import org.loopscope.analysis.patch.EmbeddedPairs;
import org.loopscope.analysis.patch.PatchPair;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;
import org.loopscope.model.tokenizer.Tokenizer;

/** The shipped pairs for patching, and how such a file is read. */
class PatchPairSetTest {
    private static final Path FILE = Path.of("../sample-prompts/embedded/patch-pairs.jsonl");

    @Test
    void theShippedPairsAreThoseOfSeedSeven() throws IOException {
        assertEquals(EmbeddedPairs.jsonl(7, 20), Files.readString(FILE));
    }

    @Test
    void bothAnswersOfEveryPairAreRightAndDiffer() throws LoopscopeException {
        List<PatchPair> pairs = PatchPairs.read(FILE);
        assertEquals(180, pairs.size());
        for (PatchPair pair : pairs) {
            assertEquals(TaskOracle.answer(pair.clean()), pair.answer(), pair.clean());
            assertEquals(Optional.of(TaskOracle.answer(pair.corrupted())), pair.corruptedAnswer(), pair.corrupted());
            assertNotEquals(pair.answer(), pair.corruptedAnswer().orElseThrow());
            assertEquals(Optional.of(TaskOracle.group(pair.clean())), pair.group());
        }
    }

    @Test
    void thePromptsOfAPairDifferInOneToken() throws LoopscopeException {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            Tokenizer tokenizer = model.tokenizer().orElseThrow();
            for (PatchPair pair : PatchPairs.read(FILE)) {
                int[] clean = tokenizer.encode(pair.clean());
                int[] corrupted = tokenizer.encode(pair.corrupted());
                assertEquals(clean.length, corrupted.length, pair.clean());
                int different = 0;
                for (int p = 0; p < clean.length; p++) {
                    different += clean[p] == corrupted[p] ? 0 : 1;
                }
                assertEquals(1, different, pair.clean() + " | " + pair.corrupted());
            }
        }
    }

    private static List<PatchPair> read(String text) throws LoopscopeException {
        return PatchPairs.read(new BufferedReader(new StringReader(text)), "pairs.jsonl");
    }

    @Test
    void aPairIsReadWithWhatIsKnownOfIt() throws LoopscopeException {
        assertEquals(
                List.of(new PatchPair("a b", "a c", "1", Optional.empty(), Optional.empty())),
                read("\n{\"prompt\": \"a b\", \"corrupted\": \"a c\", \"answer\": 1, \"note\": []}\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\": \"a\", \"answer\": \"b\"} | line 1: expected text in the field \"corrupted\", found none.",
                "[1] | line 1: expected one JSON object, found an array.",
                "{\"prompt\": {}} | line 1: expected text in the field \"prompt\", found an object."
            })
    void aLineThatIsNoPairIsRefusedWithItsPlace(String text, String problem) {
        assertEquals(
                "pairs.jsonl, " + problem,
                assertThrows(LoopscopeException.class, () -> read(text)).getMessage());
    }

    @Test
    void anEmptyFileIsRefused() {
        assertEquals(
                "pairs.jsonl: expected at least one pair of prompts, found none.",
                assertThrows(LoopscopeException.class, () -> read("\n")).getMessage());
    }
}
