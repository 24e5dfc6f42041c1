package org.loopscope.analysis.kv;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.loopscope.analysis.CsvRecords;
import org.loopscope.analysis.sweep.ResumableCsv;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.ModelInfo;

/** Results as rows of a CSV file, one per prompt, policy and token; the columns are a public format. */
public final class KvTable {
    /**
     * Names of the columns. {@code prompt} and {@code token} count from 1; {@code own_id} and {@code full_own_id} are what
     * policy and full wrote by themselves, empty where they did not; {@code right} and {@code full_right} say in every row of
     * a prompt whether its answer was found by the policy's own text and by that of full, empty where that was not judged.
     */
    public static final List<String> COLUMNS = List.of(
            "prompt",
            "group",
            "policy",
            "token",
            "id",
            "full_top",
            "top",
            "agrees",
            "kl",
            "full_log_probability",
            "log_probability",
            "full_own_id",
            "own_id",
            "full_right",
            "right",
            "prefill",
            "max_steps",
            "model",
            "compute_dtype");

    /** What stands in {@code policy} in the only row of a prompt that could not be measured. */
    static final String PROBLEM = "problem";

    private KvTable() {}

    /** @param number of the prompt in its set, from 1 */
    public static List<List<String>> rows(int number, String group, KvResult result, ModelInfo model) {
        return result.tokens().stream()
                .map(token -> row(number, group, result, token, model))
                .toList();
    }

    private static List<String> row(int number, String group, KvResult result, KvToken token, ModelInfo model) {
        return List.of(
                Integer.toString(number),
                group,
                token.policy().cliName(),
                Integer.toString(token.index()),
                Integer.toString(token.id()),
                Integer.toString(token.fullTop()),
                Integer.toString(token.top()),
                token.agrees() ? "1" : "0",
                Double.toString(token.kl()),
                Double.toString(token.fullLogProbability()),
                Double.toString(token.logProbability()),
                text(token.fullFreeId()),
                text(token.freeId()),
                right(result, KvPolicy.FULL),
                right(result, token.policy()),
                Integer.toString(result.prefill()),
                Integer.toString(result.steps()),
                model.id(),
                model.computeDtype());
    }

    private static String right(KvResult result, KvPolicy policy) {
        Boolean right = result.right().get(policy);
        return right == null ? "" : right ? "1" : "0";
    }

    private static String text(OptionalInt id) {
        return id.isPresent() ? Integer.toString(id.getAsInt()) : "";
    }

    /** The row of a prompt whose run met a number that is not finite. */
    static List<List<String>> problem(int number, KvPrompt prompt, KvPlan plan, ModelInfo model) {
        return List.of(List.of(
                Integer.toString(number),
                prompt.group(),
                PROBLEM,
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                Integer.toString(plan.prefillOf(prompt.ids().size())),
                Integer.toString(plan.steps()),
                model.id(),
                model.computeDtype()));
    }

    /**
     * Reads such a file.
     *
     * @throws LoopscopeException with one sentence, for what is no such file
     */
    public static KvSummary read(Path csv) throws LoopscopeException {
        if (!Files.exists(csv)) {
            String hint = Files.exists(ResumableCsv.partOf(csv))
                    ? "; what writes it is not finished, run the same again to go on"
                    : "";
            throw new LoopscopeException(csv + ": expected the CSV of loopscope kv, found no such file" + hint + ".");
        }
        KvSummary.Collector collector = new KvSummary.Collector();
        try {
            CsvRecords.read(csv, COLUMNS, row -> add(row, collector));
        } catch (IllegalArgumentException e) {
            throw new LoopscopeException(
                    csv + ": expected numbers as loopscope kv writes them, found others (" + e.getMessage() + ").", e);
        }
        return collector.summary();
    }

    private static void add(Map<String, String> row, KvSummary.Collector collector) {
        collector.about(cell(row, "model"), cell(row, "compute_dtype"), whole(row, "max_steps"));
        if (cell(row, "policy").equals(PROBLEM)) {
            collector.problem();
            return;
        }
        KvPolicy policy = policy(cell(row, "policy"));
        answer(row, "full_right", KvPolicy.FULL, collector);
        answer(row, "right", policy, collector);
        collector.add(
                whole(row, "prompt"),
                new KvToken(
                        policy,
                        whole(row, "token"),
                        whole(row, "id"),
                        whole(row, "full_top"),
                        whole(row, "top"),
                        Double.parseDouble(cell(row, "kl")),
                        Double.parseDouble(cell(row, "full_log_probability")),
                        Double.parseDouble(cell(row, "log_probability")),
                        optional(row, "full_own_id"),
                        optional(row, "own_id")));
    }

    private static void answer(Map<String, String> row, String column, KvPolicy policy, KvSummary.Collector collector) {
        String cell = cell(row, column);
        if (!cell.isEmpty()) {
            if (!cell.equals("0") && !cell.equals("1")) {
                throw new IllegalArgumentException(column + ": want 0 or 1, got " + cell);
            }
            collector.answer(whole(row, "prompt"), policy, cell.equals("1"));
        }
    }

    private static KvPolicy policy(String name) {
        try {
            return KvPolicy.parse(name);
        } catch (LoopscopeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String cell(Map<String, String> row, String column) {
        return row.getOrDefault(column, "");
    }

    private static int whole(Map<String, String> row, String column) {
        return Integer.parseInt(cell(row, column));
    }

    private static OptionalInt optional(Map<String, String> row, String column) {
        return cell(row, column).isEmpty() ? OptionalInt.empty() : OptionalInt.of(whole(row, column));
    }
}
