package org.loopscope.model.tokenizer;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.loopscope.model.base.LoopscopeException;

/** Stands for a tokenizer that could not be loaded, so that the model can be used with ids: text is refused with the reason. */
public final class UnavailableTokenizer implements Tokenizer {
    private final LoopscopeException reason;

    public UnavailableTokenizer(LoopscopeException reason) {
        this.reason = reason;
    }

    /** Why text cannot be read, one sentence. */
    public String reason() {
        return String.valueOf(reason.getMessage());
    }

    @Override
    public int[] encode(String text) throws LoopscopeException {
        throw new LoopscopeException(String.valueOf(reason.getMessage()), reason);
    }

    @Override
    public String decode(int... ids) {
        return Arrays.stream(ids).mapToObj(this::tokenText).collect(Collectors.joining(" "));
    }

    @Override
    public String tokenText(int id) {
        return "#" + id;
    }
}
