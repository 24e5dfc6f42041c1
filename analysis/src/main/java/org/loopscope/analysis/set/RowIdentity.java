package org.loopscope.analysis.set;

import java.util.LinkedHashMap;
import java.util.Map;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.ProgramVersion;
import org.loopscope.model.tokenizer.Tokenizer;

/** What decides the rows of any measurement, by words: rows that differ in it are never put behind each other. */
public final class RowIdentity {
    private static final int HASH_SHOWN = 12;

    private RowIdentity() {}

    /**
     * The program, the weights, the arithmetic, and special tokens around every prompt where there are any. A new map, to which
     * the measurement adds its own.
     */
    public static Map<String, String> of(LoopedModel model) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("program version", ProgramVersion.get());
        identity.put("weights", shortened(model.info().weightHash()));
        identity.put("arithmetic", model.info().computeDtype());
        model.tokenizer()
                .map(Tokenizer::addedTokens)
                .filter(added -> !added.isNone())
                .ifPresent(added -> identity.put("special tokens", added.text()));
        return identity;
    }

    /** The beginning of a hash, enough to know it again. */
    public static String shortened(String hash) {
        return hash.substring(0, Math.min(HASH_SHOWN, hash.length()));
    }
}
