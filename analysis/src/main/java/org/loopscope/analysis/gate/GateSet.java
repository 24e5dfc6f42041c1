package org.loopscope.analysis.gate;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.loopscope.analysis.Inspection;
import org.loopscope.analysis.exit.GateDiagnosis;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.prompts.StepAccuracy;
import org.loopscope.analysis.sweep.ResumableCsv;
import org.loopscope.analysis.sweep.SweepRow.Scope;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.NonFiniteStateException;
import org.loopscope.model.ProgramVersion;
import org.loopscope.model.RunControl;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Tokenizer;

/**
 * Gates and gains of every token of every prompt of a set, one run a prompt, written to a CSV file as it goes. An answer is
 * given behind its prompt; a prompt without one may be continued by the model at full depth.
 */
public final class GateSet {
    private static final int HASH_SHOWN = 8;

    private final LoopedModel model;
    private final List<Prompt> prompts;
    private final int steps;
    private final int generate;
    private final List<Text> texts = new ArrayList<>();

    /**
     * @param ids prompt and answer
     * @param given tokens of the prompt
     */
    private record Text(int[] ids, int given) {}

    /**
     * Reads all prompts as tokens, to refuse one that cannot be run before hours have gone into the others.
     *
     * @param steps T
     * @param generate tokens generated after a prompt without answer
     * @throws LoopscopeException if the model has no tokenizer or a prompt cannot be run, with its number
     */
    public GateSet(LoopedModel model, List<Prompt> prompts, int steps, int generate) throws LoopscopeException {
        this.model = model;
        this.prompts = List.copyOf(prompts);
        this.steps = steps;
        this.generate = generate;
        Tokenizer tokenizer = model.tokenizer()
                .orElseThrow(() -> new LoopscopeException("A set of prompts needs a tokenizer; the model "
                        + model.info().id() + " has none."));
        for (int i = 0; i < prompts.size(); i++) {
            try {
                Text text = text(tokenizer, prompts.get(i));
                model.config().requireTokens(text.ids, generated(text));
                texts.add(text);
            } catch (LoopscopeException e) {
                throw new LoopscopeException("Prompt " + (i + 1) + " of the set: " + e.getMessage(), e);
            }
        }
    }

    private static Text text(Tokenizer tokenizer, Prompt prompt) throws LoopscopeException {
        int[] ids = tokenizer.encode(prompt.prompt());
        String answer = prompt.answer().orElse("");
        if (answer.isBlank()) {
            return new Text(ids, ids.length);
        }
        int[] tokens = StepAccuracy.answerTokens(tokenizer, prompt.prompt(), answer, ids);
        int[] both = Arrays.copyOf(ids, ids.length + tokens.length);
        System.arraycopy(tokens, 0, both, ids.length, tokens.length);
        return new Text(both, ids.length);
    }

    private int generated(Text text) {
        return text.ids.length > text.given ? 0 : generate;
    }

    /**
     * Measures the prompts that {@code out} does not hold yet, and finishes it.
     *
     * @return how many prompts an earlier, interrupted run had done
     * @throws LoopscopeException if the file cannot be written or was begun with another model, set or T
     * @throws java.util.concurrent.CancellationException if {@code control} is cancelled; the prompts that are done are
     *     kept for the next run
     */
    public int run(Path out, RunControl control) throws LoopscopeException {
        try (ResumableCsv csv = ResumableCsv.open(out, GateRow.COLUMNS, identity())) {
            int before = csv.items();
            RunControl quiet = RunControl.of(control::isCancelled, (stage, done, total) -> {});
            for (int i = before; i < prompts.size(); i++) {
                control.checkCancelled();
                control.progress("prompts", i, prompts.size());
                csv.append(rows(i, quiet).stream()
                        .map(row -> row.cells(model.info()))
                        .toList());
            }
            csv.finish();
            control.progress("prompts", prompts.size(), prompts.size());
            return before;
        }
    }

    private List<GateRow> rows(int i, RunControl control) throws LoopscopeException {
        String group = prompts.get(i).group().orElse("");
        Text text = texts.get(i);
        try {
            RunOptions options = RunOptions.steps(steps).withGenerate(generated(text));
            Capture capture = model.run(text.ids, options, control);
            return rows(i + 1, group, text, Inspection.of(capture, model, 1, control));
        } catch (NonFiniteStateException | NonFiniteLogitsException e) {
            return List.of(GateRow.problem(i + 1, group, steps));
        }
    }

    private List<GateRow> rows(int number, String group, Text text, Inspection inspection) {
        List<GateRow> rows = new ArrayList<>();
        for (GateDiagnosis.Point point : GateDiagnosis.of(inspection).points()) {
            boolean after = point.position() + 1 >= text.given;
            Scope scope = after ? (text.ids.length > text.given ? Scope.ANSWER : Scope.GENERATED) : Scope.PROMPT;
            rows.add(new GateRow(
                    number,
                    group,
                    scope,
                    point.position(),
                    point.step(),
                    point.gateLogit(),
                    point.lambda(),
                    GateDiagnosis.gain(inspection.lens(), point.step(), point.position()),
                    point.step() == steps
                            ? Double.NaN
                            : GateDiagnosis.gain(inspection.lens(), point.step() + 1, point.position()),
                    point.label(),
                    point.nextLabel(),
                    steps));
        }
        return rows;
    }

    /** What decides the rows. */
    private Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("program version", ProgramVersion.get());
        identity.put("weights", model.info().weightHash());
        identity.put("arithmetic", model.info().computeDtype());
        identity.put("prompts", prompts.size() + " with hash " + hash());
        identity.put("steps", Integer.toString(steps));
        identity.put("tokens generated", Integer.toString(generate));
        return identity;
    }

    /** The beginning of the SHA-256 of what the rows depend on. */
    private String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < texts.size(); i++) {
                String item = Arrays.toString(texts.get(i).ids)
                        + texts.get(i).given
                        + prompts.get(i).group();
                digest.update(item.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, HASH_SHOWN);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
