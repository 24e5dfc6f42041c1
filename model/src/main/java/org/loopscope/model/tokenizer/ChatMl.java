package org.loopscope.model.tokenizer;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.loopscope.model.LoopConfig;
import org.loopscope.model.Tokenizer;

/**
 * The chat format that the Ouro checkpoints were trained with: each turn between {@code <|im_start|>} and {@code
 * <|im_end|>}, then the start of the assistant's turn. No system turn and no first token are added. Source: the chat
 * template of the LoopedLMs/ouro_rl repository.
 */
public final class ChatMl {
    public static final String START = "<|im_start|>";
    public static final String END = "<|im_end|>";

    private ChatMl() {}

    /**
     * One turn of a conversation.
     *
     * @param role {@code system}, {@code user} or {@code assistant}
     */
    public record Turn(String role, String content) {}

    /**
     * The prompt that asks for the assistant's next turn.
     *
     * @param thinking whether the turn starts inside a thought; the model then closes it with {@code </think>}
     */
    public static String format(List<Turn> turns, boolean thinking) {
        StringBuilder prompt = new StringBuilder();
        for (Turn turn : turns) {
            prompt.append(START).append(turn.role()).append('\n');
            prompt.append(turn.content()).append(END).append('\n');
        }
        prompt.append(START).append("assistant\n");
        return (thinking ? prompt.append("<think>\n") : prompt).toString();
    }

    /** The prompt that asks for an answer to one question. */
    public static String format(String userText, boolean thinking) {
        return format(List.of(new Turn("user", userText)), thinking);
    }

    /** Whether the tokenizer has the two tokens of this format. */
    public static boolean isKnownTo(Tokenizer tokenizer) {
        return tokenizer.tokenId(START).isPresent() && tokenizer.tokenId(END).isPresent();
    }

    /**
     * The ids at which generation ends: those of the configuration, and the end of a turn. The published configurations
     * name only the end of a text, so that a chat answer would run on.
     */
    public static Set<Integer> endIds(LoopConfig config, Optional<Tokenizer> tokenizer) {
        Set<Integer> ids = new TreeSet<>(config.eosIds());
        tokenizer.ifPresent(t -> t.tokenId(END).ifPresent(ids::add));
        return ids;
    }
}
