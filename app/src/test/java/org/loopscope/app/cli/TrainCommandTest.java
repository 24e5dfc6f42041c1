package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    private static final String PROMPT = "people Ann's friend's boss is";

    @TempDir
    Path folder;

    private Path text() throws Exception {
        return Files.write(
                folder.resolve("text.txt"),
                List.of(
                        "people Ann's friend's boss is",
                        "people Sue's boss's teacher is",
                        "people Max's friend's friend's boss is",
                        "people Kim's teacher is",
                        "people Dan's neighbour's boss is",
                        "people Tom's boss's friend is"));
    }

    private Cli.Result train(Path out, String... more) throws Exception {
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "train", "tuned-lens", "--text", text().toString(), "--out", out.toString()),
                        java.util.stream.Stream.of(more))
                .toArray(String[]::new);
        return Cli.run(args);
    }

    @Test
    void aTrainedLensReadsAPromptAndSaysWhatItIs() throws Exception {
        Path lens = folder.resolve("lens.safetensors");
        Cli.Result trained = train(lens, "--epochs", "3");
        assertEquals(0, trained.code(), trained.err());
        List<String> lines = trained.out().lines().toList();
        assertTrue(
                lines.get(0)
                        .matches("Trained on [0-9]+ tokens, measured on [0-9]+ held out; .*"
                                + " logit lens [0-9.]+, tuned lens [0-9.]+; float32"),
                lines.get(0));
        assertEquals(2 + 1 + 8 + 2, lines.size());
        assertEquals("Lens written to " + lens + ".", lines.get(12));

        Cli.Result read = Cli.run("lens", "--prompt", PROMPT, "--tuned", lens.toString(), "--top", "1");
        assertEquals(0, read.code(), read.err());
        assertTrue(
                read.out().startsWith("tuned lens (shared over steps, trained on text.txt, "),
                read.out().lines().findFirst().orElseThrow());
        assertEquals(3 + 7 * 8, read.out().lines().count());
    }

    @Test
    void divergencesAreCsvOnRequestAndPerStepHasThemAll() throws Exception {
        Cli.Result result = train(folder.resolve("l.safetensors"), "--epochs", "1", "--per-step", "--csv");
        List<String> lines = result.out().lines().toList();
        assertEquals("step,layer,n,kl_logit_lens,kl_tuned_lens,gain,gain_low,gain_high,compute_dtype", lines.get(0));
        assertEquals(9, lines.size());
    }

    @Test
    void aSetThatComesWithTheProgramIsTakenByItsName() {
        Path lens = folder.resolve("lens.safetensors");
        String set = "embedded/people.jsonl";
        Cli.Result result = Cli.run(
                "train", "tuned-lens", "--set", set, "--out", lens.toString(), "--epochs", "1", "--max-tokens", "100");
        assertEquals(0, result.code(), result.err());
        assertTrue(Cli.run("lens", "--prompt", PROMPT, "--tuned", lens.toString(), "--top", "1")
                .out()
                .startsWith("tuned lens (shared over steps, trained on people.jsonl, "));
        assertEquals(
                "embedded/none.jsonl: expected a set of prompts, found no such file, and none of this name comes with the"
                        + " program.",
                Cli.run("train", "tuned-lens", "--set", "embedded/none.jsonl", "--out", lens.toString())
                        .problem());
    }

    @Test
    void aLensOfAnotherModelIsRefused() throws Exception {
        Path lens = folder.resolve("lens.safetensors");
        assertEquals(0, train(lens, "--epochs", "1").code());
        Path other = RandomCheckpoint.write(folder.resolve("other"));
        Cli.Result result =
                Cli.run("lens", "--model", other.toString(), "--token-ids", "1,2,3", "--tuned", lens.toString());
        assertEquals(2, result.code());
        assertTrue(
                result.problem().startsWith(lens + " is a tuned lens of the model embedded (weights "),
                result.problem());
    }

    @Test
    void badInputIsOneSentenceAndWritesNothing() throws Exception {
        Path out = folder.resolve("none.safetensors");
        assertEquals(
                "--epochs: expected 1 to 10000, found 0.",
                train(out, "--epochs", "0").problem());
        assertEquals(
                "--rate: expected a number above 0 and up to 1, found 2.0.",
                train(out, "--rate", "2").problem());
        assertEquals(
                folder.resolve("x.txt") + ": expected a text file, found no such file.",
                Cli.run("train", "tuned-lens", "--text", folder.resolve("x.txt").toString(), "--out", out.toString())
                        .problem());
        assertEquals(
                "loopscope train: expected what to train, tuned-lens, found nothing.",
                Cli.run("train").problem());
        assertFalse(Files.exists(out));
    }

    @Test
    void cancellingLeavesNoFile() throws Exception {
        Path out = folder.resolve("none.safetensors");
        Cli.Result result = Cli.in(folder)
                .cancelledBy(() -> true)
                .execute("train", "tuned-lens", "--text", text().toString(), "--out", out.toString());
        assertEquals(130, result.code());
        assertFalse(Files.exists(out));
    }
}
