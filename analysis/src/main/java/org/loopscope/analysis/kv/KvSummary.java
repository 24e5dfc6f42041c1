package org.loopscope.analysis.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.loopscope.analysis.stat.Interval;
import org.loopscope.analysis.stat.Intervals;
import org.loopscope.analysis.stat.RunIntervals;
import org.loopscope.model.KvPolicy;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How far each policy departs from full, over one text or a set of them. Tokens that the prefill predicts are not counted:
 * nothing can differ there.
 *
 * <p>Intervals are 95 %. With two prompts or more they are over prompts ({@link Intervals}), since tokens of one text are not
 * independent; with one prompt over its tokens ({@link RunIntervals}). Immutable.
 */
public final class KvSummary {
    private final String model;
    private final String dtype;
    private final int steps;
    private final int prompts;
    private final int problems;
    private final List<Line> lines;
    private final List<Place> places;
    private final List<KvAnswers.Line> answers;
    private final boolean firstFromPrefill;

    /**
     * One policy.
     *
     * @param prompts texts counted
     * @param tokens counted with the text given
     * @param agreement share of them with the same most probable token as full
     * @param kl mean KL(full ‖ policy), nats
     * @param logProbability mean ln p of the text's token under the policy, beside that under full
     * @param ownTokens counted where full wrote by itself
     * @param ownAgreement share of them that the policy, writing by itself, has in the same place; NaN for none
     * @param ownTexts prompts after which full wrote
     * @param sameTexts those of them whose text is the same to its end
     * @param firstDifference median over the others of the place of the first token that differs, from 1; NaN for none
     */
    public record Line(
            KvPolicy policy,
            int prompts,
            long tokens,
            double agreement,
            Interval agreementInterval,
            double kl,
            Interval klInterval,
            double logProbability,
            double fullLogProbability,
            long ownTokens,
            double ownAgreement,
            Interval ownInterval,
            int ownTexts,
            int sameTexts,
            double firstDifference) {}

    /**
     * One policy at one place of the text, from 1.
     *
     * @param n texts that reach it
     * @param kl mean over them, nats
     * @param interval over texts
     * @param agreement share of them with the same most probable token
     */
    public record Place(KvPolicy policy, int index, int n, double kl, Interval interval, double agreement) {}

    private KvSummary(Collector from, List<Line> lines, List<Place> places) {
        this.model = from.model;
        this.dtype = from.dtype;
        this.steps = from.steps;
        this.prompts = from.prompts();
        this.problems = from.problems;
        this.lines = List.copyOf(lines);
        this.places = List.copyOf(places);
        this.answers = from.answers.lines();
        this.firstFromPrefill = from.firstFromPrefill;
    }

    /** Of one text. */
    public static KvSummary of(KvResult result, String model, String dtype) {
        Collector collector = new Collector();
        collector.about(model, dtype, result.steps());
        collector.add(1, result);
        return collector.summary();
    }

    /** Collects tokens, a few numbers of each. */
    public static final class Collector {
        private final Map<KvPolicy, Map<Integer, Sums>> sums = new EnumMap<>(KvPolicy.class); // by prompt
        private final Map<KvPolicy, TreeMap<Integer, Values>> places = new EnumMap<>(KvPolicy.class); // by index
        private final List<KvPolicy> order = new ArrayList<>();
        private final KvAnswers answers = new KvAnswers();
        private boolean firstFromPrefill;
        private String model = "";
        private String dtype = "";
        private int steps;
        private int problems;

        /** Says what was measured. */
        public void about(String id, String computeDtype, int maxSteps) {
            model = id;
            dtype = computeDtype;
            steps = maxSteps;
        }

        /** Counts a prompt that could not be measured. */
        public void problem() {
            problems++;
        }

        /** Everything of one prompt. */
        public void add(int prompt, KvResult result) {
            result.tokens().forEach(token -> add(prompt, token));
            result.right().forEach((policy, right) -> answer(prompt, policy, right));
        }

        /** Says whether the own text of a policy, or of full, has the right answer; again says nothing new. */
        public void answer(int prompt, KvPolicy policy, boolean right) {
            answers.add(prompt, policy, right);
        }

        public void add(int prompt, KvToken token) {
            firstFromPrefill |= token.index() == 1 && token.hasFree();
            if (!order.contains(token.policy())) {
                order.add(token.policy());
            }
            places.computeIfAbsent(token.policy(), p -> new TreeMap<>())
                    .computeIfAbsent(token.index(), i -> new Values())
                    .add(token.kl(), token.agrees());
            Sums own =
                    sums.computeIfAbsent(token.policy(), p -> new TreeMap<>()).computeIfAbsent(prompt, p -> new Sums());
            if (token.counts()) {
                own.add(token);
            }
        }

