package org.loopscope.analysis.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/** Tokens that are counted apart: those whose text matches a regular expression, or all behind a marker in the text. */
public final class TokenClass {
    /** The class of every token, which is always counted. */
    public static final String ALL = "all";

    private static final String AFTER = "after:";
    private static final String GRAMMAR = "name=regex or name=" + AFTER + "TEXT, separated by semicolons";

    private final String name;
    private final Pattern pattern;
    private final String marker; // the empty text for a class that is a pattern

    private TokenClass(String name, Pattern pattern, String marker) {
        this.name = name;
        this.pattern = pattern;
        this.marker = marker;
    }

    /**
     * Reads {@code digits=\d;operators=[-+*=];answer=after:</think>}. A semicolon in an expression is written {@code \;}.
     *
     * @throws LoopscopeException with one sentence for what cannot be read
     */
    public static List<TokenClass> parse(String list) throws LoopscopeException {
        List<TokenClass> classes = new ArrayList<>();
        for (String part : list.split("(?<!\\\\);", -1)) {
            TokenClass one = one(part, list);
            if (one.name.equals(ALL) || classes.stream().anyMatch(c -> c.name.equals(one.name))) {
                throw problem("expected names that differ, none of them \"" + ALL + "\"", list);
            }
            classes.add(one);
        }
        return List.copyOf(classes);
    }

    private static TokenClass one(String part, String list) throws LoopscopeException {
        int equals = part.indexOf('=');
        String name = equals < 0 ? "" : part.substring(0, equals).strip();
        String of = part.substring(equals + 1);
        if (name.isEmpty() || of.isEmpty() || of.equals(AFTER)) {
            throw problem("expected " + GRAMMAR, list);
        }
        if (of.startsWith(AFTER)) {
            return new TokenClass(name, Pattern.compile(""), of.substring(AFTER.length()));
        }
        try {
            return new TokenClass(name, Pattern.compile(of), "");
        } catch (PatternSyntaxException e) {
            throw new LoopscopeException(
                    "--classes, " + ForeignText.quoted(name) + ": expected a regular expression, found "
                            + ForeignText.quoted(of) + " (" + e.getDescription() + ").",
                    e);
        }
    }

    private static LoopscopeException problem(String expected, String list) {
        return new LoopscopeException("--classes: " + expected + ", found " + ForeignText.quoted(list) + ".");
    }

    public String name() {
        return name;
    }

    /** Which tokens of a text are in the class, [S]. */
    public boolean[] of(List<String> tokenTexts) {
        boolean[] in = new boolean[tokenTexts.size()];
        if (marker.isEmpty()) {
            for (int i = 0; i < in.length; i++) {
                in[i] = pattern.matcher(tokenTexts.get(i)).find();
            }
            return in;
        }
        StringBuilder before = new StringBuilder();
        for (int i = 0; i < in.length; i++) {
            if (before.indexOf(marker, Math.max(0, before.length() - marker.length() - MOST_TOKEN)) >= 0) {
                Arrays.fill(in, i, in.length, true);
                return in;
            }
            before.append(tokenTexts.get(i));
        }
        return in;
    }

    /** Characters of a token's text that are looked through again. */
    private static final int MOST_TOKEN = 1024;
}
