package org.loopscope.analysis.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;

/** Files of published benchmarks; the questions are made up, their form is the published one. */
class ChoiceFileTest {
    @TempDir
    Path folder;

    private List<ChoiceItem> read(String name, String text) throws Exception {
        Path file = Files.writeString(folder.resolve(name), text);
        return new ChoiceFile(ChoiceTask.AUTO, " ", "prompt", "choices", "answer").read(file.toString());
    }

    private static void assertItem(ChoiceItem item, int right, String context, String... continuations) {
        assertEquals(right, item.right());
        assertEquals(
                List.of(continuations),
                item.options().stream().map(ChoiceItem.Option::continuation).toList());
        assertEquals(context, item.options().get(0).context());
    }

    @Test
    void mmlu() throws Exception {
        List<ChoiceItem> items = read(
                "college_physics_test.csv", "\"What, if any, falls?\",a stone,a wish,a song,a sum,A\nTwo?,1,2,3,4,B\n");
        assertItem(
                items.get(0),
                0,
                "What, if any, falls?\nA. a stone\nB. a wish\nC. a song\nD. a sum\nAnswer:",
                " A",
                " B",
                " C",
                " D");
        assertEquals(1, items.get(1).right());
        assertEquals("college physics", items.get(0).group());
        assertEquals(
                "The following are multiple choice questions (with answers) about college physics.\n\n",
                ChoiceFile.description(ChoiceTask.MMLU, items.get(0).group()));
    }

    @Test
    void arcAsPublishedAndAsRepacked() throws Exception {
        String published =
                "{\"id\":\"x\",\"question\":{\"stem\":\"Why?\",\"choices\":[{\"text\":\"so\",\"label\":\"A\"},"
                        + "{\"text\":\"no\",\"label\":\"B\"}]},\"answerKey\":\"B\"}\n";
        String repacked =
                "{\"id\":\"y\",\"question\":\"Why?\",\"choices\":{\"text\":[\"so\",\"no\"],\"label\":[\"1\",\"2\"]},"
                        + "\"answerKey\":\"2\"}\n";
        for (ChoiceItem item : read("arc.jsonl", published + repacked)) {
            assertItem(item, 1, "Question: Why?\nAnswer:", " so", " no");
        }
    }

    @Test
    void hellaSwag() throws Exception {
        ChoiceItem item = read(
                        "hellaswag.jsonl",
                        "{\"activity_label\":\"Baking\",\"ctx_a\":\"He mixes. [header] Dough  rests.\",\"ctx_b\":\"then HE\","
                                + "\"endings\":[\"bakes [title] it.\",\"sings.\"],\"label\":\"0\"}\n")
                .get(0);
        assertItem(item, 0, "Baking: He mixes. Dough rests. Then he", " bakes. it.", " sings.");
        assertEquals("bakes. it.", item.options().get(0).choice());
    }

    @Test
    void winoGrandeScoresTheRestOfTheSentence() throws Exception {
        ChoiceItem item = read(
                        "winogrande.jsonl",
                        "{\"sentence\":\"Ann met Bob because _ was late.\",\"option1\":\"Ann\",\"option2\":\"Bob\",\"answer\":\"2\"}\n")
                .get(0);
        assertItem(item, 1, "Ann met Bob because Ann", " was late.", " was late.");
        assertEquals("Ann met Bob because Bob", item.options().get(1).context());
    }

    @Test
    void piqaTakesItsLabelsFromTheFileBeside() throws Exception {
        Files.writeString(folder.resolve("valid-labels.lst"), "1\n0\n");
        List<ChoiceItem> items = read(
                "valid.jsonl",
                "{\"goal\":\"Dry a cup\",\"sol1\":\"wet it\",\"sol2\":\"wipe it\"}\n{\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\"}\n");
        assertItem(items.get(0), 1, "Question: Dry a cup\nAnswer:", " wet it", " wipe it");
        assertEquals(0, items.get(1).right());
    }

