package org.loopscope.model.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChatMlTest {
    @Test
    void aQuestionBecomesOneTurnAndTheStartOfTheAnswer() {
        assertEquals(
                "<|im_start|>user\nWhat is 2+2?<|im_end|>\n<|im_start|>assistant\n",
                ChatMl.format(List.of(new ChatMl.Turn("user", "What is 2+2?")), true));
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
                ChatMl.format(turns, true));
    }
}
