package org.loopscope.model.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ForeignTextTest {
    @Test
    void whatDrivesATerminalBecomesAnEscape() {
        assertEquals("a\\u001b[2Jb\\nc\\u009b", ForeignText.shown("a\u001b[2Jb\nc\u009b"));
    }

    @Test
    void whatTurnsTheLineRoundBecomesAnEscape() {
        assertEquals("\\u202eabc", ForeignText.shown("\u202eabc"));
    }

    @Test
    void textFromRightToLeftIsIsolated() {
        assertEquals("\u2068שלום\u2069", ForeignText.shown("שלום"));
    }

    @Test
    void longTextIsCutByCodePoints() {
        String shown = ForeignText.shown("😀".repeat(100));
        assertEquals("😀".repeat(59) + "…", shown);
    }

    @Test
    void aLoneHalfOfAPairIsAnEscape() {
        assertEquals("\\ud83d", ForeignText.shown("\ud83d"));
    }

    @Test
    void aLongSentenceKeepsItsBeginningAndItsEnd() {
        String sentence = new LoopscopeException("begin " + "x".repeat(60_000) + " found none.").getMessage();
        assertEquals(ForeignText.MAX_SENTENCE, sentence.length());
        assertTrue(sentence.startsWith("begin xx") && sentence.endsWith("xx found none."), sentence);
    }

    @Test
    void aSentenceNeverHoldsControlCharacters() {
        assertEquals("tensor \\u0007\\nname", new LoopscopeException("tensor \u0007\nname").getMessage());
    }

    @Test
    void linesOfOursKeepTheirEndsAndIsolatesAlone() {
        assertEquals("a\tb\n\u2068שלום\u2069\r", ForeignText.lines("a\tb\n\u2068שלום\u2069\r"));
        assertEquals(
                "\\u001b]0;x\\u0007\\u009b\\u202e\\u2028\\u200b\\u2067",
                ForeignText.lines("\u001b]0;x\u0007\u009b\u202e\u2028\u200b\u2067"));
    }

    @Test
    void aWindowGetsMarksInsteadOfIsolates() {
        assertEquals("\u200eשלום\u200e", ForeignText.markedOff("שלום"));
        assertEquals("Dan", ForeignText.markedOff("Dan"));
        assertEquals("No \u200eשלום\u200e here", ForeignText.inWindow("No \u2068שלום\u2069 here"));
    }

    @Test
    void marksCanBeTakenOffAgain() {
        assertEquals("a שלום 1", ForeignText.withoutMarks("a " + ForeignText.markedOff("שלום") + " 1"));
        assertEquals("At שלום, step 2", ForeignText.withoutMarks("At \u2068שלום\u2069, step 2"));
    }
}
