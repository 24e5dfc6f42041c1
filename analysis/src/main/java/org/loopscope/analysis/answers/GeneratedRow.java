package org.loopscope.analysis.answers;

import java.util.Optional;
import org.loopscope.analysis.table.CheckedRow;
import org.loopscope.analysis.table.Column;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Origin;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.RunOptions;

/**
 * One text that was generated for a prompt.
 *
 * @param prompt its number in the set, from 1
 * @param sample from 1
 * @param rule from which step tokens are read
 * @param answer what was taken out of the text; empty where there is nothing of the kind
 * @param wanted the set's answer
 * @param tokens generated, the end token too
 * @param loops sum of the steps that the tokens were read from
 * @param score what a person or a judge says of it; NaN where nobody has
 */
public record GeneratedRow(
        @Column(key = true, min = 1, meaning = "number of the prompt in its set")
        int prompt,

        @Column(meaning = "of the prompt") String group,

        @Column(key = true, min = 1, meaning = "number of the text for this prompt")
        int sample,

        @Column(key = true, meaning = "what the KV cache keeps")
        KvPolicy kv,

        @Column(key = true, meaning = "from which step generated tokens are read")
        String rule,

        @Column(meaning = "what was generated, without its end token")
        String text,

        @Column(meaning = "what was taken out of it") String answer,

        @Column(meaning = "the set's answer") String wanted,

        @Column(meaning = "whether the answer is the wanted one; empty where the set has none")
        Optional<Boolean> right,

        @Column(min = 0, max = MAX_TOKENS, meaning = "generated, an end token too")
        int tokens,

        @Column(min = 0, meaning = "sum of the steps that they were read from")
        int loops,

        @Column(meaning = "whether it ended by itself") boolean ended,

        @Column(meaning = "left empty for a person or a judge to fill in; any number")
        double score,

        @Column(name = "max_steps", min = 1, max = RunOptions.MAX_STEPS, same = true, meaning = "T")
        int steps)
        implements CheckedRow {
    private static final int MAX_TOKENS = 10_000_000;

    /** A row as it stands in a file; a public format. */
    public record InFile(GeneratedRow row, Origin origin) {}

    public static final Columns<InFile> TABLE = Columns.of("loopscope eval answers", InFile.class);

    /** Of a prompt whose run met a number that is not finite. */
    public static GeneratedRow problem(int prompt, String group, int steps) {
        return new GeneratedRow(
                prompt, group, 1, KvPolicy.FULL, "", "", "", "", Optional.empty(), 0, 0, false, Double.NaN, steps);
    }

    boolean measured() {
        return !rule.isEmpty();
    }

    /** What tells the ways of generating apart: {@code q:0.5} with the full cache, else {@code averaged q:0.5}. */
    String way() {
        return kv == KvPolicy.FULL ? rule : kv.cliName() + " " + rule;
    }

    @Override
    public Optional<Misfit> misfit() {
        return Misfit.when(
                loops < tokens || loops > (long) tokens * steps,
                "loops",
                "1 to max_steps loops a token, so " + tokens + " to " + (long) tokens * steps);
    }
}
