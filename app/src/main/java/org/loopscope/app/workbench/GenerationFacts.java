package org.loopscope.app.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.loopscope.analysis.exit.ExitAnalysis;
import org.loopscope.model.Capture;
import org.loopscope.model.Decoding;
import org.loopscope.model.GenerationReport;
import org.loopscope.model.GenerationReport.Cost;
import org.loopscope.model.GenerationReport.DraftedTokens;
import org.loopscope.model.GenerationReport.SkippedLoops;
import org.loopscope.model.Sampling;
import org.loopscope.model.exit.ExitRule;

/**
 * How the generated text of a run came about and what it cost, as named sentences. Two kinds of exit steps are told apart:
 * where generating really ended a token's loops ("regenerated", it shaped the text), and where the rule leaves on the
 * states of the capture ("replayed", on text that is given).
 */
public final class GenerationFacts {
    private static final int LISTED = 48;

    private final Capture capture;
    private final ExitAnalysis exits;
    private final int tokens;
    private final List<Fact> facts = new ArrayList<>();

    /** One line of the details. */
    public record Fact(String name, String text) {}

    private GenerationFacts(Capture capture, ExitAnalysis exits) {
        this.capture = capture;
        this.exits = exits;
        this.tokens = capture.length() - capture.promptLength();
    }

    /**
     * The facts of {@code capture}; none if it holds no generated token.
     *
     * @param exits of the capture, for every rule that may have written the text
     * @param shown the exit rule that figures replay now
     */
    public static List<Fact> of(Capture capture, ExitAnalysis exits, ExitRule shown) {
        GenerationFacts facts = new GenerationFacts(capture, exits);
        if (facts.tokens == 0) {
            return List.of();
        }
        facts.collect(shown);
        return List.copyOf(facts.facts);
    }

    private void collect(ExitRule shown) {
        add(
                "Decoding",
                decoding() + ", rule " + rule().spec() + ", KV "
                        + capture.options().kvPolicy().cliName() + ", "
                        + sampling(capture.options().sampling()));
        capture.chat().ifPresent(template -> add("Chat", "the prompt was put into a turn by " + template));
        capture.generationReport().ifPresentOrElse(this::collect, this::everyLoop);
        if (!shown.equals(rule())) {
            add(
                    "Shown now",
                    "exit steps of " + shown.spec() + " are replayed on this text, which " + rule().spec()
                            + " wrote. Another rule may write another text: run again to regenerate it.");
        }
    }

    private ExitRule rule() {
        return capture.options().exitRule();
    }

    private void add(String name, String text) {
        facts.add(new Fact(name, text));
    }

    private String decoding() {
        Decoding decoding = capture.options().decoding();
        if (decoding instanceof Decoding.DraftAndVerify draft) {
            return "draft & verify (step " + draft.step() + ", up to " + draft.tokens() + " tokens a round)";
        }
        return decoding instanceof Decoding.SkipLoops ? "skip loops" : "every loop";
    }

    private static String sampling(Sampling sampling) {
        return sampling.greedy()
                ? "greedy"
                : "temperature " + sampling.temperature() + ", top-p " + sampling.topP() + ", seed " + sampling.seed();
    }

    private void everyLoop() {
        long loops = (long) capture.steps() * tokens;
        add("Loops", "all " + loops + " run for " + tokens + " tokens; nothing was skipped");
        add("Time", capture.elapsedMillis() + " ms with the prompt; generating was not timed apart");
        if (!(rule() instanceof ExitRule.FullDepth)) {
            add(
                    "Read at",
                    numbers(IntStream.range(capture.promptLength(), capture.length())
                                    .map(capture::generationExitStep)
                                    .toArray())
                            + " (the step whose logits gave each token)");
        }
    }

    private void collect(GenerationReport report) {
        Cost cost = report.cost();
        add(
                "Loops",
                String.format(
                        Locale.ROOT,
                        "%d run where full depth takes %d (%.0f %%), in %d passes; mean %.2f a token",
                        cost.loopsRun(),
                        cost.fullDepthLoops(),
                        100.0 * cost.loopsRun() / cost.fullDepthLoops(),
                        cost.stackPasses(),
                        (double) cost.loopsRun() / tokens));
        add(
                "Time",
                String.format(
                        Locale.ROOT,
                        "%d ms for %d tokens, %.1f ms a token, without the prompt",
                        cost.millis(),
                        tokens,
                        (double) cost.millis() / tokens));
        if (report instanceof SkippedLoops skipped) {
            skipped(skipped);
        } else if (report instanceof DraftedTokens drafted) {
            add(
                    "Drafts",
                    share(drafted.accepted(), drafted.drafted()) + " accepted, in " + drafted.rounds() + " rounds");
        }
    }

    private void skipped(SkippedLoops skipped) {
        int[] regenerated = IntStream.range(0, tokens).map(skipped::stepsRun).toArray();
        int[] replayed = IntStream.range(capture.promptLength(), capture.length())
                .map(position -> exits.exitStep(rule(), position))
                .toArray();
        long same = IntStream.range(0, tokens)
                .filter(i -> regenerated[i] == replayed[i])
                .count();
        add("Regenerated", "left at " + numbers(regenerated) + " while generating");
        add(
                "Replayed",
                "would leave at " + numbers(replayed) + " on the states of this run, "
                        + (skipped.replayed()
                                ? "those of one full-depth pass over the text"
                                : "completed after generating"));
        add("Same step", share(same, tokens) + " replayed as regenerated");
        add("Departs", share(skipped.departures(), tokens) + " are not full depth's first choice there");
    }

    /** Hits of n: counts of this run, without an interval, since its tokens depend on each other. */
    private static String share(long hits, long n) {
        if (n == 0) {
            return "0 of 0";
        }
        return String.format(Locale.ROOT, "%d of %d (%.0f %%)", hits, n, 100.0 * hits / n);
    }

    private static String numbers(int[] steps) {
        String text =
                IntStream.of(steps).limit(LISTED).mapToObj(String::valueOf).collect(Collectors.joining(" "));
        return steps.length > LISTED ? text + " … (" + (steps.length - LISTED) + " more)" : text;
    }
}
