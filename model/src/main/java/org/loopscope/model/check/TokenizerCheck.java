package org.loopscope.model.check;

import java.util.Optional;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.Tokenizer;
import org.loopscope.model.tokenizer.UnavailableTokenizer;

/** Whether text comes back from token ids, and all ids are ones of the model. */
final class TokenizerCheck {
    private static final String NAME = "tokenizer round trip";
    private static final String SAMPLE = "The answer is 12 + 30 = 42.\nNaïve café, 你好!";
    private static final int WORDS = 16;

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
            return words();
        }
        Optional<CheckResult> outside = outside(ids.get());
        if (outside.isPresent()) {
            return outside.get();
        }
        String back = tokenizer.decode(ids.get());
        // A tokenizer may normalise text, but what it made of it must stay as it is.
        boolean stable =
                back.equals(SAMPLE) || encoded(back).map(tokenizer::decode).equals(Optional.of(back));
        return stable
                ? CheckResult.passed(
                        NAME,
                        "A sample text of " + ids.get().length + " tokens came back"
                                + (back.equals(SAMPLE) ? " unchanged." : " normalised, and unchanged after that."))
                : CheckResult.failed(
                        NAME, "expected a sample text to come back from its tokens, found \"" + back + "\".");
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

    /** For a vocabulary of few words: some of them, one by one. */
    private CheckResult words() {
        int same = 0;
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
            if (!back.equals(word)) {
                return CheckResult.failed(
                        NAME,
                        "expected the word \"" + word + "\" to come back from its tokens, found \"" + back + "\".");
            }
            same++;
        }
        return same == 0
                ? CheckResult.failed(NAME, "expected words of the vocabulary to be ones that it can read, found none.")
                : CheckResult.passed(NAME, same + " words of the vocabulary came back unchanged.");
    }
}
