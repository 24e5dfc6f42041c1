package org.loopscope.analysis.compare;

import java.util.Optional;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.tokenizer.Tokenizer;

/** Whether the token ids of two runs mean the same. */
final class Vocabulary {
    private Vocabulary() {}

    /**
     * True for the same weights, and for models whose tokenizers give every id the same text. Models without a tokenizer do
     * not say what their ids mean, so only the same weights will do.
     */
    static boolean same(Inspection one, Inspection other) {
        if (one.capture().model().weightHash().equals(other.capture().model().weightHash())) {
            return true;
        }
        int size = one.unembedding().vocabSize();
        Optional<Tokenizer> first = one.tokenizer();
        Optional<Tokenizer> second = other.tokenizer();
        if (size != other.unembedding().vocabSize() || first.isEmpty() || second.isEmpty()) {
            return false;
        }
        for (int id = 0; id < size; id++) {
            if (!first.get().tokenText(id).equals(second.get().tokenText(id))) {
                return false;
            }
        }
        return true;
    }
}
