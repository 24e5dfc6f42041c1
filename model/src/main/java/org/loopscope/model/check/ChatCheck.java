package org.loopscope.model.check;

import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.CheckResult;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.chat.ChatFormat;
import org.loopscope.model.chat.EndTokens;

/** Tells which chat form and which end tokens were taken, and from where; a chat template that cannot be used fails nothing. */
final class ChatCheck {
    private static final String NAME = "chat and ends";

    private ChatCheck() {}

    static CheckResult run(LoopedModel model) {
        ChatFormat chat = model.chat();
        String sentence = form(chat) + " " + ends(chat);
        return chat.problem().isPresent() ? CheckResult.notMade(NAME, sentence) : CheckResult.passed(NAME, sentence);
    }

    private static String form(ChatFormat chat) {
        return chat.template()
                .map(template -> template.equals(ChatFormat.CHAT_ML)
                        ? "No chat template; chats are written in ChatML."
                        : "Chats are written by " + template + ".")
                .orElse(chat.problem()
                        .map(problem -> "No chat: " + ForeignText.shown(problem, ForeignText.MAX_SENTENCE))
                        .orElse("No chat form."));
    }

    private static String ends(ChatFormat chat) {
        EndTokens plain = chat.endTokens(false);
        EndTokens inChat = chat.endTokens(true);
        String more = inChat.equals(plain) ? "" : "; in a chat at " + inChat.text();
        return "Texts end at " + plain.text() + more + ".";
    }
}
