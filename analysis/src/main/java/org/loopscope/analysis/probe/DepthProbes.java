package org.loopscope.analysis.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.Site;

/**
 * Linear probes over realised depth: from the state of the last prompt token after every layer of every step (or at every
 * step's output) to the answer of each step and to the gold label. First the model runs every prompt and the states go to
 * a {@link StateStore}; then one place is read at a time and one probe trained after the other. Source of the curve: Zhu
 * et al. 2025 (arXiv:2510.25741) §7.2, figure 9.
 */
public final class DepthProbes {
    private final List<ProbeItem> items;
    private final Settings settings;
    private final Map<Integer, ProbeFolds> folds = new HashMap<>(); // by target
    private final List<Site> places;
    private int readPlace = -1;
    private float[][] readStates = new float[0][0];

    /**
     * How probes are made.
     *
     * @param steps T
     * @param layersPerStep L, to probe after every layer; 0 to probe the steps' outputs
     * @param folds of the cross-validation where the set marks no split
     * @param l2 see {@link LinearProbe}
     * @param seed of folds and shuffled labels
     * @param shuffles of the labels beside every probe
     */
    public record Settings(int steps, int layersPerStep, int folds, double l2, long seed, int shuffles) {
        public static final int USUAL_FOLDS = 5;
        public static final double USUAL_L2 = 0.1;
        /** Enough that chance goes above all of them once in twenty-one times. */
        public static final int USUAL_SHUFFLES = 20;
    }

    /** @throws LoopscopeException if the items cannot be divided as the settings want */
    public DepthProbes(List<ProbeItem> items, Settings settings) throws LoopscopeException {
        this.items = List.copyOf(items);
        this.settings = settings;
        ProbeFolds.of(items, gold(items), settings.folds, settings.seed); // so that it is refused before the first run
        this.places = places(settings);
    }

    private static List<Site> places(Settings settings) {
        List<Site> places = new ArrayList<>();
        for (int t = 1; t <= settings.steps; t++) {
            for (int l = 0; l < settings.layersPerStep; l++) {
                places.add(Site.afterLayer(t, l));
            }
            if (settings.layersPerStep == 0) {
                places.add(Site.stepOutput(t));
            }
        }
        return places;
    }

    /** States a prompt. */
    public int placeCount() {
        return places.size();
    }

    /** What is predicted: the answer of each step, and gold where all items have it. */
    public List<String> targets() {
        List<String> targets = new ArrayList<>();
        for (int t = 1; t <= settings.steps; t++) {
            targets.add("step " + t);
        }
        if (items.stream().allMatch(item -> item.gold().isPresent())) {
            targets.add("gold");
        }
        return targets;
    }

    /** Probes in all; their numbers go from 0, place after place, and for each place target after target. */
    public int probeCount() {
        return places.size() * targets().size();
    }

    /**
     * Runs the prompts that are not in the store yet.
     *
     * @throws LoopscopeException naming the item, if one cannot be run
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; what is in the store stays
     */
    public void collect(LoopedModel model, StateStore store, RunControl control) throws LoopscopeException {
        boolean layers = settings.layersPerStep > 0;
        RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
        for (int i = store.count(); i < items.size(); i++) {
            control.checkCancelled();
            control.progress("states of prompts", i, items.size());
            AnswerRun run;
            try {
                run = AnswerRun.of(model, items.get(i), settings.steps, layers, quiet);
            } catch (LoopscopeException e) {
                throw new LoopscopeException("Prompt " + (i + 1) + ": " + e.getMessage(), e);
            }
            store.append(states(run.capture()), run.answers());
        }
    }

    private float[][] states(Capture capture) {
        int last = capture.length() - 1;
        float[][] states = new float[places.size()][];
        for (int s = 0; s < states.length; s++) {
            states[s] = capture.state(places.get(s), last);
        }
        return states;
    }

    /** Trains and tests one probe and its control; the store must be complete. */
    public ProbeRow probe(StateStore store, int number, RunControl control) throws LoopscopeException {
        List<String> targets = targets();
        int index = number / targets.size();
        int target = number % targets.size();
        Site place = places.get(index);
        if (index != readPlace) {
            readStates = store.states(index);
            readPlace = index;
        }
        int[] labels = target < settings.steps ? numbered(store.numbers(target)) : gold(items);
        ProbeFolds folds = folds(target, labels);
        LinearProbe probe = new LinearProbe(settings.l2);
        List<int[]> byChance =
                UnitShuffle.of(labels, folds.units(), settings.shuffles, settings.seed, "labels of probe " + number);
        List<ProbeResult> shuffled = probe.shuffled(readStates, byChance, folds, control);
        return ProbeRow.of(
                targets.get(target),
                place.step(),
                place.layer(),
                index + 1,
                folds.name(),
                probe.evaluate(readStates, labels, folds, control),
                shuffled.get(0),
                ShuffledLabels.of(shuffled));
    }

    /** Of one target the same at all places. */
    private ProbeFolds folds(int target, int[] labels) throws LoopscopeException {
        ProbeFolds known = folds.get(target);
        if (known == null) {
            known = ProbeFolds.of(items, labels, settings.folds, settings.seed);
            folds.put(target, known);
        }
        return known;
    }

    /** Token ids as classes from 0, in their own order. */
    private static int[] numbered(int[] ids) {
        int[] kinds = Arrays.stream(ids).distinct().sorted().toArray();
        return Arrays.stream(ids).map(id -> Arrays.binarySearch(kinds, id)).toArray();
    }

    /** Gold answers as numbers, in order of appearance. */
    private static int[] gold(List<ProbeItem> items) {
        List<String> known = new ArrayList<>();
        int[] labels = new int[items.size()];
        for (int i = 0; i < labels.length; i++) {
            String gold = items.get(i).gold().orElse("");
            if (!known.contains(gold)) {
                known.add(gold);
            }
            labels[i] = known.indexOf(gold);
        }
        return labels;
    }
}
