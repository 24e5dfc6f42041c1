package org.loopscope.app.cli;

import org.loopscope.model.LoopedModel;
import picocli.CommandLine.Option;

/** Whether prompts get the special tokens that the model's tokenizer puts around them. */
final class SpecialTokensOption {
    @Option(
            names = "--no-special-tokens",
            description = "Leave out the special tokens that the model's files put around a prompt, such as <s>.")
    private boolean none;

    /** The model as it is to read prompts. */
    LoopedModel of(LoopedModel opened) {
        return none ? opened.withoutAddedTokens() : opened;
    }
}
