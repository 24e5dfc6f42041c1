package org.loopscope.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.loopscope.model.base.ForeignText;

/** What stands behind {@code |}. Source: {@code jinja2/filters.py}. */
final class Filters {
    private final Budget budget;
    private final Evaluator evaluator;
    private final TextMethods texts;

    Filters(Budget budget, Evaluator evaluator) {
        this.budget = budget;
        this.evaluator = evaluator;
        this.texts = new TextMethods(budget);
    }

    Object apply(String name, Object value, Arguments a) {
        return switch (name) {
            case "default", "d" ->
                value instanceof Undefined || a.flag(1, "boolean", false) && !Values.truthy(value)
                        ? a.get(0, "default_value", "")
                        : value;
            case "length", "count" -> (long) Values.length(value);
            case "tojson" -> new JsonText(budget, a).of(value);
            case "items" -> value instanceof Undefined ? new Values.Lazy(List.of()) : new Values.Lazy(pairs(value));
            case "int" -> integer(value, a);
            case "float" -> real(value, a);
            case "abs" -> Values.isWhole(value) ? (Object) Math.abs(Values.whole(value)) : Math.abs(real(value, a));
            case "round" -> round(value, a);
            case "attr" -> evaluator.attribute(value, a.text(0, "name"));
            case "first", "last", "list", "reverse", "sort", "unique", "sum", "min", "max", "dictsort" ->
                ofItems(name, value, a);
            case "map", "select", "reject", "selectattr", "rejectattr" -> choosing(name, value, a);
            default -> ofText(name, value, a);
        };
    }

    private static List<Object> pairs(Object value) {
        if (value instanceof Map<?, ?> map) {
            return Evaluator.pairs(map);
        }
        throw new TemplateProblem("asks " + Values.kind(value) + " for pairs of keys and values");
    }

