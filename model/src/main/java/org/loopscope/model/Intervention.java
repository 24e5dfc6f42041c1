package org.loopscope.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.Site;

/**
 * What a run changes in its own states while they are computed: states are replaced or added to at chosen places, and
 * loops are skipped or repeated. Everything after a change is computed from the changed state, and the capture holds the
 * changed one. Immutable.
 *
 * <p>With f the stack of layers with its final norm, a run computes h_t = f(h_{t−1}). A loop that is applied n times
 * gives h_t = fⁿ(h_{t−1}); n = 0 skips it (h_t = h_{t−1} for all tokens), n = 2 repeats it. As all loops share their
 * weights and nothing tells a loop its number, skipping any one loop for all tokens ends where a run of T − 1 steps
 * does, and repeating one where a run of T + 1 steps does; what differs is which step is called which. To skip a loop
 * for some tokens only, replace their step output by that of the step before.
 *
 * <p>The idea of setting states by hand to see what follows from them: Vig et al. 2020 (arXiv:2004.12265), Meng et al.
 * 2022 (arXiv:2202.05262) §2.
 */
public final class Intervention {
    /** The most often one loop may be applied. */
    public static final int MAX_APPLICATIONS = 8;

    private static final Set<Site.Part> CHANGED = EnumSet.of(Site.Part.INPUT, Site.Part.BODY, Site.Part.OUTPUT);
    private static final Intervention NONE = new Intervention(List.of(), Map.of(), List.of());

    private final List<Change> changes;
    private final Map<Integer, Integer> applications; // step -> times, without those applied once
    private final List<String> sentences;

    /** What is done with a state. */
    public enum Operation {
        /** The vector takes the place of the state. */
        REPLACE,
        /** The vector is added to the state. */
        ADD
    }

    /** One change; the vector belongs to it. */
    private record Change(Site site, int position, Operation operation, float[] vector) {}

    private Intervention(List<Change> changes, Map<Integer, Integer> applications, List<String> sentences) {
        this.changes = List.copyOf(changes);
        this.applications = Map.copyOf(applications);
        this.sentences = List.copyOf(sentences);
    }

    /** A run that changes nothing. */
    public static Intervention none() {
        return NONE;
    }

    /**
     * This, and one state changed. Changes at the same place are made in the order in which they were given.
     *
     * @param position 0-based
     * @param vector [d]; copied
     * @param source what the vector is, for the capture's record: {@code the state of "…"}, {@code zero}
     */
    public Intervention with(Site site, int position, Operation operation, float[] vector, String source) {
        if (position < 0) {
            throw new IllegalArgumentException("position: want 0 or more, got " + position);
        }
        for (float number : vector) {
            if (!Float.isFinite(number)) {
                throw new IllegalArgumentException("vector: want finite numbers, got " + number);
            }
        }
        List<Change> more = new ArrayList<>(changes);
        more.add(new Change(site, position, operation, vector.clone()));
        String verb = operation == Operation.REPLACE ? "replaced by " : "added ";
        return new Intervention(more, applications, told(site + ", position " + position + ": " + verb + source));
    }

    /** This, and the state at one place replaced; see {@link #with}. */
    public Intervention replace(Site site, int position, float[] vector, String source) {
        return with(site, position, Operation.REPLACE, vector, source);
    }

    /** This, and a vector added to the state at one place; see {@link #with}. */
    public Intervention add(Site site, int position, float[] vector, String source) {
        return with(site, position, Operation.ADD, vector, source);
    }

    /** This, and one loop left out for all tokens: h_t = h_{t−1}. */
    public Intervention skip(int step) {
        return apply(step, 0);
    }

    /** This, and one loop done twice for all tokens: h_t = f(f(h_{t−1})). */
    public Intervention repeat(int step) {
        return apply(step, 2);
    }

    /**
     * This, and the loop of {@code step} applied {@code times} in a row, 0 to {@link #MAX_APPLICATIONS}. Changes within a
     * loop are made each time it runs; those of its input and output once.
     */
    public Intervention apply(int step, int times) {
        if (step < 1) {
            throw new IllegalArgumentException("step: want 1 or more, got " + step);
        }
        if (times < 0 || times > MAX_APPLICATIONS) {
            throw new IllegalArgumentException("times: want 0 to " + MAX_APPLICATIONS + ", got " + times);
        }
        Map<Integer, Integer> all = new TreeMap<>(applications);
        all.put(step, times);
        String how = times == 0 ? "skipped" : times == 1 ? "applied once" : "applied " + times + " times";
        return new Intervention(changes, all, told("step " + step + ": loop " + how));
    }

    private List<String> told(String sentence) {
        List<String> all = new ArrayList<>(sentences);
        all.add(sentence);
        return all;
    }

    public boolean isNone() {
        return changes.isEmpty() && applications.isEmpty();
    }

    /** What it changes, one sentence each, in order: what a capture says of the run. */
    public List<String> sentences() {
        return sentences;
    }

    /** Times the loop of {@code step} is applied; 1 unless told otherwise. */
    public int applications(int step) {
        return applications.getOrDefault(step, 1);
    }

    /**
     * Whether it fits a run.
     *
     * @throws LoopscopeException with one sentence that names the first change outside the run
     */
    public void requireFits(LoopConfig config, int steps, int positions) throws LoopscopeException {
        for (Change c : changes) {
            require(c.site.step() <= steps, c.site, "expected a step from 1 to " + steps);
            require(CHANGED.contains(c.site.part()), c.site, "expected a place within the loop");
            require(c.site.layer() < config.layers(), c.site, "expected a layer from 0 to " + (config.layers() - 1));
            require(
                    c.position < positions,
                    c.site,
                    "expected a position from 0 to " + (positions - 1) + ", found " + c.position);
            require(
                    c.vector.length == config.hiddenSize(),
                    c.site,
                    "expected a state of " + config.hiddenSize() + " numbers, found " + c.vector.length);
        }
        for (int step : applications.keySet()) {
            if (step > steps) {
                throw new LoopscopeException(
                        "Intervention at step " + step + ": expected a step from 1 to " + steps + ".");
            }
        }
    }

    private static void require(boolean holds, Site site, String expected) throws LoopscopeException {
        if (!holds) {
            throw new LoopscopeException("Intervention at " + site + ": " + expected + ".");
        }
    }

    /** Whether a state of {@code site} changes. */
    public boolean changes(Site site) {
        return changes.stream().anyMatch(c -> c.site.equals(site));
    }

    /**
     * Makes the changes of one place.
     *
     * @param first position of the first row
     * @param states [rows, d], row-major; changed in place
     */
    public void change(Site site, int first, int rows, float[] states) {
        for (Change c : changes) {
            int row = c.position - first;
            if (!c.site.equals(site) || row < 0 || row >= rows) {
                continue;
            }
            int d = c.vector.length;
            for (int i = 0; i < d; i++) {
                states[row * d + i] =
                        c.operation == Operation.REPLACE ? c.vector[i] : states[row * d + i] + c.vector[i];
            }
        }
    }
}
