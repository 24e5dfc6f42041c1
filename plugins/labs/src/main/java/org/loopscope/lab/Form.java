package org.loopscope.lab;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/** What a value of a setting may be, and how it is written. */
public sealed interface Form<T> {
    /** Names that are joined by "or". */
    int FEW = 4;

    /** The value that {@code text} says; empty if it says none. */
    Optional<T> read(String text) throws LoopscopeException;

    /** As {@link #read} reads it. */
    String text(T value);

    /** What is allowed, to follow the word "expected". */
    String expected();

    /** Whether a value that came another way than as text is allowed. */
    default boolean holds(T value) {
        return true;
    }

    /** A whole number, {@code least} to {@code most}. */
    record Whole(int least, int most) implements Form<Integer> {
        @Override
        public Optional<Integer> read(String text) {
            try {
                return Optional.of(Integer.parseInt(text.strip())).filter(this::holds);
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        @Override
        public boolean holds(Integer value) {
            return value >= least && value <= most;
        }

        @Override
        public String text(Integer value) {
            return Integer.toString(value);
        }

        @Override
        public String expected() {
            return most == Integer.MAX_VALUE ? least + " or more" : "a number from " + least + " to " + most;
        }
    }

    /**
     * A number from {@code least} to {@code most}.
     *
     * @param above whether {@code least} itself is left out
     * @param unit of {@code least} in a sentence, or the empty text
     */
    record Real(double least, double most, boolean above, String unit) implements Form<Double> {
        @Override
        public Optional<Double> read(String text) {
            try {
                return Optional.of(Double.parseDouble(text.strip())).filter(this::holds);
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        @Override
        public boolean holds(Double value) {
            return Double.isFinite(value) && (above ? value > least : value >= least) && value <= most;
        }

        @Override
        public String text(Double value) {
            return Double.toString(value);
        }

        @Override
        public String expected() {
            String low = above
                    ? "a number above " + plain(least)
                    : plain(least) + (unit.isEmpty() ? "" : " " + unit) + " or more";
            return most == Double.POSITIVE_INFINITY
                    ? low
                    : above ? low + ", at most " + plain(most) : "a number from " + plain(least) + " to " + plain(most);
        }

        private static String plain(double x) {
            return x == Math.rint(x) && Math.abs(x) < 1e15 ? Long.toString((long) x) : Double.toString(x);
        }
    }

    /** A seed. */
    record Seed() implements Form<Long> {
        @Override
        public Optional<Long> read(String text) {
            try {
                return Optional.of(Long.parseLong(text.strip()));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        @Override
        public String text(Long value) {
            return Long.toString(value);
        }

        @Override
        public String expected() {
            return "a whole number";
        }
    }

    /** Yes or no; on the command line an option without a value. */
    record Flag() implements Form<Boolean> {
        @Override
        public Optional<Boolean> read(String text) {
            return switch (text) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
            };
        }

        @Override
        public String text(Boolean value) {
            return Boolean.toString(value);
        }

        @Override
        public String expected() {
            return "true or false";
        }
    }

    /**
     * One of a few values.
     *
     * @param name of each on the command line and in files
     * @param title of each for people
     */
    record Choice<T>(List<T> all, Function<T, String> name, Function<T, String> title) implements Form<T> {
        public Choice {
            all = List.copyOf(all);
        }

        @Override
        public Optional<T> read(String text) {
            String wanted = text.strip().toLowerCase(Locale.ROOT);
            return all.stream()
                    .filter(value -> name.apply(value).equals(wanted))
                    .findFirst();
        }

        @Override
        public String text(T value) {
            return name.apply(value);
        }

        @Override
        public boolean holds(T value) {
            return all.contains(value);
        }

        @Override
        public String expected() {
            return words(all.stream().map(name).toList());
        }

        private static String words(List<String> names) {
            int last = names.size() - 1;
            return last < 1
                    ? String.join("", names)
                    : last >= FEW
                            ? "one of " + String.join(", ", names)
                            : names.stream().limit(last).collect(Collectors.joining(", ")) + " or " + names.get(last);
        }
    }

    /** One of the names that rows have, such as those of groups: known when rows are read. */
    record OfRows() implements Form<String> {
        @Override
        public Optional<String> read(String text) {
            return Optional.of(text);
        }

        @Override
        public String text(String value) {
            return value;
        }

        @Override
        public String expected() {
            return "a name that the rows have";
        }
    }

    /** Text in a language of its own. */
    record Text<T>(Reader<T> reader, Function<T, String> writer, String expected) implements Form<T> {
        /** Reads a value. */
        @FunctionalInterface
        public interface Reader<T> {
            /** @throws LoopscopeException with one sentence for what cannot be read */
            T read(String text) throws LoopscopeException;
        }

        @Override
        public Optional<T> read(String text) throws LoopscopeException {
            return Optional.of(reader.read(text));
        }

        @Override
        public String text(T value) {
            return writer.apply(value);
        }
    }

    /** A sentence for {@code text}, which is none of these values. */
    default LoopscopeException refused(String who, String expected, String text) {
        boolean number = this instanceof Whole || this instanceof Real || this instanceof Seed;
        boolean plain = number && text.matches("[-+0-9.eE]+|NaN");
        boolean large = plain
                && (this instanceof Seed || this instanceof Whole whole && whole.most() == Integer.MAX_VALUE)
                && text.matches("[-+]?[0-9]{10,}");
        String limit = !large ? "" : this instanceof Seed ? " of at most 64 bits" : ", at most " + Integer.MAX_VALUE;
        return new LoopscopeException(
                who + ": expected " + expected + limit + ", found " + (plain ? text : ForeignText.quoted(text)) + ".");
    }
}
