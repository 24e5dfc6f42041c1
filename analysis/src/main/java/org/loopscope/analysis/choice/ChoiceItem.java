package org.loopscope.analysis.choice;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A question with texts that may go on.
 *
 * @param id of the question where the file has one, else its number
 * @param group the questions that are counted together, such as a subject; or the empty text
 * @param options two or more
 * @param right index of the right one
 */
public record ChoiceItem(String id, String group, List<Option> options, int right) {
    /**
     * A text that may follow.
     *
     * @param context what stands before it; mostly the same for all options
     * @param continuation the text that is scored, with what separates it from its context
     * @param choice the text whose length is taken, without what separates it
     */
    public record Option(String context, String continuation, String choice) {
        /** Characters of the choice, as lm-evaluation-harness counts them for {@code acc_norm}: code points. */
        public int characters() {
            return choice.codePointCount(0, choice.length());
        }

        /** UTF-8 bytes of the choice. */
        public int bytes() {
            return choice.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    public ChoiceItem {
        options = List.copyOf(options);
        if (options.size() < 2 || right < 0 || right >= options.size()) {
            throw new IllegalArgumentException(
                    "choices: want two or more, the right one among them, got " + options.size() + ", " + right);
        }
    }

    /** All that its rows depend on. */
    public List<String> fields() {
        List<String> fields = new ArrayList<>(List.of(group, Integer.toString(right)));
        options.forEach(option -> fields.addAll(List.of(option.context(), option.continuation(), option.choice())));
        return fields;
    }

    /** The same with text in front of every context. */
    public ChoiceItem after(String text) {
        return text.isEmpty()
                ? this
                : new ChoiceItem(
                        id,
                        group,
                        options.stream()
                                .map(option -> new Option(text + option.context, option.continuation, option.choice))
                                .toList(),
                        right);
    }

    /** The question with its right answer, as an example in front of others. */
    public String solved() {
        Option option = options.get(right);
        return option.context() + option.continuation();
    }
}
