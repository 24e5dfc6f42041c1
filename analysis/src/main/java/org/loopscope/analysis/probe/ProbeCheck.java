package org.loopscope.analysis.probe;

import java.util.List;
import org.loopscope.analysis.prompts.AnswerTokens;
import org.loopscope.analysis.prompts.WholeAnswer;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.tokenizer.Tokenizer;

/** Looks whether a model can be asked all prompts of a set, before hours have gone into the first of them. */
public final class ProbeCheck {
    private ProbeCheck() {}

    /** @throws LoopscopeException naming the first prompt that cannot be asked, by its number from 1, and why */
    public static void require(LoopedModel model, List<ProbeItem> items) throws LoopscopeException {
        Tokenizer tokenizer = model.tokenizer()
                .orElseThrow(() -> new LoopscopeException("Probing prompts needs a tokenizer; the model "
                        + model.info().id() + " has none."));
        for (int i = 0; i < items.size(); i++) {
            try {
                require(model, tokenizer, items.get(i));
            } catch (LoopscopeException e) {
                throw new LoopscopeException("Prompt " + (i + 1) + " of the set: " + e.getMessage(), e);
            }
        }
    }

    private static void require(LoopedModel model, Tokenizer tokenizer, ProbeItem item) throws LoopscopeException {
        int[] prompt = item.answer().isPresent()
                ? WholeAnswer.of(tokenizer, item.prompt(), item.answer().get()).ids()
                : tokenizer.encode(item.prompt());
        model.config().requireTokens(prompt, 0);
        AnswerTokens.first(tokenizer, item.prompt(), item.choices());
    }
}
