package org.loopscope.app.workbench;

import java.math.BigDecimal;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.loopscope.app.base.Settings;
import org.loopscope.model.Decoding;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.exit.ExitRule;

/** How tokens are generated, as typed and chosen at the left side of the window; knows what goes with what. */
public final class GenerationForm {
    /** The ways to generate, in the words of the command line. */
    public enum Way {
        EVERY_LOOP("every loop"),
        SKIP_LOOPS("skip loops"),
        DRAFT_AND_VERIFY("draft & verify");

        private final String title;

        Way(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static final int MOST_TOKENS = 100_000;

    private final StringProperty generate = new SimpleStringProperty("0");
    private final ObjectProperty<Way> way = new SimpleObjectProperty<>(Way.EVERY_LOOP);
    private final StringProperty draftStep = new SimpleStringProperty("1");
    private final StringProperty draftTokens = new SimpleStringProperty("4");
    private final ObjectProperty<KvPolicy> kvPolicy = new SimpleObjectProperty<>(KvPolicy.FULL);
    private final StringProperty temperature = new SimpleStringProperty("0");
    private final StringProperty topP = new SimpleStringProperty("1");
    private final StringProperty seed = new SimpleStringProperty("0");
    private final BooleanProperty chat = new SimpleBooleanProperty();

    /** Tokens to generate, as typed. */
    public StringProperty generateProperty() {
        return generate;
    }

    public ObjectProperty<Way> wayProperty() {
        return way;
    }

    /** The step that drafts, as typed; used with {@link Way#DRAFT_AND_VERIFY} only. */
    public StringProperty draftStepProperty() {
        return draftStep;
    }

    /** Tokens drafted before they are verified, as typed. */
    public StringProperty draftTokensProperty() {
        return draftTokens;
    }

    public ObjectProperty<KvPolicy> kvPolicyProperty() {
        return kvPolicy;
    }

    /** Sampling temperature as typed; 0 is greedy. */
    public StringProperty temperatureProperty() {
        return temperature;
    }

    /** Nucleus as typed, above 0 up to 1. */
    public StringProperty topPProperty() {
        return topP;
    }

    /** Seed of the sampling, as typed. */
    public StringProperty seedProperty() {
        return seed;
    }

    /** Whether the prompt is put into the chat form of the model, where the model has one. */
    public BooleanProperty chatProperty() {
        return chat;
    }

    /** Whether tokens are asked for; also true for what cannot be read, which is told when it is run. */
    public boolean generates() {
        return !generate.get().strip().matches("0*");
    }

    /**
     * Why {@code candidate} does not go with the other settings, as one sentence, or the empty string.
     *
     * @param rule the exit rule that the next run would generate with
     */
    public String obstacle(Way candidate, ExitRule rule) {
        boolean full = rule instanceof ExitRule.FullDepth;
        if (candidate == Way.SKIP_LOOPS && full) {
            return "Skip loops: expected an exit rule by which tokens leave, found full.";
        }
        if (candidate != Way.DRAFT_AND_VERIFY) {
            return "";
        }
        if (!full) {
            return draftWants("the exit rule full", rule.spec());
        }
        if (Typed.decimal(temperature.get()) != 0) {
            return draftWants("temperature 0", temperature.get());
        }
        return kvPolicy.get() == KvPolicy.FULL
                ? ""
                : draftWants("the KV policy full", kvPolicy.get().cliName());
    }

    private static String draftWants(String expected, String found) {
        return "Draft & verify gives the greedy text of full depth: expected " + expected + ", found " + found + ".";
    }

    /** What is chosen, in a few words: {@code greedy · skip loops · KV full}. */
    public String summary() {
        String tokens = Typed.decimal(temperature.get()) == 0 ? "greedy" : "temp. " + temperature.get();
        return tokens + " · " + way.get() + " · KV " + kvPolicy.get().cliName();
    }

    /** {@code base} with what is chosen here. */
    RunOptions apply(RunOptions base, ExitRule rule) throws FieldException {
        int tokens = Typed.integer(RunForm.Field.GENERATE, "Tokens to generate", generate.get(), 0, MOST_TOKENS);
        Sampling sampling = sampling();
        RunOptions options = base.withGenerate(tokens)
                .withExitRule(rule)
                .withKvPolicy(kvPolicy.get())
                .withSampling(sampling);
        return tokens == 0 ? options : options.withDecoding(decoding(rule, base.steps()));
    }

    private Sampling sampling() throws FieldException {
        double heat = Typed.decimal(temperature.get());
        if (!(heat >= 0 && heat <= 100)) {
            throw new FieldException(
                    RunForm.Field.TEMPERATURE,
                    "Temperature: expected a number from 0 to 100, found \"" + temperature.get() + "\".");
        }
        double nucleus = Typed.decimal(topP.get());
        if (!(nucleus > 0 && nucleus <= 1)) {
            throw new FieldException(
                    RunForm.Field.TOP_P, "Top-p: expected a number above 0 and up to 1, found \"" + topP.get() + "\".");
        }
        return new Sampling(heat, nucleus, Typed.seed(RunForm.Field.SEED, seed.get()));
    }

    private Decoding decoding(ExitRule rule, int steps) throws FieldException {
        String obstacle = obstacle(way.get(), rule);
        if (!obstacle.isEmpty()) {
            throw new FieldException(RunForm.Field.DECODING, obstacle);
        }
        if (way.get() != Way.DRAFT_AND_VERIFY) {
            return way.get() == Way.SKIP_LOOPS ? Decoding.skipLoops() : Decoding.everyLoop();
        }
        if (steps == 1) {
            throw new FieldException(
                    RunForm.Field.DRAFT_STEP, "Draft step: expected a step before the last, but T is 1.");
        }
        return Decoding.draftAndVerify(
                Typed.integer(RunForm.Field.DRAFT_STEP, "Draft step", draftStep.get(), 1, steps - 1),
                Typed.integer(RunForm.Field.DRAFT_TOKENS, "Draft tokens", draftTokens.get(), 1, MOST_TOKENS));
    }

    /** Takes over what was remembered. */
    void restore(Settings.Generation remembered) {
        temperature.set(text(remembered.temperature()));
        topP.set(text(remembered.topP()));
        seed.set(Long.toString(remembered.seed()));
        chat.set(remembered.chat());
    }

    /** What is worth remembering of a run that was started. */
    Settings.Generation remember(Sampling sampling) {
        return new Settings.Generation(sampling.temperature(), sampling.topP(), sampling.seed(), chat.get());
    }

    private static String text(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
