package org.loopscope.analysis.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;

class PromptSetTest {
    private static final List<Prompt> TWO = List.of(
            new Prompt(
                    "Is 2 + 2, \"as always\", 4?",
                    Optional.of("yes"),
                    List.of("yes", "no"),
                    Optional.of("True"),
                    Optional.of("sums k=1")),
            Prompt.of("Ünïcode, and no more"));

    @TempDir
    private Path folder;

    private static PromptSet read(String text, String name) throws LoopscopeException {
        return PromptSet.read(new StringReader(text), name);
    }

    @Test
    void jsonlHoldsAnObjectALine() throws LoopscopeException {
        PromptSet set = read("""
                {"prompt": "Is 2 + 2, \\"as always\\", 4?", "answer": "yes", "choices": ["yes", "no"], "label": true, "group": "sums k=1"}

                {"prompt": "Ünïcode, and no more", "answer": null}
                """.replace("true", "\"True\""), "set.jsonl");
        assertEquals(TWO, set.prompts());
        assertEquals("set.jsonl", set.name());
        assertEquals(List.of(), set.otherFields());
    }

    @Test
    void csvHoldsTheSame() throws LoopscopeException {
        PromptSet set = read("""
                group,prompt,answer,choices,label
                sums k=1,"Is 2 + 2, ""as always"", 4?",yes,yes|no,True
                ,"Ünïcode, and no more",,,
                """, "set.csv");
        assertEquals(TWO, set.prompts());
    }

    @Test
    void numbersAndTruthValuesAreTakenAsTheirText() throws LoopscopeException {
        Prompt prompt = read(
                        "{\"prompt\": \"3-5=\", \"answer\": 8, \"label\": false, \"choices\": [8, 2]}", "set.jsonl")
                .prompts()
                .get(0);
        assertEquals(Optional.of("8"), prompt.answer());
        assertEquals(Optional.of("false"), prompt.label());
        assertEquals(List.of("8", "2"), prompt.choices());
    }

    @Test
    void aQuotedCellMayHoldLineBreaksAndSpacesAreKept() throws LoopscopeException {
        PromptSet set = read("prompt,answer\r\n\"two\r\nlines \",x\r\n#first, y\r\n", "set.csv");
        assertEquals("two\nlines ", set.prompts().get(0).prompt());
        assertEquals("#first", set.prompts().get(1).prompt());
        assertEquals(Optional.of(" y"), set.prompts().get(1).answer());
    }

    @Test
    void fieldsThatAreNotReadAreNamed() throws LoopscopeException {
        assertEquals(
                List.of("source", "anwser"),
                read("{\"source\": 1, \"prompt\": \"a\"}\n{\"prompt\": \"b\", \"anwser\": \"c\"}", "set.jsonl")
                        .otherFields());
        assertEquals(List.of("id"), read("id,prompt\n1,a\n", "set.csv").otherFields());
    }

    @Test
    void groupsComeInOrderOfAppearance() throws LoopscopeException {
        PromptSet set = read("prompt,group\na,two\nb,one\nc,two\nd,\n", "set.csv");
        assertEquals(List.of("two", "one"), set.groups());
        assertEquals(
                List.of("a", "c"),
                set.prompts("two").stream().map(Prompt::prompt).toList());
    }

