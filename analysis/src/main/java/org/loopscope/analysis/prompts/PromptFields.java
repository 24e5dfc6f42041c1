package org.loopscope.analysis.prompts;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/** Collects the prompts of one file; what both formats share. */
final class PromptFields {
    static final String PROMPT = "prompt";
    static final String ANSWER = "answer";
    static final String CHOICES = "choices";
    static final String LABEL = "label";
    static final String GROUP = "group";
    private static final Set<String> KNOWN = Set.of(PROMPT, ANSWER, CHOICES, LABEL, GROUP);

    private static final int MOST_OTHERS = 100;
    private static final int CHOICES_SHOWN = 100;

    private final String name;
    private final List<Prompt> prompts = new ArrayList<>();
    private final Set<String> others = new LinkedHashSet<>();
    private Optional<String> lastGroup = Optional.empty();

    PromptFields(String name) {
        this.name = name;
    }

    /** Remembers a field of the file that is not read. */
    void seen(String field) {
        if (!KNOWN.contains(field) && others.size() < MOST_OTHERS) {
            others.add(field);
        }
    }

    /** @throws LoopscopeException if the prompt is blank, or the answer is not one of the choices */
    void add(
            long line,
            String prompt,
            Optional<String> answer,
            List<String> choices,
            Optional<String> label,
            Optional<String> group)
            throws LoopscopeException {
        if (prompt.isBlank()) {
            throw problem(line, "expected text in the field \"prompt\", found none");
        }
        if (!choices.isEmpty() && answer.isPresent() && !choices.contains(answer.get())) {
            throw problem(
                    line,
                    "expected the answer to be one of the choices "
                            + ForeignText.shown(choices.toString(), CHOICES_SHOWN) + ", found "
                            + ForeignText.quoted(answer.get()));
        }
        prompts.add(new Prompt(prompt, answer, choices, label, held(group)));
    }

    /** Groups are few and prompts many: equal ones that follow each other are held once. */
    private Optional<String> held(Optional<String> group) {
        if (!group.equals(lastGroup)) {
            lastGroup = group;
        }
        return lastGroup;
    }

    PromptSet set() throws LoopscopeException {
        if (prompts.isEmpty()) {
            throw new LoopscopeException(SetLines.shown(name) + ": expected at least one prompt, found none.");
        }
        return new PromptSet(name, prompts, List.copyOf(others));
    }

    LoopscopeException problem(long line, String expectedAndFound) {
        return new LoopscopeException(SetLines.shown(name) + ", line " + line + ": " + expectedAndFound + ".");
    }
}
