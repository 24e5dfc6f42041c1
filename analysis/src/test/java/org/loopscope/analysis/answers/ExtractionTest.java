package org.loopscope.analysis.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtractionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WHOLE | ' a b ' | a b",
                "FIRST_LINE | '~~ one ~two' | one",
                "FIRST_LINE | '~ ~' | ''",
                "LAST_NUMBER | it is 3, no 1,234.50 apples | 1234.50",
                "LAST_NUMBER | minus -7. | -7",
                "LAST_NUMBER | none | ''",
                "BOXED | \\boxed{1} then \\boxed{\\frac{2}{3}}. | \\frac{2}{3}",
                "BOXED | \\boxed{never closed | ''",
                "BOXED | none | ''",
                "REGEX | answer: 4; answer: 5 | 5",
                "REGEX | nothing here | ''"
            })
    void theAnswerIsTakenOut(Extraction extraction, String text, String answer) {
        assertEquals(answer, extraction.of(text.replace('~', '\n'), Pattern.compile("answer: (\\d)")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EXACT | Eve | ' Eve ' | true",
                "EXACT | eve | Eve | false",
                "IGNORE_CASE | eve | Eve | true",
                "NUMERIC | 3.50 | 3.5 | true",
                "NUMERIC | 1000 | $1,000 | true",
                "NUMERIC | 3.51 | 3.5 | false",
                "NUMERIC | Eve | Eve | true",
                "NUMERIC | 3 | Eve | false",
                "EXACT | '' | '' | false"
            })
    void isTheWantedOne(Matching matching, String found, String wanted, boolean right) {
        assertEquals(right, matching.holds(found, wanted), matching + " " + found);
    }

    /** Against all ways to draw k of n. */
    @Test
    void passIsTheShareOfDrawsWithARightOne() {
        for (int n = 1; n <= 7; n++) {
            for (int right = 0; right <= n; right++) {
                for (int k = 1; k <= n; k++) {
                    int draws = 0;
                    int hits = 0;
                    for (int mask = 0; mask < 1 << n; mask++) {
                        if (Integer.bitCount(mask) == k) {
                            draws++;
                            hits += (mask & ((1 << right) - 1)) != 0 ? 1 : 0;
                        }
                    }
                    assertEquals(
                            (double) hits / draws, GeneratedData.pass(n, right, k), 1e-12, n + " " + right + " " + k);
                }
            }
        }
    }
}
