package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.RowIdentity;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.open.Models;
import org.loopscope.model.tokenizer.Tokenizer;

/** A model whose tokenizer.json asks for a token in front of every text and one behind it. */
class SpecialTokensTest {
    @TempDir
    Path folder;

    private String model = "";

    @BeforeEach
    void writeModel() throws Exception {
        Path written = RandomCheckpoint.write(folder.resolve("model"));
        Files.writeString(written.resolve("tokenizer.json"), """
                {"version":"1.0","added_tokens":[
                   {"id":0,"content":"<s>","special":true,"single_word":false,"lstrip":false,"rstrip":false,"normalized":false},
                   {"id":10,"content":"<e>","special":true,"single_word":false,"lstrip":false,"rstrip":false,"normalized":false}],
                 "pre_tokenizer":{"type":"WhitespaceSplit"},
                 "post_processor":{"type":"BertProcessing","cls":["<s>",0],"sep":["<e>",10]},
                 "model":{"type":"WordLevel","unk_token":"?",
                   "vocab":{"<s>":0,"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"<e>":10}}}""");
        model = written.toString();
    }

    private static int[] ids(Cli.Result result) throws Exception {
        assertEquals(0, result.code(), result.err());
        return new JsonMapper()
                .convertValue(new JsonMapper().readTree(result.out()).path("token_ids"), int[].class);
    }

    @Test
    void aPromptGetsWhatTheFolderAsksForUnlessItIsLeftOut() throws Exception {
        Path file = folder.resolve("c.safetensors");
        Cli.Result run = Cli.run("run", "--model", model, "--prompt", "a b", "--json", "--out", file.toString());
        assertArrayEquals(new int[] {0, 1, 2, 10}, ids(run));
        JsonNode added = new JsonMapper().readTree(run.out()).path("special_tokens");
        assertEquals("{\"before\":1,\"after\":1}", added.toString());
        Capture capture = CaptureFile.read(file);
        assertTrue(capture.added(0) && !capture.added(1) && !capture.added(2) && capture.added(3));
        assertArrayEquals(
                new int[] {1, 2},
                ids(Cli.run("run", "--model", model, "--prompt", "a b", "--no-special-tokens", "--json")));
        assertArrayEquals(new int[] {1, 2}, ids(Cli.run("run", "--model", model, "--token-ids", "1,2", "--json")));
    }

    @Test
    void aCaptureIsRunAlready() {
        Cli.Result result = Cli.run("exit", "c.safetensors", "--no-special-tokens");
        assertEquals(2, result.code());
        assertTrue(result.problem().startsWith("--no-special-tokens says how to run a prompt"), result.problem());
    }

    @Test
    void rowsWithThemAndWithoutAreOfDifferentSetsAndOldSetsOfModelsWithoutThemGoOn() throws Exception {
        Path prompts = Files.writeString(folder.resolve("set.jsonl"), "{\"prompt\":\"a b\",\"answer\":\"c\"}\n");
        try (LoopedModel opened = Models.open(model, RunControl.none());
                LoopedModel embedded = Models.open(Models.EMBEDDED, RunControl.none())) {
            var set = SetFile.prompts(prompts.toString());
            Map<String, String> with = RowIdentity.of(opened);
            Map<String, String> without = RowIdentity.of(opened.withoutAddedTokens());
            assertEquals("[0] … [10]", with.get("special tokens"));
            assertFalse(without.containsKey("special tokens"));
            assertFalse(RowIdentity.of(embedded).containsKey("special tokens"));
        }
    }

    @Test
    void anAnswerFollowsThePromptWithItsSpecialTokens() throws Exception {
        try (LoopedModel opened = Models.open(model, RunControl.none())) {
            Tokenizer tokenizer = opened.requireTokenizer();
            assertArrayEquals(new int[] {3, 4}, WholeAnswer.tokens(tokenizer, "a b", "c d"));
            PromptText text = PromptText.of(
                    tokenizer, new Prompt("a b", Optional.of("c d"), List.of(), Optional.empty(), Optional.empty()), 0);
            assertArrayEquals(new int[] {0, 1, 2, 10, 3}, text.ids());
            assertArrayEquals(new int[] {0, 1, 2, 10, 3, 4}, text.wholeIds());
        }
    }

    @Test
    void setsAndTheirCommandsTakeTheOption() throws Exception {
        Path prompts = Files.writeString(folder.resolve("set.jsonl"), "{\"prompt\":\"a b\",\"answer\":\"c\"}\n");
        for (List<String> command : List.of(
                List.of("gate"),
                List.of("sweep", "--rules", "fixed:1"),
                List.of("depth"),
                List.of("kv", "--generate", "2"))) {
            for (String option : List.of("", "--no-special-tokens")) {
                List<String> words = new ArrayList<>(command);
                Path out = folder.resolve(command.get(0) + option + ".csv");
                words.addAll(List.of("--model", model, "--set", prompts.toString(), "--out", out.toString()));
                if (!option.isEmpty()) {
                    words.add(option);
                }
                Cli.Result result = Cli.run(words.toArray(String[]::new));
                assertEquals(0, result.code(), words + result.err());
            }
            assertFalse(
                    Files.readString(folder.resolve(command.get(0) + ".csv"))
                            .equals(Files.readString(folder.resolve(command.get(0) + "--no-special-tokens.csv"))),
                    command.get(0));
        }
    }
}
