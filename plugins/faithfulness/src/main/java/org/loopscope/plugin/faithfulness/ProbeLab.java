package org.loopscope.plugin.faithfulness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.loopscope.analysis.probe.ProbeItem;
import org.loopscope.analysis.probe.ProbeSet;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.analysis.prompts.SampleSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.lab.Form;
import org.loopscope.lab.Job;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/**
 * A lab that asks the prompts of a probing set: what its sets are, and what it is asked of them.
 *
 * @param <T> what all rows say together
 */
abstract class ProbeLab<R extends Record, T> implements SetLab<ProbeItem, R, ProbeLab.Found<T>> {
    static final Setting<Integer> STEPS = Setting.steps(1);
    static final Setting<String> TEMPLATE = Setting.of(
                    "template", new Form.Text<>(ProbeLab::template, text -> text.replace("\n", "\\n"), "a template"))
            .means("How a pair of questions is asked, with {question1}, {question2} and \\n for a new line. Answers are"
                    + " True and False.")
            .orNothing("as docs/guide/faithfulness-lab.md says");
    static final Setting<Long> SEED = Setting.of("seed", new Form.Seed())
            .means("Seed of what is drawn: the sample; in probe linear also folds and shuffled labels.")
            .or(0L);

    private static final List<SampleSet> BUNDLED = List.of(
            bundled("embedded/probe-cups.jsonl", "Cups, for probes", "embedded"),
            bundled("ouro/question-pairs.jsonl", "Question pairs, for Ouro", "ouro"));

    /**
     * Rows that were read.
     *
     * @param from their file, and the model where it is known
     */
    record Found<T>(T rows, String from) {}

    /** The asking of a set, by a model that has a name. */
    interface Asking<R extends Record> extends Job<R> {
        LoopedModel model();
    }

    private static SampleSet bundled(String file, String title, String model) {
        return new SampleSet(file, title, model, title, false);
    }

    /** Sets with choices and a marked split. */
    static List<SampleSet> marked() {
        return BUNDLED;
    }

    /** These, and every set of prompts. */
    static List<SampleSet> all() throws LoopscopeException {
        List<SampleSet> all = new ArrayList<>(BUNDLED);
        all.addAll(SampleCatalog.builtIn().sets());
        return all;
    }

    private static String template(String text) throws LoopscopeException {
        if (!text.contains("{question1}") || !text.contains("{question2}")) {
            throw new LoopscopeException(
                    "--template: expected {question1} and {question2} in it, found \"" + text + "\".");
        }
        return text.replace("\\n", "\n");
    }

    /** The sets that come with the program and fit. */
    abstract PromptKind.Bundled bundled();

    /** What is to be known of a set. */
    void look(List<ProbeItem> items, Consumer<String> told) {}

    abstract T read(Path rows) throws LoopscopeException;

    @Override
    public Found<T> summarise(Path rows) throws LoopscopeException {
        return new Found<>(read(rows), String.valueOf(rows.getFileName()));
    }

    @Override
    public Found<T> complete(Found<T> found, Job<R> job, RunControl control) {
        return job instanceof Asking<R> asking
                ? new Found<>(found.rows(), asking.model().info().id() + ", " + found.from())
                : found;
    }

    @Override
    public String command() {
        return "probe " + id();
    }

    @Override
    public PromptKind<ProbeItem> prompts() {
        return new PromptKind<>(
                "JSONL with prompt, answer, choices and split, or with question1, question2 and label; the Quora question"
                        + " pairs as published (.tsv); or a set that comes with the program, such as"
                        + " embedded/probe-cups.jsonl.",
                List.of("jsonl", "tsv"),
                bundled(),
                this::read,
                item -> List.of(
                        item.prompt(),
                        String.join("\1", item.choices()),
                        item.answer().orElse(""),
                        item.label().orElse(""),
                        item.split().orElse(""),
                        String.join("\1", item.units())),
                Optional.empty());
    }

    private List<ProbeItem> read(String name, Values values, Consumer<String> told) throws LoopscopeException {
        SetFile file = SetFile.open(name);
        int limit = values.find(PromptKind.LIMIT).orElse(Integer.MAX_VALUE);
        ProbeSet read =
                ProbeSet.read(file.reader(), file.name(), values.find(TEMPLATE).orElse(ProbeSet.TEMPLATE), limit);
        if (read.leftOut() > 0) {
            told.accept(read.leftOut() + " lines of " + name + " lack fields and are left out.");
        }
        List<ProbeItem> drawn = PromptKind.drawn(read.items(), values);
        look(drawn, told);
        return drawn;
    }
}
