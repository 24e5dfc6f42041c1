package org.loopscope.analysis.depth;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.loopscope.analysis.set.Scope;
import org.loopscope.model.base.LoopscopeException;

/** The rows of a file that a lab finished. Immutable. */
public final class DepthData {
    private final Map<Scope, List<DepthRow>> rows = new EnumMap<>(Scope.class);
    private final Set<String> groups = new LinkedHashSet<>();
    private final Set<Integer> prompts = new HashSet<>();
    private String model = "";
    private String dtype = "";
    private int steps;
    private int trainedSteps;
    private int problems;

    private DepthData() {}

    /**
     * Reads the file.
     *
     * @throws LoopscopeException naming it, for what is no such file
     */
    public static DepthData read(Path file) throws LoopscopeException {
        DepthData data = new DepthData();
        DepthRow.TABLE.read(file, data::add);
        data.requireWhole(file);
        return data;
    }

    private void add(DepthRow.InFile found) {
        DepthRow row = found.row();
        model = found.origin().model();
        dtype = found.origin().computeDtype();
        steps = row.maxSteps();
        trainedSteps = row.trainedSteps();
        prompts.add(row.prompt());
        if (!row.group().isEmpty()) {
            groups.add(row.group());
        }
        if (row.scope() == Scope.PROBLEM) {
            problems++;
        } else {
            rows.computeIfAbsent(row.scope(), s -> new ArrayList<>()).add(row);
        }
    }

    /** Every prompt has a row at every step, as the program writes them. */
    private void requireWhole(Path file) throws LoopscopeException {
        for (List<DepthRow> of : rows.values()) {
            for (int i = 0; i < of.size(); i++) {
                if (of.get(i).step() != i % steps + 1 || of.get(i).maxSteps() != steps) {
                    throw new LoopscopeException(file + ": expected the steps 1 to " + steps
                            + " of every prompt, found step "
                            + of.get(i).step() + " of prompt " + of.get(i).prompt() + " in the place of "
                            + (i % steps + 1) + ".");
                }
            }
            if (of.size() % steps != 0) {
                throw new LoopscopeException(file + ": expected " + steps + " steps of the last prompt, found fewer.");
            }
        }
    }

    /** Whether the file was written before {@link DepthValue#SAMPLED_ACCEPTANCE} was measured and has no column for it. */
    public boolean lacksSampledDrafts() {
        return rows.values().stream().flatMap(List::stream).allMatch(row -> Double.isNaN(row.sampledAcceptance()));
    }

    /** The model's id as the file has it. */
    public String model() {
        return model;
    }

    /** In which arithmetic it was run. */
    public String dtype() {
        return dtype;
    }

    /** T of the runs. */
    public int steps() {
        return steps;
    }

    /** T of the checkpoint. */
    public int trainedSteps() {
        return trainedSteps;
    }

    /** Prompts in the file. */
    public int prompts() {
        return prompts.size();
    }

    /** Prompts whose run stopped at a number that is not finite; they are in no curve. */
    public int problems() {
        return problems;
    }

    /** Groups of prompts, in order of appearance. */
    public List<String> groups() {
        return List.copyOf(groups);
    }

    /** Scopes with rows, in their fixed order. */
    public List<Scope> scopes() {
        return List.copyOf(rows.keySet());
    }

    /** The scope that says most: of answers if there are some, else of generated tokens, else of the prompt. */
    public Scope mainScope() {
        return rows.containsKey(Scope.ANSWER)
                ? Scope.ANSWER
                : rows.containsKey(Scope.GENERATED) ? Scope.GENERATED : Scope.PROMPT;
    }

    /** Every value by step; takes seconds for thousands of prompts at many steps. Empty where the group has no such tokens. */
    public Optional<DepthCurve> curve(Scope scope, Optional<String> group) {
        List<DepthRow> chosen = rows.getOrDefault(scope, List.of()).stream()
                .filter(row -> group.isEmpty() || group.get().equals(row.group()))
                .toList();
        return chosen.isEmpty()
                ? Optional.empty()
                : Optional.of(DepthCurve.of(
                        new DepthCurve.About(model, dtype, steps, trainedSteps, Optional.of(scope), group), chosen));
    }
}
