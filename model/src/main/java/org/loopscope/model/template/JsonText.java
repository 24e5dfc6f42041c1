package org.loopscope.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as Python's {@code json.dumps(..., ensure_ascii=False)} writes it, which is what published templates are given. */
final class JsonText {
    private final Budget budget;
    private final @Nullable Integer indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sorted;
    private final StringBuilder out = new StringBuilder();

    /** @param arguments of the filter: indent, separators, sort_keys */
    JsonText(Budget budget, Arguments arguments) {
        this.budget = budget;
        int spaces = arguments.integer(1, "indent", -1);
        this.indent = spaces < 0 ? null : Math.min(spaces, 64);
        Object separators = arguments.get(2, "separators", None.NONE);
        List<Object> pair = separators == None.NONE ? List.of() : Values.items(separators);
        this.itemSeparator = pair.size() == 2 ? Values.text(pair.get(0)) : indent == null ? ", " : ",";
        this.keySeparator = pair.size() == 2 ? Values.text(pair.get(1)) : ": ";
        this.sorted = arguments.flag(3, "sort_keys", false);
        if (arguments.flag(0, "ensure_ascii", false)) {
            throw new TemplateProblem("writes JSON in ASCII only, which is not supported");
        }
    }

    String of(Object value) {
        write(value, 0);
        return out.toString();
    }

    private void write(Object value, int depth) {
        PythonText.requireDepth(depth);
        budget.make(out.length() / 64);
        budget.limit(out.length());
        if (value instanceof Map<?, ?> map) {
            map(map, depth);
        } else if (value instanceof List<?> list) {
            list(list, depth);
        } else if (value instanceof String s) {
            quoted(s);
        } else if (value == None.NONE) {
            out.append("null");
        } else if (value instanceof Double d) {
            out.append(
                    Double.isNaN(d)
                            ? "NaN"
                            : Double.isInfinite(d) ? (d > 0 ? "Infinity" : "-Infinity") : PythonText.number(d));
        } else if (value instanceof Boolean || value instanceof Long) {
            out.append(value);
        } else if (value instanceof Undefined missing) {
            throw missing.problem();
        } else {
            throw new TemplateProblem("writes " + Values.kind(value) + " as JSON");
        }
    }

    private void map(Map<?, ?> map, int depth) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sorted) {
            entries.sort((a, b) -> Values.compare(a.getKey(), b.getKey()));
        }
        out.append('{');
        for (int i = 0; i < entries.size(); i++) {
            between(i, depth + 1);
            Object key = entries.get(i).getKey();
            quoted(key instanceof String s ? s : simpleKey(key));
            out.append(keySeparator);
            write(entries.get(i).getValue(), depth + 1);
        }
        end(entries.isEmpty(), depth, '}');
    }

    private static String simpleKey(Object key) {
        return key == None.NONE ? "null" : key instanceof Boolean b ? b.toString() : PythonText.str(key);
    }

    private void list(List<?> list, int depth) {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            between(i, depth + 1);
            write(list.get(i), depth + 1);
        }
        end(list.isEmpty(), depth, ']');
    }

    private void between(int index, int depth) {
        out.append(index == 0 ? "" : itemSeparator);
        newLine(depth);
    }

    private void end(boolean empty, int depth, char close) {
        if (!empty) {
            newLine(depth);
        }
        out.append(close);
    }

    private void newLine(int depth) {
        if (indent != null) {
            out.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private void quoted(String text) {
        budget.make(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ') {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
