package org.loopscope.model.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.CheckResult;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.tokenizer.Tokenizer;
import org.loopscope.model.tokenizer.UnavailableTokenizer;

/** Whether text comes back from token ids, and all ids are ones of the model. */
final class TokenizerCheck {
    private static final String NAME = "tokenizer round trip";
    private static final String SAMPLE = "The answer is 12 + 30 = 42.\nNaïve café, 你好!";
    private static final int WORDS = 16;
    private static final int SAME_TOKEN = 5; // characters that one token stands for, before it is taken for "unknown"

    private final Tokenizer tokenizer;
    private final int vocabSize;

    private TokenizerCheck(Tokenizer tokenizer, int vocabSize) {
        this.tokenizer = tokenizer;
        this.vocabSize = vocabSize;
    }

    static CheckResult run(LoopedModel model) {
        Optional<Tokenizer> tokenizer = model.tokenizer();
        if (tokenizer.isEmpty()) {
            return CheckResult.notMade(NAME, "There is no tokenizer.json; the model is run with token ids.");
        }
        if (tokenizer.get() instanceof UnavailableTokenizer unavailable) {
            return CheckResult.notMade(NAME, unavailable.reason() + " The model is run with token ids.");
        }
        return new TokenizerCheck(tokenizer.get(), model.config().vocabSize()).check();
    }

    private CheckResult check() {
        Optional<int[]> ids = encoded(SAMPLE);
        if (ids.isEmpty()) {
            return words(false);
        }
        Optional<CheckResult> outside = outside(ids.get());
        if (outside.isPresent()) {
            return outside.get();
        }
        String back = tokenizer.decode(ids.get());
        // A tokenizer may normalise text, but what it made of it must stay as it is.
        boolean stable =
                back.equals(SAMPLE) || encoded(back).map(tokenizer::decode).equals(Optional.of(back));
        if (!stable && hasUnknownToken()) {
            return words(true);
        }
        return stable
                ? CheckResult.passed(
                        NAME,
                        "A sample text of " + ids.get().length + " tokens came back"
                                + (back.equals(SAMPLE) ? " unchanged." : " normalised, and unchanged after that."))
                : CheckResult.failed(
                        NAME,
                        "expected a sample text to come back from its tokens, found " + ForeignText.quoted(back) + ".");
    }

    /**
     * Whether several characters of the sample, each alone, become the same token: then the vocabulary has one for all that
     * it does not know, and a text that does not come back is no fault.
     */
    private boolean hasUnknownToken() {
        Map<List<Integer>, Integer> characters = new HashMap<>();
        SAMPLE.codePoints()
                .distinct()
                .filter(Character::isLetterOrDigit)
                .mapToObj(c -> encoded(Character.toString(c)))
                .flatMap(Optional::stream)
                .forEach(ids -> characters.merge(Arrays.stream(ids).boxed().toList(), 1, Integer::sum));
        return characters.values().stream().anyMatch(count -> count >= SAME_TOKEN);
    }

    private Optional<int[]> encoded(String text) {
        try {
            return Optional.of(tokenizer.encode(text));
        } catch (LoopscopeException e) {
            return Optional.empty(); // a small vocabulary that has no such words
        }
    }

    private Optional<CheckResult> outside(int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= vocabSize) {
                return Optional.of(CheckResult.failed(
                        NAME, "expected token ids from 0 to " + (vocabSize - 1) + ", found " + id + "."));
            }
        }
        return Optional.empty();
    }

    /**
     * For a vocabulary of few words: some of them, one by one. Pieces that stand only inside words, and words that a
     * normaliser changes, do not come back, so some must and not all.
     *
     * @param lossy whether there is a token for what the vocabulary does not know
     */
    private CheckResult words(boolean lossy) {
        int same = 0;
        String other = "";
        for (int i = 0; i < WORDS; i++) {
            int id = (int) ((long) i * vocabSize / WORDS);
            String word = tokenizer.decode(id);
            Optional<int[]> ids = encoded(word);
            if (ids.isEmpty() || ids.get().length == 0) {
                continue;
            }
            Optional<CheckResult> outside = outside(ids.get());
            if (outside.isPresent()) {
                return outside.get();
            }
            String back = tokenizer.decode(ids.get());
            if (back.equals(word)) {
                same++;
            } else {
                other = "expected the word " + ForeignText.quoted(word) + " to come back from its tokens, found "
                        + ForeignText.quoted(back) + ".";
            }
        }
        if (same > 0) {
            return CheckResult.passed(NAME, same + " words of the vocabulary came back unchanged.");
        }
        return other.isEmpty() || lossy
                ? CheckResult.notMade(NAME, "The tokenizer reads neither the sample text nor words of its vocabulary.")
                : CheckResult.failed(NAME, other);
    }
}
