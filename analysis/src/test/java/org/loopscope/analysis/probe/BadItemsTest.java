package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.analysis.lens.tuned.LensTraining;
import org.loopscope.analysis.patch.PatchPairs;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.prompts.SetLines;
import org.loopscope.analysis.set.ResumableCsv;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.open.Models;

/** Sets with one item that no model can be asked, and files that are no sets. */
class BadItemsTest {
    private static final String GOOD = "{\"prompt\":\"people Ann's friend is\",\"answer\":\"Eve\"}\n";
    private static final String UNKNOWN = "{\"prompt\":\"people Zorro's friend is\"}\n";
    private static final String WORD = "The word \"Zorro\" is not in the vocabulary of this model.";
    private static LoopedModel model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() throws LoopscopeException {
        model = Models.open(Models.EMBEDDED, RunControl.none());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** Refused before anything is run: no rows are begun. */
    private void refused(String sentence, org.junit.jupiter.api.function.Executable run) {
        assertEquals(sentence, assertThrows(LoopscopeException.class, run).getMessage());
        assertFalse(Files.exists(ResumableCsv.partOf(folder.resolve("out.csv"))));
    }

    private static List<ProbeItem> items(Path set) throws LoopscopeException {
        SetFile file = SetFile.open(set.toString());
        return ProbeSet.read(file.reader(), file.name(), ProbeSet.TEMPLATE, Integer.MAX_VALUE)
                .items();
    }

    @Test
    void allPromptsAreLookedAtBeforeOneIsAsked() throws IOException, LoopscopeException {
        List<ProbeItem> items = items(file("set.jsonl", GOOD + "\n" + GOOD + UNKNOWN + GOOD));
        refused("Prompt 3 of the set: " + WORD, () -> ProbeCheck.require(model, items));
    }

    @Test
    void trainingNamesWhatItCannotRead() throws IOException {
        Path set = file("set.jsonl", GOOD + UNKNOWN);
        LensTraining.Plan training =
                new LensTraining.Plan(false, OptionalInt.empty(), 1, 100, 8, OptionalDouble.empty(), 0);
        refused(
                "Text 2: " + WORD,
                () -> LensTraining.run(
                        model,
                        set,
                        LensTraining.texts(set),
                        training,
                        folder.resolve("lens.safetensors"),
                        RunControl.none()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json | line 2: expected one JSON object, found text that is no JSON at column 4.",
                "{\"prompt\":\"a\" | line 2: expected one JSON object, found JSON that ends too early at column 14.",
                "[1] | line 2: expected one JSON object, found an array.",
                "{\"prompt\":\"a\",\"prompt\":\"b\"} | line 2: expected one JSON object, found the same key twice at column 23.",
                "{\"prompt\":\"a\",\"split\":\"half\u001b\"} | line 2: expected one JSON object, found text that is no JSON at column 28.",
                "{\"prompt\":\"a\",\"split\":\"\\u001b\"} | line 2: expected train or test in the field \"split\", found \"\\u001b\".",
            })
    void aLineThatIsNoItemIsRefusedInOurWords(String line, String sentence) throws IOException {
        Path set = file("set.jsonl", GOOD + line + "\n");
        assertEquals(
                set + ", " + sentence,
                assertThrows(LoopscopeException.class, () -> items(set)).getMessage());
    }

    @Test
    void aLineThatIsFarTooLongIsRefused() throws IOException {
        String line = "{\"prompt\":\"" + "a ".repeat(SetLines.LONGEST / 2) + "\"}\n";
        for (String name : new String[] {"set.jsonl", "pairs.jsonl"}) {
            Path set = file(name, GOOD.replace("\"answer\"", "\"corrupted\":\"b\",\"answer\"") + line);
            LoopscopeException e = assertThrows(LoopscopeException.class, () -> {
                if (name.startsWith("set")) {
                    items(set);
                } else {
                    PatchPairs.read(set);
                }
            });
            assertEquals(set + ", line 2: expected at most 1000000 characters, found more.", e.getMessage());
        }
    }

    @Test
    void otherEncodingsAndNamesThatNoFileCanHaveAreRefused() throws IOException, LoopscopeException {
        Path latin = folder.resolve("latin.jsonl");
        Files.write(latin, "{\"prompt\":\"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(latin + ": expected text in UTF-8, found other bytes.", () -> items(latin));
        refused(latin + ": expected text in UTF-8, found other bytes.", () -> PatchPairs.read(latin));
        refused(
                "a\\u0000b: expected a set of prompts, found a name that no file can have.",
                () -> SetFile.open("a\0b"));
        refused(folder + ": expected a set of prompts, found a folder.", () -> SetFile.open(folder.toString()));
        Path marked = file("bom.jsonl", "\uFEFF" + GOOD);
        assertTrue(items(marked).get(0).prompt().startsWith("people"));
    }
}
