package org.loopscope.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.loopscope.model.LoopConfig;
import org.loopscope.model.Tokenizer;

class ChatMlTest {
    private static LoopConfig endsAt(Integer... ids) {
        return new LoopConfig(100, 8, 8, 1, 1, 1, 8, 4, 64, 1e-6, 1e6, false, Set.of(ids));
    }

    private static Tokenizer having(Map<String, Integer> pieces) {
        return new Tokenizer() {
            @Override
            public int[] encode(String text) {
                return new int[0];
            }

            @Override
            public String decode(int... ids) {
                return "";
            }

            @Override
            public String tokenText(int id) {
                return "";
            }

            @Override
            public OptionalInt tokenId(String piece) {
                return pieces.containsKey(piece) ? OptionalInt.of(pieces.get(piece)) : OptionalInt.empty();
            }
        };
    }

    @Test
    void aQuestionBecomesOneTurnAndTheStartOfTheAnswer() {
        assertEquals(
                "<|im_start|>user\nWhat is 2+2?<|im_end|>\n<|im_start|>assistant\n",
                ChatMl.format("What is 2+2?", false));
    }

    @Test
    void thinkingStartsInsideTheThought() {
        assertEquals("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n", ChatMl.format("Hi", true));
    }

    @Test
    void turnsFollowOneAnother() {
        List<ChatMl.Turn> turns = List.of(
                new ChatMl.Turn("system", "Be brief."),
                new ChatMl.Turn("user", "Hi"),
                new ChatMl.Turn("assistant", "Yes?"),
                new ChatMl.Turn("user", "Why?"));
        assertEquals(
                "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                        + "<|im_start|>assistant\nYes?<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n",
                ChatMl.format(turns, false));
    }

    @Test
    void generationEndsAtTheEndOfTheTurnToo() {
        Tokenizer chat = having(Map.of("<|im_start|>", 1, "<|im_end|>", 2));
        assertEquals(Set.of(0, 2), ChatMl.endIds(endsAt(0), Optional.of(chat)));
        assertTrue(ChatMl.isKnownTo(chat));
    }

    @Test
    void withoutTheChatTokensTheConfigurationDecides() {
        Tokenizer plain = having(Map.of("a", 2));
        assertEquals(Set.of(1), ChatMl.endIds(endsAt(1), Optional.of(plain)));
        assertEquals(Set.of(1), ChatMl.endIds(endsAt(1), Optional.empty()));
        assertFalse(ChatMl.isKnownTo(plain));
    }
}
