package org.loopscope.analysis.lens;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.tokenizer.Tokenizer;

/**
 * Tokens that count as one answer.
 *
 * @param name how the group is called
 * @param ids its tokens, each once, at least one
 */
public record TokenGroup(String name, List<Integer> ids) {
    public TokenGroup {
        ids = List.copyOf(new LinkedHashSet<>(ids));
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("token group " + name + ": want at least one token, got none");
        }
    }

    /**
     * Groups written as {@code name: word word; name: word …}; the name may be left out. A word stands for the single token
     * that it is, with and without a blank before it where both are tokens; {@code #12} is token 12.
     *
     * @throws LoopscopeException with one sentence if there is no group, or a word is no single token
     */
    public static List<TokenGroup> parse(String text, Optional<Tokenizer> tokenizer, int vocabSize)
            throws LoopscopeException {
        List<TokenGroup> groups = new ArrayList<>();
        for (String part : text.split(";")) {
            int colon = part.indexOf(':');
            String words = colon < 0 ? part : part.substring(colon + 1);
            if (words.isBlank()) {
                continue;
            }
            Set<Integer> ids = new LinkedHashSet<>();
            for (String word : words.strip().split("[\\s,]+")) {
                ids.addAll(tokens(word, tokenizer, vocabSize));
            }
            String name = colon < 0 ? words : part.substring(0, colon);
            groups.add(new TokenGroup(name.strip(), List.copyOf(ids)));
        }
        if (groups.isEmpty()) {
            throw new LoopscopeException("Groups: expected words such as “yes: yes Yes; no: no No”, found none.");
        }
        return groups;
    }

    private static List<Integer> tokens(String word, Optional<Tokenizer> tokenizer, int vocabSize)
            throws LoopscopeException {
        if (word.matches("#\\d{1,9}")) {
            int id = Integer.parseInt(word.substring(1));
            if (id >= vocabSize) {
                throw new LoopscopeException(
                        "Groups: expected token ids #0 to #" + (vocabSize - 1) + ", found " + word + ".");
            }
            return List.of(id);
        }
        Tokenizer reader = tokenizer.orElseThrow(() -> new LoopscopeException(
                "Groups: the model has no tokenizer, so expected token ids such as #12, found “" + word + "”."));
        List<Integer> found = new ArrayList<>();
        for (String form : List.of(word, " " + word)) {
            int[] ids = reader.encode(form);
            if (ids.length == 1 && reader.decode(ids).strip().equals(word)) {
                found.add(ids[0]);
            }
        }
        if (found.isEmpty()) {
            throw new LoopscopeException("Groups: expected words that are one token, found “" + word
                    + "”, which is not; give the tokens that it begins with.");
        }
        return found;
    }
}
