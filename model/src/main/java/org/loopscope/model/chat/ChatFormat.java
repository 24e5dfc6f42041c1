package org.loopscope.model.chat;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.template.Template;
import org.loopscope.model.tokenizer.Tokenizer;
import org.loopscope.model.tokenizer.UnavailableTokenizer;

/**
 * How a model is talked to: the chat template of its folder, or ChatML where the folder has none and the vocabulary has
 * ChatML's two tokens; and the tokens at which its texts end. The one place where both are decided. Immutable.
 *
 * <p>A text ends at {@code eos_token_id} of generation_config.json, or of config.json where that names none; with ChatML's
 * tokens in the vocabulary also at {@code <|im_end|>} and {@code <|endoftext|>}, since the published Ouro files name only the
 * latter; and in a chat at the token that ends a turn in the template.
 */
public final class ChatFormat {
    /** What {@link #template} says where no file of the folder gives the form. */
    public static final String CHAT_ML = "ChatML";

    private static final String CONFIG = "config.json";
    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final int OURO_VOCABULARY = 49_152;
    private static final Set<Integer> OURO_ENDS = Set.of(0, 2); // <|endoftext|> and <|im_end|>
    private static final String ANSWER = "Loopscope"; // in no template, and changed by none

    private final Optional<Form> form;
    private final Optional<String> problem;
    private final EndTokens plainEnds;
    private final EndTokens chatEnds;
    private final List<String> warnings;

    /** Writes a conversation as text. */
    private interface Writer {
        String write(List<ChatMl.Turn> turns, boolean asksForAnswer) throws LoopscopeException;
    }

    private record Form(String name, Writer writer) {}

    private ChatFormat(
            Optional<Form> form,
            Optional<String> problem,
            EndTokens plainEnds,
            Optional<Tokenizer> tokenizer,
            List<String> warnings) {
        this.form = form;
        this.problem = problem;
        this.plainEnds = plainEnds;
        this.chatEnds = form.isPresent() && tokenizer.isPresent()
                ? withTurnEnd(plainEnds, form.get(), tokenizer.get())
                : plainEnds;
        this.warnings = warnings.stream().map(ForeignText::sentence).toList();
    }

    /** The format of a model without a folder to look into: ChatML where its tokenizer knows it. */
    public static ChatFormat of(LoopConfig config, Optional<Tokenizer> tokenizer) {
        return new ChatFormat(
                chatMl(tokenizer),
                Optional.empty(),
                ends(config.eosIds(), CONFIG, config, tokenizer),
                tokenizer,
                List.of());
    }

    /** The format of the model in {@code folder}. What is damaged there is told in {@link #warnings}. */
    public static ChatFormat of(Path folder, LoopConfig config, Optional<Tokenizer> tokenizer) {
        ChatFiles files = ChatFiles.read(folder, config.vocabSize());
        List<String> warnings = new ArrayList<>(files.warnings());
        boolean ranked = !files.endIds().isEmpty();
        if (ranked && !files.endIds().containsAll(config.eosIds())) {
            warnings.add(
                    CONFIG + " ends a text at " + shown(config.eosIds()) + ", " + ChatFiles.GENERATION_CONFIG + " at "
                            + shown(files.endIds()) + "; " + ChatFiles.GENERATION_CONFIG
                            + " is taken, as published loaders do.");
        }
        EndTokens ends = ends(
                ranked ? files.endIds() : config.eosIds(),
                ranked ? ChatFiles.GENERATION_CONFIG : CONFIG,
                config,
                tokenizer);
        Optional<String> problem = files.templateProblem();
        Optional<Form> form = Optional.empty();
        if (files.template().isPresent()) {
            try {
                form = Optional.of(form(files.template().get(), files.specialTokens()));
            } catch (LoopscopeException e) {
                problem = Optional.of(String.valueOf(e.getMessage()));
                warnings.add(problem.get());
            }
        } else if (problem.isEmpty()) {
            form = chatMl(tokenizer);
        }
        return new ChatFormat(form, problem, ends, tokenizer, warnings);
    }

    private static String shown(Set<Integer> ids) {
        return ids.stream().sorted().toList().toString();
    }

    private static Form form(ChatFiles.Source source, Map<String, Object> specialTokens) throws LoopscopeException {
        Template template = Template.parse(source.file(), source.text());
        return new Form(source.file(), (turns, asks) -> {
            Map<String, Object> values = new LinkedHashMap<>(specialTokens); // what transformers gives, too
            values.put("messages", turns.stream().map(ChatFormat::message).toList());
            values.put("tools", null);
            values.put("documents", null);
            values.put("add_generation_prompt", asks);
            return template.render(values, LocalDateTime.now());
        });
    }

    private static Map<String, String> message(ChatMl.Turn turn) {
        Map<String, String> message = new LinkedHashMap<>();
        message.put("role", turn.role());
        message.put("content", turn.content());
        return message;
    }

    private static Optional<Form> chatMl(Optional<Tokenizer> tokenizer) {
        return tokenizer.filter(ChatMl::isKnownTo).map(t -> new Form(CHAT_ML, ChatMl::format));
    }

