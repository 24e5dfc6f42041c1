package org.loopscope.model.checkpoint;

import java.util.List;
import java.util.function.UnaryOperator;
import org.loopscope.model.base.ForeignText;

/** One warning for many names of which the same is to be told. */
final class Told {
    private Told() {}

    /** Adds {@code sentence(first), and the same holds for N more; end.}, or nothing where there are no names. */
    static void add(List<String> warnings, List<String> names, UnaryOperator<String> sentence, String end) {
        if (!names.isEmpty()) {
            String more = names.size() == 1 ? "" : ", and the same holds for " + (names.size() - 1) + " more";
            warnings.add(
                    ForeignText.sentence(sentence.apply(ForeignText.shown(names.get(0))) + more + "; " + end + "."));
        }
    }
}