    @Test
    void boolQ() throws Exception {
        ChoiceItem item = read(
                        "dev.jsonl",
                        "{\"question\":\"is it so\",\"title\":\"t\",\"answer\":true,\"passage\":\"It is so.\"}\n")
                .get(0);
        assertItem(item, 1, "It is so.\nQuestion: is it so?\nAnswer:", " no", " yes");
    }

    @Test
    void samplesOfTheHarnessOfBothForms() throws Exception {
        String lists = "{\"doc_id\":7,\"target\":\"1\",\"arguments\":[[\"Q:\",\" a\"],[\"Q:\",\" b\"]]}\n";
        String named =
                "{\"doc_id\":8,\"target\":\" b\",\"arguments\":{\"gen_args_0\":{\"arg_0\":\"Q:\",\"arg_1\":\" a\"},"
                        + "\"gen_args_1\":{\"arg_0\":\"Q:\",\"arg_1\":\" b\"}}}\n";
        List<ChoiceItem> items = read("samples.jsonl", lists + named);
        for (ChoiceItem item : items) {
            assertItem(item, 1, "Q:", " a", " b");
            assertEquals("b", item.options().get(1).choice());
        }
        assertEquals("7", items.get(0).id());
    }

    @Test
    void namedFieldsTakeTextNumberOrLetter() throws Exception {
        Path file = Files.writeString(
                folder.resolve("own.jsonl"),
                "{\"q\":\"x\",\"o\":[\"u\",\"v\"],\"a\":\"v\"}\n{\"q\":\"x\",\"o\":[\"u\",\"v\"],\"a\":1}\n{\"q\":\"x\",\"o\":[\"u\",\"v\"],\"a\":\"B\"}\n");
        for (ChoiceItem item : new ChoiceFile(ChoiceTask.FIELDS, ": ", "q", "o", "a").read(file.toString())) {
            assertItem(item, 1, "x", ": u", ": v");
        }
    }

    @Test
    void lengthsAreOfTheChoiceWithoutItsBlank() {
        ChoiceItem.Option option = new ChoiceItem.Option("Q", " né😀", "né😀");
        assertEquals(3, option.characters(), "code points, as Python counts");
        assertEquals(7, option.bytes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.csv | one,two | expected a question, four options and the letter",
                "a.csv | q,a,b,c,d,E | expected a question, four options and the letter",
                "a.csv | q,a,b,c,d, | expected a question, four options and the letter",
                "a.jsonl | {\"text\":\"x\"} | expected the fields of a known benchmark",
                "a.jsonl | {\"prompt\":\"x\",\"choices\":[\"a\"],\"answer\":\"a\"} | expected two choices or more",
                "a.jsonl | {\"prompt\":\"x\",\"choices\":[\"a\",\"b\"],\"answer\":\"z\"} | expected in \"answer\"",
                "a.jsonl | {\"prompt\":\"x\",\"choices\":[\"a\",{}],\"answer\":\"a\"} | expected texts in \"choices\"",
                "a.jsonl | {\"sentence\":\"no gap\",\"option1\":\"a\",\"option2\":\"b\",\"answer\":\"1\"} | expected a _",
                "a.jsonl | {\"sentence\":\"a _\",\"option1\":\"a\",\"option2\":\"b\",\"answer\":\"3\"} | expected a number from 1 to 2",
                "a.jsonl | {\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\"} | expected a \"label\"",
                "a.jsonl | {\"arguments\":[[1,2],[3,4]],\"target\":0} | expected a context and a continuation",
                "a.jsonl | {\"question\":\"x\",\"answerKey\":\"A\",\"choices\":{}} | expected choices"
            })
    void whatIsNoQuestionIsToldWithItsLine(String name, String text, String part) {
        String told = String.valueOf(assertThrows(LoopscopeException.class, () -> read(name, text + "\n"))
                .getMessage());
        assertTrue(told.contains(part) && told.contains("line 1"), told);
    }

    @Test
    void anEmptyFileIsTold() {
        assertThrows(LoopscopeException.class, () -> read("a.jsonl", "\n"));
    }
}