    private static EndTokens ends(Set<Integer> ids, String from, LoopConfig config, Optional<Tokenizer> tokenizer) {
        EndTokens ends = new EndTokens(List.of());
        for (int id : ids) {
            ends = ends.and(id, text(id, tokenizer), from);
        }
        if (tokenizer.filter(ChatMl::isKnownTo).isPresent()) {
            for (String piece : List.of(END_OF_TEXT, ChatMl.END)) {
                OptionalInt id = tokenizer.get().tokenId(piece);
                if (id.isPresent() && id.getAsInt() < config.vocabSize()) {
                    ends = ends.and(id.getAsInt(), piece, "the vocabulary, as in ChatML");
                }
            }
        } else if (config.vocabSize() == OURO_VOCABULARY
                && tokenizer.filter(t -> !(t instanceof UnavailableTokenizer)).isEmpty()) {
            for (int id : OURO_ENDS) {
                ends = ends.and(id, text(id, tokenizer), "the vocabulary of the published Ouro models");
            }
        }
        return ends;
    }

    private static String text(int id, Optional<Tokenizer> tokenizer) {
        return tokenizer.map(t -> t.tokenText(id)).orElse("#" + id);
    }

    /**
     * With the token that the form writes behind what the assistant says, if it is one that no text gives: at the end of a
     * conversation, or else before the next turn.
     */
    private static EndTokens withTurnEnd(EndTokens ends, Form form, Tokenizer tokenizer) {
        List<ChatMl.Turn> turns =
                new ArrayList<>(List.of(new ChatMl.Turn("user", "Hello"), new ChatMl.Turn("assistant", ANSWER)));
        OptionalInt end = firstAdded(behindAnswer(form, turns), tokenizer);
        if (end.isEmpty()) {
            turns.add(new ChatMl.Turn("user", "Hello"));
            end = firstAdded(behindAnswer(form, turns), tokenizer);
        }
        return end.isPresent()
                ? ends.and(end.getAsInt(), tokenizer.tokenText(end.getAsInt()), "the end of a turn in " + form.name())
                : ends;
    }

    private static String behindAnswer(Form form, List<ChatMl.Turn> turns) {
        try {
            String text = form.writer().write(turns, false);
            int at = text.lastIndexOf(ANSWER);
            return at < 0 ? "" : text.substring(at + ANSWER.length());
        } catch (LoopscopeException e) {
            return ""; // some templates take one question only; a prompt of theirs is rendered all the same
        }
    }

    /** The first token of {@code text} that is no blank, where it was added to the vocabulary. */
    private static OptionalInt firstAdded(String text, Tokenizer tokenizer) {
        try {
            for (int id : text.isBlank() ? new int[0] : tokenizer.encode(text)) {
                String piece = tokenizer.tokenText(id);
                if (tokenizer.isAdded(id) && text.stripLeading().startsWith(piece)) { // and not one for unknown words
                    return OptionalInt.of(id);
                }
                if (!piece.isBlank()) {
                    break;
                }
            }
        } catch (LoopscopeException e) {
            return OptionalInt.empty(); // the vocabulary cannot write it, so no token of it ends a turn
        }
        return OptionalInt.empty();
    }

    /**
     * This form, for a model that has one.
     *
     * @throws LoopscopeException naming {@code model}, which was not trained for chat
     */
    public ChatFormat required(String model) throws LoopscopeException {
        if (!isAvailable() && problem().isEmpty()) {
            throw new LoopscopeException(
                    "--chat: expected a model with a chat template, or whose vocabulary has <|im_start|>, found "
                            + model + ", which was not trained for chat.");
        }
        return this;
    }

    /** Whether a prompt can be put into a chat form. */
    public boolean isAvailable() {
        return form.isPresent();
    }

    /** The file that gives the chat form, or {@link #CHAT_ML}; empty where there is none. */
    public Optional<String> template() {
        return form.map(Form::name);
    }

    /** Why the folder's chat template cannot be used, one sentence; empty where it can, or there is none. */
    public Optional<String> problem() {
        return problem;
    }

    /**
     * The prompt that asks for an answer to one question; it holds its special tokens.
     *
     * @throws LoopscopeException with one sentence, if there is no chat form, or the template refuses the question
     */
    public String prompt(String question) throws LoopscopeException {
        Form chosen = form.orElseThrow(() -> new LoopscopeException(
                problem.orElse("Chat: expected a model with a chat template, or whose vocabulary has " + ChatMl.START
                        + ", found one that" + " was not trained for chat.")));
        String text = chosen.writer().write(List.of(new ChatMl.Turn("user", question)), true);
        if (text.isBlank()) {
            throw new LoopscopeException(
                    "The chat template " + chosen.name() + " cannot be used: it writes nothing for a question.");
        }
        return text;
    }

    /** Where a text ends. */
    public EndTokens endTokens(boolean chat) {
        return chat ? chatEnds : plainEnds;
    }

    /** What the user should know about the files, one sentence each; usually none. */
    public List<String> warnings() {
        return warnings;
    }
}
