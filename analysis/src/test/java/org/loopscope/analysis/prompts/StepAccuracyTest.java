package org.loopscope.analysis.prompts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.TinyCaptures;
import org.loopscope.analysis.TinyCaptures.Matrix;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.ModelInfo;
import org.loopscope.model.RunOptions;
import org.loopscope.model.Unembedding;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.tokenizer.Tokenizer;

class StepAccuracyTest {
    private final Alphabet model = new Alphabet(Optional.of(new Letters()));

    private static Prompt prompt(String text, String answer, String group) {
        return new Prompt(text, Optional.of(answer), List.of(), Optional.empty(), Optional.of(group));
    }

    @Test
    void everyStepIsComparedWithTheAnswer() throws LoopscopeException {
        // Step 1 always says a; steps 2 and 3 say the letter that follows.
        StepAccuracy accuracy = StepAccuracy.of(
                model,
                List.of(prompt("abc", "d", "next"), prompt("xy", "z", "next"), prompt("b", "a", "a")),
                3,
                RunControl.none());
        assertEquals(List.of("next", "a"), accuracy.groups());
        assertEquals(0, accuracy.hits("next", 1));
        assertEquals(2, accuracy.hits("next", 2));
        assertEquals(2, accuracy.n("next"));
        assertEquals(1.0, accuracy.accuracy("next", 3));
        assertEquals(1, accuracy.hits("a", 1));
        assertEquals(0, accuracy.hits("a", 2));
    }

    @Test
    void everyTokenOfALongerAnswerMustBeRight() throws LoopscopeException {
        StepAccuracy accuracy = StepAccuracy.of(
                model,
                List.of(prompt("abc", "def", "right"), prompt("abc", "dex", "wrong at the end")),
                2,
                RunControl.none());
        assertEquals(1, accuracy.hits("right", 2));
        assertEquals(0, accuracy.hits("right", 1));
        assertEquals(0, accuracy.hits("wrong at the end", 2));
        assertEquals(List.of("abcde", "abcde"), model.runs); // the last token of the answer is never fed
    }

    @Test
    void theSamePromptIsRunOnceAndCountedEachTime() throws LoopscopeException {
        StepAccuracy accuracy = StepAccuracy.of(
                model,
                List.of(prompt("a", "b", "x"), prompt("a", "b", "x"), prompt("a", "b", "y")),
                2,
                RunControl.none());
        assertEquals(2, accuracy.hits("x", 2));
        assertEquals(1, accuracy.n("y"));
        assertEquals(1, model.runs.size());
    }

    @Test
    void promptsWithoutAnswerAreLeftOutAndCounted() throws LoopscopeException {
        StepAccuracy accuracy = StepAccuracy.of(
                model,
                List.of(
                        Prompt.of("a"),
                        new Prompt("a", Optional.of("b"), List.of(), Optional.empty(), Optional.empty())),
                1,
                RunControl.none());
        assertEquals(1, accuracy.skipped());
        assertEquals(List.of(StepAccuracy.NO_GROUP), accuracy.groups());
        LoopscopeException e = assertThrows(
                LoopscopeException.class, () -> StepAccuracy.of(model, List.of(Prompt.of("a")), 1, RunControl.none()));
        assertEquals("Accuracy by step: expected prompts with an answer, found none among 1.", e.getMessage());
    }

    @Test
    void aModelWithoutTokenizerIsRefused() {
        LoopscopeException e = assertThrows(
                LoopscopeException.class,
                () -> StepAccuracy.of(
                        new Alphabet(Optional.empty()), List.of(prompt("a", "b", "x")), 1, RunControl.none()));
        assertEquals("The model alphabet has no usable tokenizer.json, so it cannot read text.", e.getMessage());
    }

    @Test
    void cancellingEndsIt() {
        assertThrows(
                CancellationException.class,
                () -> StepAccuracy.of(
                        model,
                        List.of(prompt("a", "b", "x")),
                        1,
                        RunControl.of(() -> true, (stage, done, total) -> {})));
    }

