package org.loopscope.lab;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;

/**
 * One thing that a lab can be asked. From it follow the option of the command, the control of the panel, the sentence for a value
 * that is not allowed, a line of the documentation and, where it decides rows, a part of what a stopped set is known by. It is
 * the key of its value in {@link Values}. Immutable; each step of its making gives a new one, so keep the last.
 *
 * @param <T> of its value
 */
public final class Setting<T> {
    private final String name;
    private final Form<T> form;
    private final String label;
    private final String meaning;
    private final Function<LoopedModel, Optional<T>> initial;
    private final @Nullable T fixed;
    private final String initially;
    private final boolean view;
    private final String who;
    private final String expected;

    private Setting(
            String name,
            Form<T> form,
            String label,
            String meaning,
            Function<LoopedModel, Optional<T>> initial,
            @Nullable T fixed,
            String initially,
            boolean view,
            String who,
            String expected) {
        this.name = name;
        this.form = form;
        this.label = label;
        this.meaning = meaning;
        this.initial = initial;
        this.fixed = fixed;
        this.initially = initially;
        this.view = view;
        this.who = who;
        this.expected = expected;
    }

    /** A setting that is called {@code name}: lower-case words joined by {@code -}, the option without its dashes. */
    public static <T> Setting<T> of(String name, Form<T> form) {
        return new Setting<>(
                name, form, name.replace('-', ' '), "", model -> Optional.empty(), null, "", false, "--" + name, "");
    }

    public static Setting<Integer> whole(String name, int least, int most) {
        return of(name, new Form.Whole(least, most));
    }

    public static Setting<Integer> whole(String name, int least) {
        return whole(name, least, Integer.MAX_VALUE);
    }

    /**
     * A number of at least {@code least}.
     *
     * @param unit of that number in a sentence, or the empty text
     */
    public static Setting<Double> real(String name, double least, String unit) {
        return of(name, new Form.Real(least, Double.POSITIVE_INFINITY, false, unit));
    }

    /** Text in a language of its own, kept as it is. */
    public static Setting<String> text(String name, String expected) {
        return of(name, new Form.Text<>(text -> text, text -> text, expected));
    }

    public static Setting<Boolean> flag(String name) {
        return of(name, new Form.Flag()).or(false);
    }

    /** One of the groups of prompts that the rows have; all where none is chosen. Only for showing. */
    public static Setting<String> group() {
        return of("group", new Form.OfRows())
                .called("prompts")
                .means("Only the prompts of this group.")
                .orNothing("all prompts")
                .forShowing();
    }

    public static <T> Setting<T> choice(
            String name, List<T> all, Function<T, String> cliName, Function<T, String> title) {
        return of(name, new Form.Choice<>(all, cliName, title));
    }

    /** T of the runs, {@code least} to {@link RunOptions#MAX_STEPS}; as many as the model was trained with if it is not set. */
    public static Setting<Integer> steps(int least) {
        return whole("steps", least, RunOptions.MAX_STEPS)
                .called("loops (T)")
                .means("Loops T.")
                .or(model -> model.config().trainedSteps(), "as many as the model was trained with")
                .refusedAs("Steps");
    }

    /** The words beside its control, and before its value where a stopped set differs. */
    public Setting<T> called(String words) {
        return new Setting<>(name, form, words, meaning, initial, fixed, initially, view, who, expected);
    }

    /** What it does, in sentences. */
    public Setting<T> means(String sentences) {
        return new Setting<>(name, form, label, sentences, initial, fixed, initially, view, who, expected);
    }

    /** Its value unless another is set. */
    public Setting<T> or(T value) {
        return new Setting<>(
                name, form, label, meaning, model -> Optional.of(value), value, form.text(value), view, who, expected);
    }

    /** Its value unless another is set, which depends on the model. */
    public Setting<T> or(Function<LoopedModel, T> value, String words) {
        return new Setting<>(
                name, form, label, meaning, model -> Optional.of(value.apply(model)), null, words, view, who, expected);
    }

    /** What happens while it is not set, where it then has no value. */
    public Setting<T> orNothing(String words) {
        return new Setting<>(name, form, label, meaning, model -> Optional.empty(), null, words, view, who, expected);
    }

    /** How a sentence that refuses a value begins; the option unless said otherwise. */
    public Setting<T> refusedAs(String words) {
        return new Setting<>(name, form, label, meaning, initial, fixed, initially, view, words, expected);
    }

    /** What a sentence that refuses a value says is allowed; the words of the form unless said otherwise. */
    public Setting<T> expecting(String words) {
        return new Setting<>(name, form, label, meaning, initial, fixed, initially, view, who, words);
    }

    /** The same as one that decides only how rows are shown, and can be changed after they were measured. */
    public Setting<T> forShowing() {
        return new Setting<>(name, form, label, meaning, initial, fixed, initially, true, who, expected);
    }

    public String name() {
        return name;
    }

    public Form<T> form() {
        return form;
    }

    /** The words beside its control. */
    public String label() {
        return label;
    }

    public String meaning() {
        return meaning;
    }

    /** The values of a choice; none for other forms. */
    public Stream<T> allowed() {
        return form instanceof Form.Choice<T> choice ? choice.all().stream() : Stream.empty();
    }

    /** Its value unless another is set, in words; empty where there is nothing to say. */
    public String initially() {
        return initially;
    }

    /** Whether it decides only how rows are shown. */
    public boolean isForShowing() {
        return view;
    }

    /** The value while none is set and no model is known. */
    Optional<T> fixed() {
        return Optional.ofNullable(fixed);
    }

    Optional<T> initial(LoopedModel model) {
        return initial.apply(model);
    }

    /**
     * Reads a value.
     *
     * @throws LoopscopeException with one sentence for what is none
     */
    public T read(String text) throws LoopscopeException {
        return form.read(text)
                .orElseThrow(() -> form.refused(who, expected.isEmpty() ? form.expected() : expected, text));
    }

    @Override
    public String toString() {
        return name;
    }
}
