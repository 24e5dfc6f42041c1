package org.loopscope.analysis.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.loopscope.model.Capture;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** How runs were made: what differs between them, and what is the same. */
public final class RunFacts {
    private static final int HASH = 12;

    /**
     * One fact.
     *
     * @param values one a run
     */
    public record Fact(String name, List<String> values) {
        public Fact {
            values = List.copyOf(values);
        }

        public boolean same() {
            return values.stream().distinct().count() <= 1;
        }
    }

    private RunFacts() {}

    /** Every fact, those that differ first; how tokens were generated only where some were. */
    public static List<Fact> of(List<NamedInspection> runs) {
        List<Fact> facts = new ArrayList<>();
        add(facts, runs, "model", c -> c.model().id());
        add(facts, runs, "weights", c -> brief(c.model().weightHash()));
        add(facts, runs, "arithmetic", c -> c.model().computeDtype());
        add(facts, runs, "backend", c -> c.model().backend());
        add(facts, runs, "T", c -> Integer.toString(c.steps()));
        add(facts, runs, "trained T", c -> Integer.toString(c.config().trainedSteps()));
        add(facts, runs, "prompt", c -> c.prompt().isEmpty() ? "token ids" : c.prompt());
        add(facts, runs, "tokens given", c -> Integer.toString(c.promptLength()));
        add(facts, runs, "tokens generated", c -> Integer.toString(c.length() - c.promptLength()));
        if (runs.stream().anyMatch(run -> generates(run.inspection().capture()))) {
            add(
                    facts,
                    runs,
                    "exit rule of generation",
                    c -> generating(c, o -> o.exitRule().spec()));
            add(facts, runs, "decoding", c -> generating(c, o -> o.decoding().name()));
            add(facts, runs, "KV cache", c -> generating(c, o -> o.kvPolicy().cliName()));
            add(facts, runs, "sampling", c -> generating(c, o -> sampling(o.sampling())));
        }
        add(
                facts,
                runs,
                "states changed",
                c -> c.interventions().isEmpty() ? "no" : String.join("; ", c.interventions()));
        add(facts, runs, "stopped early", c -> c.problem().isPresent() ? "yes" : "no");
        facts.sort((a, b) -> Boolean.compare(a.same(), b.same())); // stable
        return List.copyOf(facts);
    }

    private static void add(List<Fact> facts, List<NamedInspection> runs, String name, Function<Capture, String> of) {
        facts.add(new Fact(
                name,
                runs.stream().map(run -> of.apply(run.inspection().capture())).toList()));
    }

    /** What has no effect on a run that generates nothing is not told as a difference. */
    private static String generating(Capture capture, Function<RunOptions, String> of) {
        return generates(capture) ? of.apply(capture.options()) : "nothing generated";
    }

    private static boolean generates(Capture capture) {
        return capture.length() > capture.promptLength() || capture.options().generate() > 0;
    }

    private static String sampling(Sampling sampling) {
        return sampling.greedy()
                ? "greedy"
                : String.format(
                        Locale.ROOT,
                        "temperature %s, top-p %s, seed %d",
                        sampling.temperature(),
                        sampling.topP(),
                        sampling.seed());
    }

    private static String brief(String hash) {
        return hash.substring(0, Math.min(HASH, hash.length()));
    }

    /** {@code Different: prompt, T. Same: model, weights, …} */
    public static String sentence(List<Fact> facts) {
        String different = names(facts, false);
        String same = names(facts, true);
        return (different.isEmpty() ? "Nothing differs in how these runs were made." : "Different: " + different + ".")
                + (same.isEmpty() ? "" : " Same: " + same + ".");
    }

    /** Names of the facts that are the same, or of those that differ, joined by commas. */
    public static String names(List<Fact> facts, boolean same) {
        return String.join(
                ", ",
                facts.stream().filter(f -> f.same() == same).map(Fact::name).toList());
    }

    /** One line a fact: {@code fact}, {@code same} ({@code yes} or {@code no}), and a column a run, {@code A} to {@code D}. */
    public static Table toTable(List<Fact> facts) {
        StringColumn name = StringColumn.create("fact");
        StringColumn same = StringColumn.create("same");
        facts.forEach(fact -> {
            name.append(fact.name());
            same.append(fact.same() ? "yes" : "no");
        });
        Table table = Table.create("facts", name, same);
        int runs = facts.get(0).values().size();
        for (int run = 0; run < runs; run++) {
            int r = run;
            table.addColumns(StringColumn.create(
                    Comparison.letter(run),
                    facts.stream().map(fact -> fact.values().get(r)).toList()));
        }
        return table;
    }
}