    @Test
    void answersAreTokenizedAsTheyFollowThePrompt() throws LoopscopeException {
        Tokenizer pieces = new Pieces(List.of("the", " sum", " is", "4", " 4", "4 4", "is"));
        // " 4" after "the sum is", not "4"
        assertArrayEquals(new int[] {4}, answer(pieces, "the sum is", "4"));
        // written with its space already
        assertArrayEquals(new int[] {4}, answer(pieces, "the sum is", " 4"));
        // "4" and " 4" merge into one piece, so nothing follows the prompt's own tokens
        assertArrayEquals(new int[] {3}, answer(pieces, "4", "4"));
        assertThrows(LoopscopeException.class, () -> answer(pieces, "is", ""));
    }

    private static int[] answer(Tokenizer tokenizer, String prompt, String answer) throws LoopscopeException {
        return WholeAnswer.tokens(tokenizer, prompt, answer);
    }

    /** Predicts a at step 1 and the following letter at later ones; W_U is the identity. */
    private static final class Alphabet implements LoopedModel {
        private static final int LETTERS = 26;
        private final Optional<Tokenizer> tokenizer;
        private final List<String> runs = new ArrayList<>();

        private Alphabet(Optional<Tokenizer> tokenizer) {
            this.tokenizer = tokenizer;
        }

        @Override
        public ModelInfo info() {
            return new ModelInfo("alphabet", "00", 1, "F32", "float32", "by hand");
        }

        @Override
        public LoopConfig config() {
            return TinyCaptures.config(LETTERS, LETTERS, 1);
        }

        @Override
        public Optional<Tokenizer> tokenizer() {
            return tokenizer;
        }

        @Override
        public Unembedding unembedding() {
            return Matrix.identity(LETTERS);
        }

        @Override
        public double gateLogit(float[] state) {
            return 0;
        }

        @Override
        public Capture run(int[] tokenIds, RunOptions options, RunControl control) {
            runs.add(new Letters().decode(tokenIds));
            float[][] hidden = new float[options.steps()][tokenIds.length * LETTERS];
            for (int t = 0; t < options.steps(); t++) {
                for (int p = 0; p < tokenIds.length; p++) {
                    hidden[t][p * LETTERS + (t == 0 ? 0 : (tokenIds[p] + 1) % LETTERS)] = 1;
                }
            }
            return TinyCaptures.builder(LETTERS, LETTERS, 1, tokenIds, options.steps())
                    .states(new float[options.steps()][tokenIds.length], hidden)
                    .build();
        }

        @Override
        public long estimateBytes(int tokens, RunOptions options) {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** A token a letter; spaces do not count. */
    private static final class Letters implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return text.chars().filter(c -> c != ' ').map(c -> c - 'a').toArray();
        }

        @Override
        public String decode(int... ids) {
            return IntStream.of(ids).mapToObj(this::tokenText).reduce("", String::concat);
        }

        @Override
        public String tokenText(int id) {
            return TinyCaptures.text(id);
        }
    }

    /** Takes the longest piece that fits, from the left. */
    private record Pieces(List<String> pieces) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            List<Integer> ids = new ArrayList<>();
            for (int at = 0; at < text.length(); ) {
                int best = -1;
                for (int id = 0; id < pieces.size(); id++) {
                    if (text.startsWith(pieces.get(id), at)
                            && (best < 0
                                    || pieces.get(id).length()
                                            > pieces.get(best).length())) {
                        best = id;
                    }
                }
                if (best < 0) {
                    at++; // a lone space
                } else {
                    ids.add(best);
                    at += pieces.get(best).length();
                }
            }
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }

        @Override
        public String decode(int... ids) {
            return IntStream.of(ids).mapToObj(pieces::get).reduce("", String::concat);
        }

        @Override
        public String tokenText(int id) {
            return pieces.get(id);
        }
    }
}
