package org.loopscope.app.fuzz;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a sentence to the user must not be. */
final class Sentence {
    private static final int LONGEST = 300;
    private static final Pattern FOREIGN = Pattern.compile(
            "\\b(?:org|com|javax?|jdk|sun|ai|io|net|tech)\\.[a-z]+\\.[a-zA-Z]\\w+|[A-Za-z]+Exception|[A-Za-z]*Error:"
                    + "|[Jj]ackson|JsonRead|JsonParse|StreamRead|StreamConstraints|\\[Source:|REDACTED|univocity|tablesaw|picocli"
                    + "|java\\.|\\[L?[A-Za-z.]+;?@[0-9a-f]{4,}|[A-Za-z]@[0-9a-f]{7,}|Optional\\[|MismatchedInput|deserializ"
                    + "|FAIL_ON|Cannot construct|Unrecognized token|Unexpected character|Unexpected end-of-input"
                    + "|thread '|panicked");

    private Sentence() {}

    /** Why it is none of ours; empty if it may be shown. */
    static Optional<String> fault(String text) {
        if (text == null || text.isBlank()) {
            return Optional.of("is empty");
        }
        if (text.length() > LONGEST) {
            return Optional.of("has " + text.length() + " characters");
        }
        if (text.chars().anyMatch(Sentence::isControl)) {
            return Optional.of("holds a control character");
        }
        var foreign = FOREIGN.matcher(text);
        return foreign.find() ? Optional.of("names " + foreign.group()) : Optional.empty();
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c >= 0x202a && c <= 0x202e;
    }
}
