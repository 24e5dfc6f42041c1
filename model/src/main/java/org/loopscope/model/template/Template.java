package org.loopscope.model.template;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.LoopscopeException;

/**
 * A chat template, read and ready to be rendered: the part of the Jinja language that published models use, rendered as
 * Python's Jinja does with {@code trim_blocks} and {@code lstrip_blocks}.
 *
 * <p>A template is a program of somebody else's. It sees texts, numbers, lists and maps, and no object of Java's; it cannot
 * read files; names that begin with {@code _} are refused; and work, size and nesting are limited, so that rendering ends
 * within seconds. Immutable; safe to use from several threads.
 */
public final class Template {
    private static final int MAX_CHARACTERS = 1 << 20;

    private final String name;
    private final List<Statement> statements;

    private Template(String name, List<Statement> statements) {
        this.name = name;
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @param name of where it comes from, for sentences
     * @throws LoopscopeException with the line and what was found, if it is none, or uses what is not supported
     */
    public static Template parse(String name, String source) throws LoopscopeException {
        if (source.length() > MAX_CHARACTERS) {
            throw new LoopscopeException(name + ": expected a chat template of at most " + MAX_CHARACTERS
                    + " characters, found " + source.length() + ".");
        }
        try {
            return new Template(name, TemplateParser.parse(source));
        } catch (TemplateProblem e) {
            throw new LoopscopeException(
                    name + ": expected a chat template that can be read here, found " + e.sentence() + ".", e);
        }
    }

    /**
     * The text it writes.
     *
     * @param values texts, truth values, numbers, lists and maps of them, and null
     * @param now the time that the template is told when it asks
     * @throws LoopscopeException with the line and the reason, if the template refuses these values, uses what is not
     *     allowed, or goes over a limit
     */
    public String render(Map<String, ?> values, LocalDateTime now) throws LoopscopeException {
        long[] given = new long[1];
        Scope builtIn = new Scope(null);
        Scope scope = new Scope(builtIn);
        values.forEach((key, value) -> scope.set(key, value(value, given)));
        Budget budget = new Budget(given[0]);
        new Globals(budget, now).into(builtIn);
        try {
            return new Renderer(budget).render(statements, scope);
        } catch (TemplateProblem e) {
            throw refused(e.sentence(), e);
        } catch (StackOverflowError e) {
            throw refused("it is nested too deeply", e);
        }
    }

    private LoopscopeException refused(String why, Throwable cause) {
        return new LoopscopeException("The chat template " + name + " cannot be used: " + why + ".", cause);
    }

    /** A copy in the template's own kinds of value, counting the characters of texts. */
    private static Object value(@Nullable Object given, long[] characters) {
        if (given == null) {
            return None.NONE;
        }
        if (given instanceof String s) {
            characters[0] += s.length();
            return s;
        }
        if (given instanceof Boolean || given instanceof Long || given instanceof Double) {
            return given;
        }
        if (given instanceof Integer n) {
            return n.longValue();
        }
        if (given instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(value(item, characters)));
            return copy;
        }
        if (given instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), value(item, characters)));
            return copy;
        }
        throw new IllegalArgumentException("value: want a text, number, list or map, got " + given.getClass());
    }
}
