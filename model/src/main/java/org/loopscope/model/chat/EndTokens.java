package org.loopscope.model.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.loopscope.model.base.ForeignText;

/** The tokens at which generating ends, each with where that is said; ordered by id. */
public record EndTokens(List<EndToken> tokens) {
    private static final int LISTED = 4;

    public EndTokens {
        tokens = List.copyOf(tokens);
    }

    /**
     * One of them.
     *
     * @param text how it is shown; {@code #id} for a model without tokenizer
     * @param from the file that names it, or what it is the end of
     */
    public record EndToken(int id, String text, String from) {
        @Override
        public String toString() {
            String shown = text.equals("#" + id) ? "" : " " + ForeignText.shown(text);
            return id + shown + " (" + from + ")";
        }
    }

    /** Those that a run was told to end at. */
    public EndTokens among(Set<Integer> ids) {
        return new EndTokens(
                tokens.stream().filter(token -> ids.contains(token.id())).toList());
    }

    /** The first of them in one line, {@code none} for none. */
    public String text() {
        String first = tokens.stream().limit(LISTED).map(EndToken::toString).collect(Collectors.joining(", "));
        int more = tokens.size() - LISTED;
        return tokens.isEmpty() ? "none" : more > 0 ? first + " and " + more + " more" : first;
    }

    public Set<Integer> ids() {
        return tokens.stream().map(EndToken::id).collect(Collectors.toCollection(TreeSet::new));
    }

    /** These and one more; where it is among them already, the first to name it stays. */
    EndTokens and(int id, String text, String from) {
        if (ids().contains(id)) {
            return this;
        }
        List<EndToken> all = new ArrayList<>(tokens);
        all.add(new EndToken(id, text, from));
        all.sort((a, b) -> Integer.compare(a.id(), b.id()));
        return new EndTokens(all);
    }
}
