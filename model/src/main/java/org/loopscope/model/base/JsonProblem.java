package org.loopscope.model.base;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is wrong with a text that should be JSON, in words that name no library. */
public final class JsonProblem {
    /** How the library names a part of a record that is missing or null. */
    private static final Pattern ABSENT = Pattern.compile("creator property '([^']*)'");

    private JsonProblem() {}

    /**
     * What was found in place of JSON, to stand behind "found": {@code text that is no JSON at line 2, column 7}.
     */
    public static String found(JsonProcessingException e) {
        return kind(e) + place(e.getLocation());
    }

    /** The same of a text that is one line of a file, whose number is told elsewhere: {@code text that is no JSON at column 7}. */
    public static String foundInLine(JsonProcessingException e) {
        JsonLocation place = e.getLocation();
        return kind(e) + (place == null || place.getColumnNr() < 1 ? "" : " at column " + place.getColumnNr());
    }

    private static String kind(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "JSON that is nested too deeply or has a number, name or text that is too long";
        }
        if (e instanceof JsonEOFException || e.getCause() instanceof JsonEOFException) {
            return "JSON that ends too early";
        }
        if (String.valueOf(e.getOriginalMessage()).startsWith("Trailing token")) {
            return "more text behind the end of the value";
        }
        if (e instanceof JsonMappingException mapping) {
            String path = path(mapping);
            Matcher absent = ABSENT.matcher(String.valueOf(e.getOriginalMessage()));
            if (absent.find()) {
                String key = ForeignText.shown(absent.group(1));
                return "no value for " + (path.isEmpty() || path.endsWith(key) ? key : path + "." + key);
            }
            return "another kind of value" + (path.isEmpty() ? "" : " in " + path);
        }
        String message = String.valueOf(e.getOriginalMessage());
        if (message.startsWith("Duplicate field")) {
            return "the same key twice";
        }
        return "text that is no JSON";
    }

    /** Where a value stands, as in {@code runs[2].name}. */
    private static String path(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining());
        return ForeignText.shown(path.startsWith(".") ? path.substring(1) : path);
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
