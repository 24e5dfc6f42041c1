package org.loopscope.analysis.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskOracleTest {
    /** The people are as the trained model knows them (reference outputs, loop 4); the rest is worked out by hand. */
    @ParameterizedTest
    @CsvSource({
        "people Ann 's friend is, Pia, people k=1",
        "people Ann's friend's boss is, Sue, people k=2",
        "people Ann 's friend 's boss 's teacher is, Amy, people k=3",
        "people Ann's friend's boss's teacher's neighbour's boss's friend is, Dan, people k=6",
        "calc 7+8*3-4=, 1, calc k=3",
        "calc 3 - 5 =, 8, calc k=1",
        "calc 2-9*3=, 9, calc k=2", // -21: the last digit of the remainder, not of the number
        "cups ball A swap A C swap C B where ?, B, cups k=2",
        "cups ball D swap A B where ?, D, cups k=1"
    })
    void answersByHand(String prompt, String answer, String group) {
        assertEquals(answer, TaskOracle.answer(prompt));
        assertEquals(group, TaskOracle.group(prompt));
    }
}
