package org.loopscope.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Methods of Python's texts. */
final class TextMethods {
    private final Budget budget;

    TextMethods(Budget budget) {
        this.budget = budget;
    }

    /** The method of that name, or something undefined. */
    Object method(String text, String name) {
        budget.make(text.length());
        return switch (name) {
            case "strip" -> (Callable) a -> strip(text, a, true, true);
            case "lstrip" -> (Callable) a -> strip(text, a, true, false);
            case "rstrip" -> (Callable) a -> strip(text, a, false, true);
            case "split" -> (Callable) a -> split(text, a);
            case "rsplit" -> (Callable) a -> splitFromEnd(text, a);
            case "splitlines" -> (Callable) a -> lines(text);
            case "startswith" -> (Callable) a -> anyOf(a).stream().anyMatch(text::startsWith);
            case "endswith" -> (Callable) a -> anyOf(a).stream().anyMatch(text::endsWith);
            case "replace" ->
                (Callable) a -> replace(text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1));
            case "upper" -> (Callable) a -> upper(text);
            case "lower" -> (Callable) a -> lower(text);
            case "title" -> (Callable) a -> title(text);
            case "capitalize" -> (Callable) a -> capitalize(text);
            case "join" -> (Callable) a -> join(text, Values.items(a.required(0, "items")));
            case "find" -> (Callable) a -> codePoints(text, text.indexOf(a.text(0, "sub")));
            case "rfind" -> (Callable) a -> codePoints(text, text.lastIndexOf(a.text(0, "sub")));
            case "index" -> (Callable) a -> found(codePoints(text, text.indexOf(a.text(0, "sub"))));
            case "count" -> (Callable) a -> count(text, a.text(0, "sub"));
            case "removeprefix" ->
                (Callable) a -> {
                    String prefix = a.text(0, "prefix");
                    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
                };
            case "removesuffix" ->
                (Callable) a -> {
                    String suffix = a.text(0, "suffix");
                    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
                };
            case "partition" -> (Callable) a -> partition(text, a.text(0, "sep"), text.indexOf(a.text(0, "sep")));
            case "isdigit", "isnumeric", "isdecimal" -> (Callable) a -> all(text, Character::isDigit);
            case "isalpha" -> (Callable) a -> all(text, Character::isLetter);
            case "isalnum" -> (Callable) a -> all(text, Character::isLetterOrDigit);
            case "isspace" -> (Callable) a -> !text.isEmpty() && PythonText.isBlank(text);
            case "isupper" -> (Callable) a -> !text.equals(lower(text)) && text.equals(upper(text));
            case "islower" -> (Callable) a -> !text.equals(upper(text)) && text.equals(lower(text));
            case "format", "format_map" -> throw new TemplateProblem("formats a text, which is not supported");
            default -> new Undefined(name);
        };
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            String one = Character.toString(c);
            out.append(inside ? lower(one) : upper(one));
            inside = Character.isLetter(c);
        }
        return out.toString();
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return upper(text.substring(0, first)) + lower(text.substring(first));
    }

    static String strip(String text, Arguments arguments, boolean start, boolean end) {
        Object set = arguments.get(0, "chars", None.NONE);
        if (set == None.NONE) {
            String begun = start ? PythonText.stripStart(text) : text;
            return end ? PythonText.stripEnd(begun) : begun;
        }
        int[] all = text.codePoints().toArray();
        String characters = Values.text(set);
        int from = 0;
        int to = all.length;
        while (start && from < to && characters.indexOf(all[from]) >= 0) {
            from++;
        }
        while (end && to > from && characters.indexOf(all[to - 1]) >= 0) {
            to--;
        }
        return new String(all, from, to - from);
    }

    private static List<String> anyOf(Arguments arguments) {
        Object wanted = arguments.required(0, "prefix");
        return wanted instanceof List<?> list ? list.stream().map(Values::text).toList() : List.of(Values.text(wanted));
    }

    private List<Object> split(String text, Arguments arguments) {
        int most = arguments.integer(1, "maxsplit", -1);
        budget.spend(text.length());
        if (arguments.get(0, "sep", None.NONE) == None.NONE) {
            return words(text, most);
        }
        String separator = separator(arguments);
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && (most < 0 || parts.size() < most); ) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
            at = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String separator(Arguments arguments) {
        String separator = arguments.text(0, "sep");
        if (separator.isEmpty()) {
            throw new TemplateProblem("splits a text at an empty text");
        }
        return separator;
    }

    private static List<Object> words(String text, int most) {
        List<Object> words = new ArrayList<>();
        String rest = PythonText.stripStart(text);
        int at = 0;
        while (at < rest.length()) {
            if (most >= 0 && words.size() >= most) {
                words.add(rest.substring(at));
                break;
            }
            int end = at;
            while (end < rest.length() && !PythonText.isSpace(rest.charAt(end))) {
                end++;
            }
            words.add(rest.substring(at, end));
            at = end;
            while (at < rest.length() && PythonText.isSpace(rest.charAt(at))) {
                at++;
            }
        }
        return words;
    }

    private List<Object> splitFromEnd(String text, Arguments arguments) {
        int most = arguments.integer(1, "maxsplit", -1);
        if (most < 0) {
            return split(text, arguments);
        }
        String separator = separator(arguments);
        List<Object> parts = new ArrayList<>();
        int to = text.length();
        for (int at = text.lastIndexOf(separator); at >= 0 && parts.size() < most; ) {
            parts.add(0, text.substring(at + separator.length(), to));
            to = at;
            at = at == 0 ? -1 : text.lastIndexOf(separator, at - separator.length());
        }
        parts.add(0, text.substring(0, to));
        return parts;
    }

    private List<Object> lines(String text) {
        budget.spend(text.length());
        return new ArrayList<>(text.lines().toList());
    }

    /** @param most replacements at most, all where negative */
    String replace(String text, String old, String with, int most) {
        if (old.isEmpty()) {
            throw new TemplateProblem("replaces an empty text, which is not supported");
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        int done = 0;
        for (int at = text.indexOf(old); at >= 0 && (most < 0 || done < most); at = text.indexOf(old, from)) {
            out.append(text, from, at).append(with);
            budget.limit(out.length());
            budget.spend(0);
            from = at + old.length();
            done++;
        }
        budget.make((long) out.length() + text.length() - from);
        return out.append(text, from, text.length()).toString();
    }

    String join(String between, List<Object> items) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            String item = PythonText.str(items.get(i));
            budget.make((long) between.length() + item.length());
            budget.limit((long) out.length() + between.length() + item.length());
            out.append(i == 0 ? "" : between).append(item);
        }
        return out.toString();
    }

    private static List<Object> partition(String text, String separator, int at) {
        return at < 0
                ? Tuple.of(text, "", "")
                : Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }

    private static long codePoints(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    private static long found(long index) {
        if (index < 0) {
            throw new TemplateProblem("looks for a text in one that does not hold it");
        }
        return index;
    }

    private static long count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }
}