    @Test
    void aFileIsReadByItsEnding() throws IOException, LoopscopeException {
        Path file = folder.resolve("set.JSONL");
        Files.writeString(file, "\uFEFF{\"prompt\": \"a\"}");
        assertEquals(List.of(Prompt.of("a")), PromptSet.read(file).prompts());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt\": \"a\"}~[1]        | line 2: expected one JSON object, found an array.",
                "{\"prompt\": \"a\"}~3          | line 2: expected one JSON object, found a number.",
                "{\"prompt\": \"\"}             | line 1: expected text in the field \"prompt\", found none.",
                "{\"text\": \"a\"}              | line 1: expected a field \"prompt\", found none.",
                "{\"prompt\": [\"a\"]}          | line 1: expected text in the field \"prompt\", found an array.",
                "{\"prompt\": \"a\", \"choices\": \"b\"} | line 1: expected an array in the field \"choices\", found a string.",
                "{\"prompt\": \"a\", \"choices\": [{}]}  | line 1: expected texts in the field \"choices\", found an object.",
                "{\"prompt\": \"a\", \"answer\": \"b\", \"choices\": [\"c\", \"d\"]}"
                        + "| line 1: expected the answer to be one of the choices [c, d], found \"b\"."
            })
    void damagedJsonlIsRefusedByLine(String text, String sentence) {
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> read(text.replace("~", "\n"), "set.jsonl"));
        assertEquals("set.jsonl, " + sentence, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt\": \"a\"",
                "{\"prompt\": \"a\"} {\"prompt\": \"b\"}",
                "{\"prompt\": \"a\", \"prompt\": \"b\"}",
                "not json"
            })
    void whatIsNotJsonIsRefusedByLineToo(String text) {
        LoopscopeException e =
                assertThrows(LoopscopeException.class, () -> read("{\"prompt\": \"a\"}\n" + text, "set.jsonl"));
        String start = "set.jsonl, line 2: expected one JSON object, found ";
        assertEquals(start, e.getMessage().substring(0, start.length()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "question,answer~a,b | line 1: expected a header line with a column \"prompt\", found question, answer.",
                "prompt,prompt~a,b   | line 1: expected every column once, found prompt, prompt.",
                "prompt,answer~a,b,c | line 2: expected 2 cells, found 3.",
                "prompt,answer~a,b~c | line 3: expected 2 cells, found 1.",
                "prompt,answer~,b    | line 2: expected text in the field \"prompt\", found none.",
                "prompt~\"a\" b       | line 2: expected comma-separated cells, found quotes that do not pair."
            })
    void damagedCsvIsRefusedByLine(String text, String sentence) {
        LoopscopeException e =
                assertThrows(LoopscopeException.class, () -> read(text.replace("~", "\n") + "\n", "set.csv"));
        assertEquals("set.csv, " + sentence, e.getMessage());
        LoopscopeException withoutLastBreak =
                assertThrows(LoopscopeException.class, () -> read(text.replace("~", "\n"), "set.csv"));
        assertEquals(e.getMessage(), withoutLastBreak.getMessage());
    }

    @Test
    void aQuoteThatIsNeverClosedDoesNotSwallowTheRest() {
        assertMessage(
                "set.csv, line 3: expected double quotes in pairs, found a quoted cell that does not end.",
                () -> read("prompt\na\n\"b\nc\nd\n", "set.csv"));
    }

    @Test
    void emptyFilesAndUnknownFormatsAreRefused() {
        assertMessage("set.jsonl: expected at least one prompt, found none.", () -> read("\n", "set.jsonl"));
        assertMessage("set.csv: expected at least one prompt, found none.", () -> read("prompt\n", "set.csv"));
        assertMessage(
                "set.csv, line 1: expected a header line with a column \"prompt\", found an empty file.",
                () -> read("", "set.csv"));
        assertMessage("set.txt: expected a prompt set ending in .jsonl or .csv.", () -> read("a", "set.txt"));
    }

    @Test
    void missingFilesAndOtherEncodingsAreRefused() throws IOException {
        Path absent = folder.resolve("absent.jsonl");
        assertMessage(absent + ": expected a prompt set, found no such file.", () -> PromptSet.read(absent));
        Path latin = folder.resolve("latin.csv");
        Files.write(latin, new byte[] {'p', 'r', 'o', 'm', 'p', 't', '\n', (byte) 0xFC, '\n'});
        assertMessage(latin + ": expected text in UTF-8, found other bytes.", () -> PromptSet.read(latin));
        Path latinLines = folder.resolve("latin.jsonl");
        Files.write(latinLines, new byte[] {'{', (byte) 0xFC, '}'});
        assertMessage(latinLines + ": expected text in UTF-8, found other bytes.", () -> PromptSet.read(latinLines));
    }

    private static void assertMessage(String sentence, org.junit.jupiter.api.function.Executable call) {
        assertEquals(sentence, assertThrows(LoopscopeException.class, call).getMessage());
    }
}
