package org.loopscope.analysis.answers;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What part of a generated text is its answer. */
public enum Extraction {
    WHOLE("the whole text") {
        @Override
        Optional<String> find(String text, Pattern own) {
            return Optional.of(text);
        }
    },
    FIRST_LINE("the first line that is not blank") {
        @Override
        Optional<String> find(String text, Pattern own) {
            return text.lines().filter(line -> !line.isBlank()).findFirst();
        }
    },
    /** Thousands may be parted by commas, which are taken away. */
    LAST_NUMBER("the last number") {
        @Override
        Optional<String> find(String text, Pattern own) {
            return last(NUMBER.matcher(text), 0).map(number -> number.replace(",", ""));
        }
    },
    /** With braces in it. */
    BOXED("the last \\boxed{…}") {
        @Override
        Optional<String> find(String text, Pattern own) {
            int from = text.lastIndexOf(BOX);
            int open = 0;
            for (int i = from + BOX.length() - 1; from >= 0 && i < text.length(); i++) {
                open += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
                if (open == 0) {
                    return Optional.of(text.substring(from + BOX.length(), i));
                }
            }
            return Optional.empty();
        }
    },
    REGEX("the last match of a regular expression, its first group if it has one") {
        @Override
        Optional<String> find(String text, Pattern own) {
            Matcher matcher = own.matcher(text);
            return last(matcher, matcher.groupCount() > 0 ? 1 : 0);
        }
    };

    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d[\\d,]*(\\.\\d+)?");
    private static final String BOX = "\\boxed{";

    private final String title;

    Extraction(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** On the command line, {@code last-number}. */
    public String cliName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    abstract Optional<String> find(String text, Pattern own);

    /**
     * The answer in a text, without blanks around it; the empty text where there is none.
     *
     * @param own the expression of {@link #REGEX}
     */
    public String of(String text, Pattern own) {
        return find(text, own).map(String::strip).orElse("");
    }

    private static Optional<String> last(Matcher matcher, int group) {
        Optional<String> found = Optional.empty();
        while (matcher.find()) {
            found = Optional.ofNullable(matcher.group(group));
        }
        return found;
    }
}
