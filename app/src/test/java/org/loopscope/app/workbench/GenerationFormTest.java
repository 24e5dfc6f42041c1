package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.app.base.Settings;
import org.loopscope.app.workbench.GenerationForm.Way;
import org.loopscope.model.Decoding;
import org.loopscope.model.KvPolicy;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Sampling;
import org.loopscope.model.exit.ExitRule;

/** What the generation settings of the window ask the model for, and what they refuse. */
class GenerationFormTest {
    private final GenerationForm form = new GenerationForm();

    private RunOptions options(ExitRule rule) throws FieldException {
        return form.apply(RunOptions.steps(4), rule);
    }

    @Test
    void nothingChosenIsGreedyThroughEveryLoopAsOnTheCommandLine() throws FieldException {
        assertEquals(RunOptions.steps(4).withExitRule(ExitRule.q(0.5)), options(ExitRule.q(0.5)));
        assertEquals("greedy · every loop · KV full", form.summary());
    }

    @Test
    void whatIsChosenReachesTheOptions() throws FieldException {
        form.generateProperty().set(" 12 ");
        form.wayProperty().set(Way.SKIP_LOOPS);
        form.kvPolicyProperty().set(KvPolicy.AVERAGED);
        form.temperatureProperty().set("0.7");
        form.topPProperty().set("0.9");
        form.seedProperty().set("-5");
        RunOptions options = options(ExitRule.q(0.3));
        assertEquals(12, options.generate());
        assertEquals(Decoding.skipLoops(), options.decoding());
        assertEquals(KvPolicy.AVERAGED, options.kvPolicy());
        assertEquals(new Sampling(0.7, 0.9, -5), options.sampling());
        assertEquals("temp. 0.7 · skip loops · KV averaged", form.summary());
    }

    @Test
    void draftAndVerifyTakesItsStepAndTokens() throws FieldException {
        form.generateProperty().set("8");
        form.wayProperty().set(Way.DRAFT_AND_VERIFY);
        form.draftStepProperty().set("3");
        form.draftTokensProperty().set("6");
        assertEquals(Decoding.draftAndVerify(3, 6), options(ExitRule.full()).decoding());
    }

    @Test
    void aWayToGenerateIsNotLookedAtWhileNothingIsGenerated() throws FieldException {
        form.wayProperty().set(Way.DRAFT_AND_VERIFY);
        form.draftStepProperty().set("many");
        assertFalse(form.generates());
        assertEquals(Decoding.everyLoop(), options(ExitRule.q(0.5)).decoding());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SKIP_LOOPS | full | 0 | full | Skip loops: expected an exit rule by which tokens leave, found full.",
                "SKIP_LOOPS | q:0.5 | 1 | averaged | ''",
                "DRAFT_AND_VERIFY | full | 0 | full | ''",
                "DRAFT_AND_VERIFY | q:0.5 | 0 | full | Draft & verify gives the greedy text of full depth: expected the"
                        + " exit rule full, found q:0.5.",
                "DRAFT_AND_VERIFY | full | 0.5 | full | Draft & verify gives the greedy text of full depth: expected"
                        + " temperature 0, found 0.5.",
                "DRAFT_AND_VERIFY | full | 0 | last-step | Draft & verify gives the greedy text of full depth: expected"
                        + " the KV policy full, found last-step.",
                "EVERY_LOOP | q:0.5 | 2 | averaged | ''",
            })
    void aWayThatDoesNotGoWithTheRestSaysWhyAndIsRefused(Way way, String rule, String heat, String kv, String sentence)
            throws Exception {
        form.generateProperty().set("4");
        form.wayProperty().set(way);
        form.temperatureProperty().set(heat);
        form.kvPolicyProperty().set(KvPolicy.parse(kv));
        ExitRule parsed = ExitRule.parse(rule);
        assertEquals(sentence, form.obstacle(way, parsed));
        if (sentence.isEmpty()) {
            assertEquals(4, options(parsed).generate());
        } else {
            FieldException refused = assertThrows(FieldException.class, () -> options(parsed));
            assertEquals(sentence, refused.getMessage());
            assertEquals(RunForm.Field.DECODING, refused.field());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | 4 | 4 | 1 | 0 | DRAFT_STEP | Draft step: expected a whole number from 1 to 3, found \"4\".",
                "1 | 1 | 4 | 1 | 0 | DRAFT_STEP | Draft step: expected a step before the last, but T is 1.",
                "4 | 1 | 0 | 1 | 0 | DRAFT_TOKENS | Draft tokens: expected a whole number from 1 to 100000, found \"0\".",
                "4 | 1 | 4 | 0 | 0 | TOP_P | Top-p: expected a number above 0 and up to 1, found \"0\".",
                "4 | 1 | 4 | 1 | x | SEED | Seed: expected a whole number, found \"x\".",
            })
    void aNumberThatCannotBeUsedIsToldWithItsField(
            int steps,
            String draftStep,
            String draftTokens,
            String topP,
            String seed,
            RunForm.Field field,
            String told) {
        form.generateProperty().set("4");
        form.wayProperty().set(Way.DRAFT_AND_VERIFY);
        form.draftStepProperty().set(draftStep);
        form.draftTokensProperty().set(draftTokens);
        form.topPProperty().set(topP);
        form.seedProperty().set(seed);
        FieldException refused =
                assertThrows(FieldException.class, () -> form.apply(RunOptions.steps(steps), ExitRule.full()));
        assertEquals(told, refused.getMessage());
        assertEquals(field, refused.field());
    }

    @Test
    void whatIsRememberedComesBackAsItWasTyped() throws FieldException {
        form.temperatureProperty().set("0.80");
        form.seedProperty().set("17");
        form.chatProperty().set(true);
        Settings.Generation remembered = form.remember(options(ExitRule.full()).sampling());
        GenerationForm later = new GenerationForm();
        later.restore(remembered);
        assertEquals("0.8", later.temperatureProperty().get());
        assertEquals("1", later.topPProperty().get());
        assertEquals("17", later.seedProperty().get());
        assertTrue(later.chatProperty().get());
    }
}