    private Object ofText(String name, Object value, Arguments a) {
        if (name.equals("join")) {
            List<Object> items = Values.items(value);
            return texts.join(
                    PythonText.str(a.get(0, "d", "")),
                    a.has(1, "attribute") ? mapped(items, a.required(1, "attribute"), a) : items);
        }
        String text = budget.made(PythonText.str(value));
        return switch (name) {
            case "string", "safe" -> text;
            case "trim" -> TextMethods.strip(text, a, true, true);
            case "upper" -> TextMethods.upper(text);
            case "lower" -> TextMethods.lower(text);
            case "title" -> TextMethods.title(text);
            case "capitalize" -> TextMethods.capitalize(text);
            case "replace" -> texts.replace(text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1));
            case "indent" -> indent(text, a);
            case "wordcount" -> (long) text.strip().split("\\s+").length;
            case "escape", "e" -> escaped(text);
            default -> throw new TemplateProblem("uses the unknown filter " + ForeignText.quoted(name));
        };
    }

    private String escaped(String text) {
        return budget.made(text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;"));
    }

    private String indent(String text, Arguments a) {
        Object width = a.get(0, "width", 4L);
        String blanks = width instanceof String s ? s : " ".repeat(Math.max(0, Math.min(1000, Values.integer(width))));
        boolean first = a.flag(1, "first", false);
        boolean blank = a.flag(2, "blank", false);
        StringBuilder out = new StringBuilder();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            budget.make((long) out.length() / 64 + blanks.length());
            budget.limit((long) out.length() + blanks.length());
            boolean indented = i == 0 ? first : blank || !lines[i].isEmpty();
            out.append(i == 0 ? "" : "\n").append(indented ? blanks : "").append(lines[i]);
        }
        return out.toString();
    }

    private static Object integer(Object value, Arguments a) {
        if (Values.isWhole(value)) {
            return Values.whole(value);
        }
        if (value instanceof String s && s.strip().matches("[+-]?[0-9]{1,18}")) {
            return Long.parseLong(s.strip());
        }
        boolean number = value instanceof Double || value instanceof String s && isNumber(s);
        return number ? (Object) real(value, a).longValue() : a.get(0, "default", 0L);
    }

    private static boolean isNumber(String text) {
        return text.strip().matches("[+-]?[0-9]{1,300}(\\.[0-9]*)?([eE][+-]?[0-9]{1,3})?");
    }

    private static Double real(Object value, Arguments a) {
        Object absent = a.get(0, "default", 0.0);
        if (Values.isNumber(value)) {
            return Values.real(value);
        }
        return value instanceof String s && isNumber(s)
                ? Double.parseDouble(s.strip())
                : Values.isNumber(absent) ? Values.real(absent) : 0.0;
    }

    private static Object round(Object value, Arguments a) {
        double scale = Math.pow(10, a.integer(0, "precision", 0));
        double scaled = real(value, Arguments.EMPTY) * scale;
        return switch (a.text(1, "method", "common")) {
            case "ceil" -> Math.ceil(scaled) / scale;
            case "floor" -> Math.floor(scaled) / scale;
            default -> Math.rint(scaled) / scale;
        };
    }

    private Object ofItems(String name, Object value, Arguments a) {
        if (name.equals("reverse") && value instanceof String s) {
            return new StringBuilder(s).reverse().toString();
        }
        List<Object> items = new ArrayList<>(name.equals("dictsort") ? pairs(value) : Values.items(value));
        budget.spend(items.size());
        return switch (name) {
            case "list" -> items;
            case "first" -> items.isEmpty() ? new Undefined("the first of nothing") : items.get(0);
            case "last" -> items.isEmpty() ? new Undefined("the last of nothing") : items.get(items.size() - 1);
            case "reverse" -> {
                Collections.reverse(items);
                yield new Values.Lazy(items);
            }
            case "dictsort" -> sorted(items, pair -> evaluator.item(pair, 0L), false, a.flag(2, "reverse", false));
            case "unique" -> new Values.Lazy(unique(items, a.flag(0, "case_sensitive", false)));
            case "sum" -> sum(items, a);
            default -> {
                boolean sort = name.equals("sort");
                List<Object> sorted = sorted(
                        items,
                        attribute(a, 2),
                        a.flag(sort ? 1 : 0, "case_sensitive", false),
                        sort && a.flag(0, "reverse", false));
                yield sort
                        ? sorted
                        : sorted.isEmpty()
                                ? new Undefined("the " + name + " of nothing")
                                : sorted.get(name.equals("min") ? 0 : sorted.size() - 1);
            }
        };
    }

    private interface Part {
        Object of(Object item);
    }

    private Part attribute(Arguments a, int index) {
        return a.has(index, "attribute") && a.required(index, "attribute") != None.NONE
                ? item -> path(item, a.required(index, "attribute"))
                : item -> item;
    }

    private List<Object> sorted(List<Object> items, Part key, boolean caseSensitive, boolean reverse) {
        Comparator<Object> order = (x, y) -> {
            budget.spend(0);
            return Values.compare(folded(key.of(x), caseSensitive), folded(key.of(y), caseSensitive));
        };
        items.sort(reverse ? order.reversed() : order);
        return items;
    }

    private static Object folded(Object value, boolean caseSensitive) {
        return value instanceof String s && !caseSensitive ? TextMethods.lower(s) : value;
    }

    private List<Object> unique(List<Object> items, boolean caseSensitive) {
        List<Object> kept = new ArrayList<>();
        List<Object> keys = new ArrayList<>();
        for (Object item : items) {
            budget.spend(kept.size());
            Object key = folded(item, caseSensitive);
            if (keys.stream().noneMatch(k -> Values.equal(k, key))) {
                keys.add(key);
                kept.add(item);
            }
        }
        return kept;
    }

    private Object sum(List<Object> items, Arguments a) {
        Operators operators = new Operators(budget);
        Part part = attribute(a, 0);
        Object sum = a.get(1, "start", 0L);
        for (Object item : items) {
            sum = operators.apply("+", sum, part.of(item));
        }
        return sum;
    }

    private Object choosing(String name, Object value, Arguments a) {
        List<Object> items = Values.items(value);
        budget.spend(items.size());
        if (name.equals("map")) {
            return new Values.Lazy(
                    a.named().containsKey("attribute")
                            ? mapped(items, a.required(items.size(), "attribute"), a)
                            : items.stream()
                                    .map(item -> apply(a.text(0, "filter"), item, a.from(1)))
                                    .toList());
        }
        boolean byAttribute = name.endsWith("attr");
        boolean wanted = name.startsWith("select");
        List<Object> chosen = new ArrayList<>();
        for (Object item : items) {
            budget.spend(0);
            Object asked = byAttribute ? path(item, a.required(0, "attribute")) : item;
            Arguments test = a.from(byAttribute ? 1 : 0);
            boolean holds = test.positional().isEmpty()
                    ? Values.truthy(asked)
                    : Tests.holds(test.text(0, "test"), asked, test.from(1));
            if (holds == wanted) {
                chosen.add(item);
            }
        }
        return new Values.Lazy(chosen);
    }

    private List<Object> mapped(List<Object> items, Object path, Arguments a) {
        List<Object> parts = new ArrayList<>();
        for (Object item : items) {
            budget.spend(0);
            Object part = path(item, path);
            parts.add(part instanceof Undefined ? a.named().getOrDefault("default", part) : part);
        }
        return parts;
    }

    /** A part of an item by a number, or by names with dots between. */
    private Object path(Object item, Object path) {
        if (!(path instanceof String names)) {
            return evaluator.item(item, path);
        }
        Object part = item;
        for (String name : names.split("\\.")) {
            boolean number =
                    !name.isEmpty() && name.length() < 9 && name.chars().allMatch(c -> c >= '0' && c <= '9');
            part = evaluator.item(part, number ? (Object) Long.parseLong(name) : name);
        }
        return part;
    }
}
