package org.loopscope.analysis.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.probe.QuestionPairs.QuestionPair;
import org.loopscope.model.base.LoopscopeException;

/** The published question pairs with the lines that are hard to read, and our own. */
class QuestionPairsTest {
    private static final String HEADER = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n";

    private static QuestionPairs.Pairs read(String text) throws LoopscopeException {
        return QuestionPairs.read(new BufferedReader(new StringReader(text)), "q.tsv", 100);
    }

    private static List<QuestionPair> pairs(String rows) throws LoopscopeException {
        return read(HEADER + rows).pairs();
    }

    private static QuestionPair pair(String one, String two, boolean duplicate) {
        return new QuestionPair(one, two, duplicate, Optional.empty());
    }

    @Test
    void quotedFieldsAreUnquoted() throws LoopscopeException {
        assertEquals(
                List.of(pair("What is \"it\"?", "Is it, or not?", true), pair("a", "b", false)),
                pairs("0\t1\t2\t\"What is \"\"it\"\"?\"\t\"Is it, or not?\"\t1\r\n1\t3\t4\ta\tb\t0\r\n"));
    }

    @Test
    void aQuotedFieldMayHoldTabsAndLineBreaks() throws LoopscopeException {
        assertEquals(
                List.of(pair("One two three?", "Four?", false), pair("c", "d", true)),
                pairs("0\t1\t2\t\"One\ttwo\nthree?\"\tFour?\t0\n1\t3\t4\tc\td\t1\n"));
    }

    @Test
    void quotesWithinAFieldAreCharacters() throws LoopscopeException {
        assertEquals(
                List.of(pair("What does \"it\" mean?", "5\" or 6\"?", true)),
                pairs("0\t1\t2\tWhat does \"it\" mean?\t5\" or 6\"?\t1\n"));
    }

    @Test
    void aQuoteThatBeginsAFieldAndNeverEndsItIsACharacter() throws LoopscopeException {
        assertEquals(
                List.of(pair("\"Hello, he said?", "b", false), pair("\"Yes\" or no?", "c", true), pair("x", "y", true)),
                pairs("0\t1\t2\t\"Hello, he said?\tb\t0\n1\t3\t4\t\"Yes\" or no?\tc\t1\n2\t5\t6\tx\ty\t1\n"));
    }

    @Test
    void linesThatLackFieldsAreLeftOutAndCounted() throws LoopscopeException {
        QuestionPairs.Pairs read = read(HEADER + "0\t1\t2\ta\n1\t3\t4\tc\t\t0\n\n2\t5\t6\te\tf\t1\n3\t7\t8\tg\th\t\n");
        assertEquals(List.of(pair("e", "f", true)), read.pairs());
        assertEquals(3, read.leftOut());
    }

    @Test
    void noMoreThanTheLimitIsRead() throws LoopscopeException {
        String rows = "0\t1\t2\ta\tb\t1\n".repeat(50);
        assertEquals(
                7,
                QuestionPairs.read(new BufferedReader(new StringReader(HEADER + rows)), "q.tsv", 7)
                        .pairs()
                        .size());
    }

    @Test
    void aFileWithoutTheColumnsIsRefused() {
        assertEquals(
                "q.tsv: expected tab-separated columns question1, question2 and is_duplicate, found index, sentence.",
                assertThrows(LoopscopeException.class, () -> read("index\tsentence\n1\ta\n"))
                        .getMessage());
        assertEquals(
                "q.tsv: expected at least one pair of questions, found none.",
                assertThrows(LoopscopeException.class, () -> read(HEADER)).getMessage());
    }

    @Test
    void aPairBecomesAPromptWithTheTemplate() throws LoopscopeException {
        ProbeSet set = ProbeSet.read(
                new BufferedReader(new StringReader(HEADER + "0\t1\t2\tWhy?\tHow?\t0\n")),
                "q.tsv",
                "{question1} | {question2} same?",
                10);
        assertEquals(
                List.of(new ProbeItem(
                        "Why? | How? same?",
                        List.of("False", "True"),
                        Optional.of("False"),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("Why?", "How?"))),
                set.items());
    }

    @Test
    void ourOwnPairsAreBalancedAndATopicIsInOneSplitOnly() throws IOException, LoopscopeException {
        Path file = Path.of("../sample-prompts/ouro/question-pairs.jsonl");
        ProbeSet set;
        try (BufferedReader in = Files.newBufferedReader(file)) {
            set = ProbeSet.read(in, file.toString(), "{question1}\n{question2}", Integer.MAX_VALUE);
        }
        assertEquals(208, set.items().size());
        Map<String, String> splits = new HashMap<>();
        for (String split : List.of("train", "test")) {
            List<ProbeItem> part = set.items().stream()
                    .filter(item -> item.split().equals(Optional.of(split)))
                    .toList();
            long same = part.stream()
                    .filter(item -> item.gold().equals(Optional.of("True")))
                    .count();
            assertEquals(part.size(), 2 * same, split);
            assertTrue(part.size() >= 50);
            for (ProbeItem item : part) {
                for (String question : item.prompt().split("\n")) {
                    assertEquals(split, splits.getOrDefault(question, split), question);
                    splits.put(question, split);
                }
            }
        }
        assertEquals(3 * 104, splits.size(), "three different questions a topic");
    }
}
