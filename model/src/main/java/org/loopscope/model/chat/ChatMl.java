package org.loopscope.model.chat;

import java.util.List;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * The chat form that the Ouro checkpoints were trained with: each turn between {@code <|im_start|>} and {@code <|im_end|>},
 * then the start of the assistant's turn. No system turn and no first token are added. Source: the chat template of the
 * LoopedLMs/ouro_rl repository.
 */
final class ChatMl {
    static final String START = "<|im_start|>";
    static final String END = "<|im_end|>";

    private ChatMl() {}

    /**
     * One turn of a conversation.
     *
     * @param role {@code system}, {@code user} or {@code assistant}
     */
    record Turn(String role, String content) {}

    /**
     * A conversation.
     *
     * @param asksForAnswer whether the start of the assistant's next turn follows
     */
    static String format(List<Turn> turns, boolean asksForAnswer) {
        StringBuilder prompt = new StringBuilder();
        for (Turn turn : turns) {
            prompt.append(START).append(turn.role()).append('\n');
            prompt.append(turn.content()).append(END).append('\n');
        }
        return (asksForAnswer ? prompt.append(START).append("assistant\n") : prompt).toString();
    }

    /** Whether the tokenizer has the two tokens of this format. */
    static boolean isKnownTo(Tokenizer tokenizer) {
        return tokenizer.tokenId(START).isPresent() && tokenizer.tokenId(END).isPresent();
    }
}
