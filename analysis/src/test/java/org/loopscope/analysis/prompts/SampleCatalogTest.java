package org.loopscope.analysis.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loopscope.model.base.LoopscopeException;

class SampleCatalogTest {
    private static final String ENTRY =
            "{\"file\": \"%s\", \"title\": \"Mine\", \"model\": \"ouro\", \"description\": \"A set.\", \"shown\": %s}";

    @TempDir
    private Path folder;

    @Test
    void theSetsOfTheProgramAreThereAndFitTheirFormat() throws LoopscopeException {
        SampleCatalog catalog = SampleCatalog.builtIn();
        for (SampleSet set : catalog.sets()) {
            PromptSet prompts = catalog.read(set);
            assertEquals(List.of(), prompts.otherFields(), set.file());
            for (Prompt prompt : prompts.prompts()) {
                assertTrue(prompt.answer().isPresent(), prompt.prompt());
                assertTrue(prompt.group().orElse("").matches("[a-z ]+ k=[1-8]"), prompt.prompt());
            }
            assertTrue(set.description().endsWith("."), set.file());
        }
        assertEquals(
                List.of("embedded/people.jsonl", "embedded/calc.jsonl", "embedded/cups.jsonl"),
                catalog.shown("embedded").stream().map(SampleSet::file).toList());
        assertEquals(
                List.of("ouro/natural-language.jsonl"),
                catalog.shown("ouro").stream().map(SampleSet::file).toList());
    }

    @Test
    void theWelcomePromptIsAmongThePeopleOfDepthSix() throws LoopscopeException {
        SampleCatalog catalog = SampleCatalog.builtIn();
        PromptSet people = catalog.read(catalog.shown("embedded").get(0));
        Prompt first = people.prompts("people k=6").get(0);
        assertEquals(SampleCatalog.WELCOME_PROMPT, first.prompt());
        assertEquals("Dan", first.answer().orElseThrow());
    }

    @Test
    void evaluationSetsHold512PromptsOfEveryDepth() throws LoopscopeException {
        SampleCatalog catalog = SampleCatalog.builtIn();
        for (String task : List.of("people", "calc", "cups")) {
            SampleSet set = catalog.sets().stream()
                    .filter(s -> s.file().equals("embedded/eval-" + task + ".jsonl"))
                    .findFirst()
                    .orElseThrow();
            PromptSet prompts = catalog.read(set);
            assertEquals(
                    IntStream.rangeClosed(1, 8).mapToObj(k -> task + " k=" + k).toList(), prompts.groups());
            for (String group : prompts.groups()) {
                assertEquals(512, prompts.prompts(group).size(), group);
            }
        }
    }

    @Test
    void storedAnswersAreRight() throws LoopscopeException {
        SampleCatalog catalog = SampleCatalog.builtIn();
        for (SampleSet set : catalog.sets()) {
            if (set.model().equals("embedded")) {
                for (Prompt prompt : catalog.read(set).prompts()) {
                    assertEquals(
                            TaskOracle.answer(prompt.prompt()), prompt.answer().orElseThrow(), prompt.prompt());
                    assertEquals(
                            TaskOracle.group(prompt.prompt()), prompt.group().orElseThrow(), prompt.prompt());
                }
            }
        }
    }

    @Test
    void aFolderOfOnesOwnIsReadTheSameWay() throws IOException, LoopscopeException {
        Files.writeString(folder.resolve("index.json"), "[" + String.format(ENTRY, "mine.csv", true) + "]");
        Files.writeString(folder.resolve("mine.csv"), "prompt\nHello\n");
        SampleCatalog catalog = SampleCatalog.read(folder);
        assertEquals(List.of(new SampleSet("mine.csv", "Mine", "ouro", "A set.", true)), catalog.shown("ouro"));
        assertEquals(
                List.of(Prompt.of("Hello")), catalog.read(catalog.sets().get(0)).prompts());
    }

    @Test
    void setsThatAreMissingAreNamed() throws IOException, LoopscopeException {
        Files.writeString(folder.resolve("index.json"), "[" + String.format(ENTRY, "absent.csv", false) + "]");
        SampleCatalog catalog = SampleCatalog.read(folder);
        assertEquals(List.of(), catalog.shown("ouro"));
        LoopscopeException e = assertThrows(
                LoopscopeException.class, () -> catalog.read(catalog.sets().get(0)));
        assertEquals(folder.resolve("absent.csv") + ": expected a prompt set, found no such file.", e.getMessage());
    }

    @Test
    void aFolderWithoutIndexIsRefused() {
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> SampleCatalog.read(folder));
        assertEquals(
                folder.resolve("index.json") + ": expected an index of prompt sets, found no such file.",
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../other.csv", "/etc/hosts.csv", "a/../../b.csv"})
    void filesOutsideTheFolderAreRefused(String file) throws IOException {
        Files.writeString(folder.resolve("index.json"), "[" + String.format(ENTRY, file, true) + "]");
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> SampleCatalog.read(folder));
        assertEquals(
                folder.resolve("index.json") + ": expected a file inside its own folder, found \"" + file + "\".",
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[{\"file\": \"a.csv\"}]", "[1]", "[", "[null]", "[] []"})
    void whatIsNoIndexIsRefused(String text) throws IOException {
        Files.writeString(folder.resolve("index.json"), text);
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> SampleCatalog.read(folder));
        assertTrue(
                e.getMessage().startsWith(folder.resolve("index.json").toString())
                        && e.getMessage().contains("expected an array of prompt sets, found"),
                e.getMessage());
    }
}