        private int prompts() {
            return sums.values().stream().mapToInt(Map::size).max().orElse(0);
        }

        public KvSummary summary() {
            List<Line> lines = new ArrayList<>();
            List<Place> all = new ArrayList<>();
            for (KvPolicy policy : order) {
                List<Sums> byPrompt =
                        new ArrayList<>(sums.getOrDefault(policy, Map.of()).values());
                TreeMap<Integer, Values> byPlace = places.getOrDefault(policy, new TreeMap<>());
                lines.add(line(policy, byPrompt, byPlace));
                byPlace.forEach((index, values) -> all.add(values.place(policy, index)));
            }
            return new KvSummary(this, lines, all);
        }
    }

    /** Of one prompt and policy. */
    private static final class Sums {
        int tokens;
        int agreeing;
        double kl;
        double logProbability;
        double fullLogProbability;
        int own;
        int ownSame;
        int firstDifference; // 0 for none
        private final BitSet agrees = new BitSet(); // by token, in the order of the text
        private final BitSet ownAgrees = new BitSet();

        void add(KvToken token) {
            agrees.set(tokens, token.agrees());
            ownAgrees.set(own, token.freeSame());
            tokens++;
            agreeing += token.agrees() ? 1 : 0;
            kl += token.kl();
            logProbability += token.logProbability();
            fullLogProbability += token.fullLogProbability();
            if (token.hasFree()) {
                own++;
                ownSame += token.freeSame() ? 1 : 0;
                if (!token.freeSame() && firstDifference == 0) {
                    firstDifference = token.index();
                }
            }
        }

        boolean[] agrees() {
            return bits(agrees, tokens);
        }

        boolean[] ownAgrees() {
            return bits(ownAgrees, own);
        }

        private static boolean[] bits(BitSet set, int n) {
            boolean[] bits = new boolean[n];
            for (int i = 0; i < n; i++) {
                bits[i] = set.get(i);
            }
            return bits;
        }
    }

    /** Of one place and policy. */
    private static final class Values {
        private double[] kl = new double[4];
        private int n;
        private int agreeing;

        void add(double value, boolean agrees) {
            if (n == kl.length) {
                kl = Arrays.copyOf(kl, 2 * n);
            }
            kl[n++] = value;
            agreeing += agrees ? 1 : 0;
        }

        double[] all() {
            return Arrays.copyOf(kl, n);
        }

        Place place(KvPolicy policy, int index) {
            double mean = Arrays.stream(all()).sum() / n;
            return new Place(policy, index, n, mean, Intervals.mean(all()), (double) agreeing / n);
        }
    }

    private static Line line(KvPolicy policy, List<Sums> prompts, TreeMap<Integer, Values> places) {
        double[] tokens = prompts.stream().mapToDouble(s -> s.tokens).toArray();
        double[] agreeing = prompts.stream().mapToDouble(s -> s.agreeing).toArray();
        double[] kl = prompts.stream().mapToDouble(s -> s.kl).toArray();
        double[] own = prompts.stream().mapToDouble(s -> s.own).toArray();
        double[] ownSame = prompts.stream().mapToDouble(s -> s.ownSame).toArray();
        double n = sum(tokens);
        boolean one = prompts.size() == 1;
        int ownTexts = (int) Arrays.stream(own).filter(x -> x > 0).count();
        double[] differences = prompts.stream()
                .filter(s -> s.firstDifference > 0)
                .mapToDouble(s -> s.firstDifference)
                .sorted()
                .toArray();
        return new Line(
                policy,
                prompts.size(),
                (long) n,
                sum(agreeing) / n,
                one ? RunIntervals.share(prompts.get(0).agrees()) : Intervals.share(agreeing, tokens),
                sum(kl) / n,
                one ? RunIntervals.mean(valuesAfterTheFirst(places)) : Intervals.ratio(kl, tokens),
                prompts.stream().mapToDouble(s -> s.logProbability).sum() / n,
                prompts.stream().mapToDouble(s -> s.fullLogProbability).sum() / n,
                (long) sum(own),
                sum(ownSame) / sum(own),
                one ? RunIntervals.share(prompts.get(0).ownAgrees()) : Intervals.share(ownSame, own),
                ownTexts,
                ownTexts - differences.length,
                median(differences));
    }

