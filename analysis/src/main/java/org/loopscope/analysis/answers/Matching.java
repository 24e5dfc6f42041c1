package org.loopscope.analysis.answers;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/** When an answer is the wanted one. */
public enum Matching {
    EXACT("the same text"),
    IGNORE_CASE("the same text, capitals or not"),
    /** 3.50 is 3.5, and 1,000 is 1000; what is no number is compared as text. */
    NUMERIC("the same number");

    private final String title;

    Matching(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** On the command line. */
    public String cliName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether {@code found} is {@code wanted}; an empty answer never is. */
    public boolean holds(String found, String wanted) {
        if (found.isEmpty()) {
            return false;
        }
        String expected = wanted.strip();
        Optional<BigDecimal> number = this == NUMERIC ? number(found) : Optional.empty();
        Optional<BigDecimal> other = this == NUMERIC ? number(expected) : Optional.empty();
        if (number.isPresent() && other.isPresent()) {
            return number.get().compareTo(other.get()) == 0;
        }
        return this == IGNORE_CASE ? found.equalsIgnoreCase(expected) : found.equals(expected);
    }

    private static Optional<BigDecimal> number(String text) {
        String plain = text.replace(",", "").replaceFirst("^\\$", "");
        return plain.matches("[-+]?\\d{1,300}(\\.\\d{1,300})?") ? Optional.of(new BigDecimal(plain)) : Optional.empty();
    }
}
