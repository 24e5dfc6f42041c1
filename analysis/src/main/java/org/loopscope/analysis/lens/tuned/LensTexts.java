package org.loopscope.analysis.lens.tuned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * Texts for training, as pieces of tokens. Every fifth piece is held out, so that no token of a held-out piece was seen
 * beside training ones.
 *
 * @param name what the lens says that it was trained on
 * @param pieces token ids, at least {@link #HELD_OUT_EVERY} pieces
 */
public record LensTexts(String name, List<int[]> pieces) {
    /** Of so many pieces one is held out. */
    public static final int HELD_OUT_EVERY = 5;

    public LensTexts {
        pieces = pieces.stream().map(int[]::clone).toList();
    }

    /**
     * Each text apart; longer ones are cut after {@code pieceTokens}, and what comes after {@code maxTokens} in all is left
     * out.
     *
     * @throws LoopscopeException if that makes fewer than five pieces
     */
    public static LensTexts of(String name, List<String> texts, Tokenizer tokenizer, int pieceTokens, int maxTokens)
            throws LoopscopeException {
        List<int[]> pieces = new ArrayList<>();
        int tokens = 0;
        for (String text : texts) {
            int[] ids = text.isBlank() ? new int[0] : tokenizer.encodePrompt(text);
            for (int from = 0; from < ids.length && tokens < maxTokens; from += pieceTokens) {
                int to = Math.min(ids.length, Math.min(from + pieceTokens, from + maxTokens - tokens));
                pieces.add(Arrays.copyOfRange(ids, from, to));
                tokens += to - from;
            }
        }
        if (pieces.size() < HELD_OUT_EVERY) {
            throw new LoopscopeException(name + ": expected at least " + HELD_OUT_EVERY
                    + " texts (lines, or pieces of " + pieceTokens + " tokens), since every fifth is held out; found "
                    + pieces.size() + ".");
        }
        return new LensTexts(name, pieces);
    }

    boolean heldOut(int piece) {
        return piece % HELD_OUT_EVERY == HELD_OUT_EVERY - 1;
    }

    /** Tokens that are trained on. */
    public long trainingTokens() {
        long tokens = 0;
        for (int i = 0; i < pieces.size(); i++) {
            tokens += heldOut(i) ? 0 : pieces.get(i).length;
        }
        return tokens;
    }

    /** Tokens that are held out. */
    public long heldOutTokens() {
        return pieces.stream().mapToLong(p -> p.length).sum() - trainingTokens();
    }
}