    private static double[] valuesAfterTheFirst(TreeMap<Integer, Values> places) {
        return places.tailMap(2).values().stream()
                .flatMapToDouble(v -> Arrays.stream(v.all()))
                .toArray();
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    private static double median(double[] sorted) {
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /** The model's id. */
    public String model() {
        return model;
    }

    /** The arithmetic, {@link org.loopscope.model.ModelInfo#computeDtype}. */
    public String computeDtype() {
        return dtype;
    }

    /** T. */
    public int steps() {
        return steps;
    }

    /** Texts that were compared. */
    public int prompts() {
        return prompts;
    }

    /** Prompts whose run met a number that is not finite; they are in no line. */
    public int problems() {
        return problems;
    }

    /** One per policy. */
    public List<Line> lines() {
        return lines;
    }

    /** Policy by policy, in the order of the text. */
    public List<Place> places() {
        return places;
    }

    /** Right answers of full, then of the policies; empty where no answer was judged. */
    public List<KvAnswers.Line> answers() {
        return answers;
    }

    public Optional<KvAnswers.Line> answers(KvPolicy policy) {
        return answers.stream().filter(line -> line.policy() == policy).findFirst();
    }

    /**
     * Whether the first token of an own text comes from the prefill, so that answers of one token are the same under every
     * policy.
     */
    public boolean firstFromPrefill() {
        return firstFromPrefill;
    }

    /** {@code n = 31 tokens of one text; intervals over tokens}, or over how many prompts. */
    public String counted() {
        long n = lines.isEmpty() ? 0 : lines.get(0).tokens;
        return "n = " + n + " tokens of "
                + (prompts == 1 ? "one text, intervals over tokens" : prompts + " texts, intervals over texts");
    }

    /** One line a policy: the fields of {@link Line}, logarithms natural, NaN being missing. */
    public Table toTable() {
        StringColumn policy = StringColumn.create("policy");
        IntColumn texts = IntColumn.create("texts");
        IntColumn tokens = IntColumn.create("tokens");
        Numbers agreement = new Numbers("agreement");
        Numbers kl = new Numbers("kl");
        DoubleColumn log = DoubleColumn.create("log_probability");
        DoubleColumn fullLog = DoubleColumn.create("full_log_probability");
        IntColumn ownTokens = IntColumn.create("own_tokens");
        Numbers own = new Numbers("own_agreement");
        IntColumn ownTexts = IntColumn.create("own_texts");
        IntColumn same = IntColumn.create("same_texts");
        DoubleColumn first = DoubleColumn.create("first_difference");
        IntColumn judged = IntColumn.create("answers");
        Numbers accuracy = new Numbers("accuracy");
        DoubleColumn fullAccuracy = DoubleColumn.create("full_accuracy");
        for (Line line : lines) {
            policy.append(line.policy.cliName());
            texts.append(line.prompts);
            tokens.append((int) line.tokens);
            agreement.append(line.agreement, line.agreementInterval);
            kl.append(line.kl, line.klInterval);
            log.append(line.logProbability);
            fullLog.append(line.fullLogProbability);
            ownTokens.append((int) line.ownTokens);
            own.append(line.ownAgreement, line.ownInterval);
            ownTexts.append(line.ownTexts);
            same.append(line.sameTexts);
            first.append(line.firstDifference);
            KvAnswers.Line right = answers(line.policy).orElse(KvAnswers.NONE);
            judged.append(right.n());
            accuracy.append(right.accuracy(), right.interval());
            fullAccuracy.append(answers(KvPolicy.FULL).orElse(KvAnswers.NONE).accuracy());
        }
        return Table.create("kv", policy, texts, tokens)
                .addColumns(agreement.mean, agreement.low, agreement.high, kl.mean, kl.low, kl.high, log, fullLog)
                .addColumns(ownTokens, own.mean, own.low, own.high, ownTexts, same, first)
                .addColumns(judged, accuracy.mean, accuracy.low, accuracy.high, fullAccuracy);
    }

    /** One line for full and for each policy: how often its own text has the right answer. */
    public Table answerTable() {
        return KvAnswers.table(answers);
    }

    /** One line a policy and place. */
    public Table placeTable() {
        StringColumn policy = StringColumn.create("policy");
        IntColumn token = IntColumn.create("token");
        IntColumn texts = IntColumn.create("texts");
        Numbers kl = new Numbers("kl");
        DoubleColumn agreement = DoubleColumn.create("agreement");
        for (Place place : places) {
            policy.append(place.policy.cliName());
            token.append(place.index);
            texts.append(place.n);
            kl.append(place.kl, place.interval);
            agreement.append(place.agreement);
        }
        return Table.create("kv_places", policy, token, texts, kl.mean, kl.low, kl.high, agreement);
    }

    private static final class Numbers {
        final DoubleColumn mean;
        final DoubleColumn low;
        final DoubleColumn high;

        Numbers(String name) {
            mean = DoubleColumn.create(name);
            low = DoubleColumn.create(name + "_low");
            high = DoubleColumn.create(name + "_high");
        }

        void append(double value, Interval interval) {
            mean.append(value);
            low.append(interval.low());
            high.append(interval.high());
        }
    }
}
