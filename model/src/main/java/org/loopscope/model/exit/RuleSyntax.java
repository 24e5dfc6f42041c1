package org.loopscope.model.exit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/**
 * How rules are written: a kind with its number, {@code all(RULE,RULE)} or {@code any(RULE,RULE)}, and behind each of these {@code
 * +min-steps=N} and {@code +patience=K}.
 */
public final class RuleSyntax {
    static final String MIN_STEPS = "min-steps=";
    static final String PATIENCE = "patience=";

    /** What may be done with the rules of {@link RuleKind#grammar}, for help. */
    public static final String COMPOSING =
            "RULE+min-steps=N, RULE+patience=K (K steps in a row), all(RULE,RULE), any(RULE,RULE)";

    private static final String ALL = "all(";
    private static final String ANY = "any(";
    private static final int DEEPEST = 4;

    private RuleSyntax() {}

    /**
     * Reads a rule.
     *
     * @throws LoopscopeException with one sentence for what is none
     */
    static ExitRule parse(String text) throws LoopscopeException {
        return parse(text.strip().toLowerCase(Locale.ROOT), text, 0);
    }

    private static ExitRule parse(String rule, String whole, int depth) throws LoopscopeException {
        List<String> parts = split(rule, '+');
        ExitRule base = base(parts.get(0), whole, depth);
        int minSteps = 0;
        int patience = 0;
        for (String modifier : parts.subList(1, parts.size())) {
            if (modifier.startsWith(MIN_STEPS) && minSteps == 0) {
                minSteps = number(modifier.substring(MIN_STEPS.length()), whole);
            } else if (modifier.startsWith(PATIENCE) && patience == 0) {
                patience = number(modifier.substring(PATIENCE.length()), whole);
            } else {
                throw problem(whole, "+min-steps=N or +patience=K behind the rule, each once");
            }
        }
        return ComposedRule.held(base, Math.max(1, minSteps), Math.max(1, patience));
    }

    private static ExitRule base(String rule, String whole, int depth) throws LoopscopeException {
        boolean all = rule.startsWith(ALL);
        if (!all && !rule.startsWith(ANY)) {
            return RuleKind.parse(rule, depth == 0 ? whole : rule);
        }
        List<ExitRule> rules = new ArrayList<>();
        List<String> parts =
                rule.endsWith(")") ? split(rule.substring(ALL.length(), rule.length() - 1), ',') : List.of();
        if (depth >= DEEPEST) {
            throw problem(whole, "at most " + DEEPEST + " all(…) and any(…) within one another");
        }
        if (parts.size() < 2 || parts.size() > ComposedRule.MOST_RULES) {
            throw problem(
                    whole,
                    "2 to " + ComposedRule.MOST_RULES + " rules in " + (all ? "all(RULE,RULE)" : "any(RULE,RULE)"));
        }
        for (String part : parts) {
            rules.add(parse(part.strip(), whole, depth + 1));
        }
        return new ComposedRule.Combined(all, rules);
    }

    private static int number(String text, String whole) throws LoopscopeException {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= ComposedRule.MOST) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw problem(whole, "a whole number from 1 to " + ComposedRule.MOST + " behind the =");
        }
        throw problem(whole, "a whole number from 1 to " + ComposedRule.MOST + " behind the =");
    }

    private static LoopscopeException problem(String whole, String expected) {
        return new LoopscopeException("Exit rule: expected " + expected + ", found " + ForeignText.quoted(whole) + ".");
    }

    /**
     * Splits a list of rules, or a rule and its modifiers, at the separators that stand in no brackets; a {@code +} only before a
     * letter, so that 1e+3 stays a number.
     */
    public static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int open = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
            boolean cut = c == separator
                    && open == 0
                    && (c != '+' || (i + 1 < text.length() && Character.isLetter(text.charAt(i + 1))));
            if (cut) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** What tells a rule from the same with another number: {@code entropy}, {@code kl+patience=2}, or all of a combination. */
    public static String family(ExitRule rule) {
        if (rule instanceof ComposedRule.Held held && !(held.rule() instanceof ComposedRule)) {
            return RuleKind.of(rule).cliName() + held.modifiers();
        }
        return rule instanceof ComposedRule ? rule.spec() : RuleKind.of(rule).cliName();
    }

    /** A rule of {@link #family} with its number, as {@link ExitRule#spec} writes it. */
    public static String spec(String family, String number) {
        int plus = family.indexOf('+');
        return number.isEmpty()
                ? family
                : plus < 0 ? family + ":" + number : family.substring(0, plus) + ":" + number + family.substring(plus);
    }
}
