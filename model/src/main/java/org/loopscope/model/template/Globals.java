package org.loopscope.model.template;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.loopscope.model.base.ForeignText;

/** The functions that published templates are given: Jinja's own, {@code raise_exception} and {@code strftime_now}. */
final class Globals {
    private final Budget budget;
    private final LocalDateTime now;

    Globals(Budget budget, LocalDateTime now) {
        this.budget = budget;
        this.now = now;
    }

    void into(Scope scope) {
        scope.set("range", (Callable) this::range);
        scope.set("namespace", (Callable) a -> new Values.Namespace(new LinkedHashMap<>(a.named())));
        scope.set("dict", (Callable) a -> new LinkedHashMap<Object, Object>(a.named()));
        scope.set("raise_exception", (Callable) a -> {
            throw new TemplateProblem("it says " + ForeignText.shown(quoted(a.text(0, "message")), 140));
        });
        scope.set("strftime_now", (Callable) a -> formatted(a.text(0, "format")));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private List<Object> range(Arguments a) {
        boolean one = a.positional().size() == 1;
        long start = one ? 0 : Values.integer(a.required(0, "start"));
        long stop = Values.integer(a.required(one ? 0 : 1, "stop"));
        long step = a.integer(2, "step", 1);
        if (step == 0) {
            throw new TemplateProblem("counts in steps of 0");
        }
        long count = Math.max(0, (stop - start + step - Long.signum(step)) / step);
        if (count > Budget.MAX_RANGE) {
            throw new TemplateProblem("counts to " + count + ", where at most " + Budget.MAX_RANGE + " are allowed");
        }
        budget.spend(count);
        List<Object> numbers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            numbers.add(start + i * step);
        }
        return numbers;
    }

    /** As Python's {@code strftime} in the C locale. */
    private String formatted(String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%' && i + 1 < format.length()) {
                char kind = format.charAt(++i);
                out.append(kind == '%' ? "%" : now.format(DateTimeFormatter.ofPattern(pattern(kind), Locale.ENGLISH)));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String pattern(char kind) {
        return switch (kind) {
            case 'Y' -> "yyyy";
            case 'y' -> "yy";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'B' -> "MMMM";
            case 'b' -> "MMM";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'p' -> "a";
            case 'j' -> "DDD";
            default ->
                throw new TemplateProblem("formats the time with \"%" + ForeignText.shown(String.valueOf(kind)) + "\"");
        };
    }
}
