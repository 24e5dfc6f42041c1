package org.loopscope.model.tokenizer;

import java.util.Arrays;
import org.loopscope.model.base.LoopscopeException;

/** What turns text into ids and back as one tokenizer.json says, in this process or in another. Safe to use from several threads. */
interface Engine extends AutoCloseable {
    /**
     * Ids of {@code text}, with nothing added, cut or padded.
     *
     * @param withSpans whether to say also which characters each id stands for
     * @throws NoTokensException if the vocabulary has no way to write it
     * @throws LoopscopeException if it cannot be done within the limits of this engine
     */
    Encoded encode(String text, boolean withSpans) throws LoopscopeException;

    /** Text of ids that the vocabulary has. */
    String decode(long... ids) throws LoopscopeException;

    /** Gives memory and processes back; an engine that is used again afterwards gets them anew. */
    @Override
    void close();

    /** The tokenizer said itself that it cannot do this. */
    final class NoTokensException extends LoopscopeException {
        private static final long serialVersionUID = 1L;

        NoTokensException(String sentence, Throwable cause) {
            super(sentence, cause);
        }

        NoTokensException(String sentence) {
            super(sentence);
        }
    }

    /** Ids, and the characters that each stands for: from {@code spans[2 i]} to before {@code spans[2 i + 1]}, in code points. */
    final class Encoded {
        private final long[] ids;
        private final int[] spans; // [2 ids], or [0] where they were not asked for

        Encoded(long[] ids, int[] spans) {
            this.ids = ids.clone();
            this.spans = spans.clone();
        }

        long[] ids() {
            return ids.clone();
        }

        int[] spans() {
            return spans.clone();
        }

        @Override
        public String toString() {
            return Arrays.toString(ids);
        }
    }
}
