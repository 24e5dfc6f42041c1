package org.loopscope.analysis.choice;

import java.util.Locale;

/**
 * A published benchmark of multiple choice, or another form of file. What its questions look like as a prompt is that of
 * lm-evaluation-harness v0.4 for the task of this name.
 */
public enum ChoiceTask {
    /** What the fields of the first line are those of. */
    AUTO("found by its fields"),
    /** Prompts with {@code choices} and {@code answer}, as the other labs read them. */
    PROMPTS("prompts with choices and an answer"),
    MMLU("MMLU, CSV of question, four options, letter"),
    ARC("ARC, JSONL"),
    HELLASWAG("HellaSwag, JSONL"),
    WINOGRANDE("WinoGrande, JSONL"),
    PIQA("PIQA, JSONL with its labels in NAME-labels.lst"),
    BOOLQ("BoolQ, JSONL"),
    /** Fields named by settings. */
    FIELDS("JSONL with fields named by --context-field, --choices-field, --answer-field"),
    /** Samples of lm-evaluation-harness. */
    SAMPLES("samples of lm-evaluation-harness, --log_samples");

    private final String title;

    ChoiceTask(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** On the command line. */
    public String cliName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
