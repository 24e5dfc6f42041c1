package org.loopscope.app.workbench;

import java.util.Set;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunMemory;
import org.loopscope.model.RunOptions;

/**
 * What the run that the form describes would keep and take, in one line that follows the form. The prompt is made into
 * tokens off the FX thread; while that goes on further changes wait, and only the last of them counts.
 */
public final class RunCost {
    private final Workbench workbench;
    private final Executor worker;
    private final Executor fx;
    private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper("");
    private boolean busy;
    private boolean again;

    /**
     * @param worker does the counting
     * @param fx the FX thread, or the same thread in tests
     */
    public RunCost(Workbench workbench, Executor worker, Executor fx) {
        this.workbench = workbench;
        this.worker = worker;
        this.fx = fx;
        RunForm form = workbench.form();
        form.promptProperty().addListener((o, before, now) -> update());
        form.stepsProperty().addListener((o, before, now) -> update());
        form.generateProperty().addListener((o, before, now) -> update());
        form.captureLayersProperty().addListener((o, before, now) -> update());
        GenerationForm generation = form.generation();
        generation.kvPolicyProperty().addListener((o, before, now) -> update());
        generation.wayProperty().addListener((o, before, now) -> update());
        generation.draftTokensProperty().addListener((o, before, now) -> update());
        form.specialTokensProperty().addListener((o, before, now) -> update());
        generation.chatProperty().addListener((o, before, now) -> update());
        workbench.modelProperty().addListener((o, before, now) -> update());
        update();
    }

    /** {@code 15 tokens: keeps 1.2 GB (step and layer states) ...}; empty where the form asks for nothing that can be run. */
    public ReadOnlyStringProperty textProperty() {
        return text.getReadOnlyProperty();
    }

    private void update() {
        LoopedModel model = workbench.modelProperty().get();
        if (busy) {
            again = true;
            return;
        }
        if (model == null || workbench.form().promptProperty().get().isBlank()) {
            text.set("");
            return;
        }
        RunForm form = workbench.form();
        String prompt = form.promptProperty().get();
        boolean chat = form.generation().chatProperty().get() && RunForm.chats(model);
        RunOptions options;
        try {
            options = form.options(workbench.exitRuleProperty().get(), Set.of());
        } catch (FieldException e) { // told at the field when it is run
            text.set("");
            return;
        }
        busy = true;
        LoopedModel reading = form.reading(model);
        worker.execute(() -> count(reading, prompt, chat, options));
    }

    private void count(LoopedModel model, String prompt, boolean chat, RunOptions options) {
        String result = "";
        try {
            int[] ids = RunForm.tokenIds(model, prompt, chat);
            RunForm.checkLength(model, ids, options);
            result = text(ids.length, model.memory(ids.length, options));
        } catch (FieldException e) {
            result = ""; // told at the field when it is run
        } finally {
            String counted = result;
            fx.execute(() -> publish(counted));
        }
    }

    private static String text(int tokens, RunMemory memory) {
        return (tokens == 1 ? "1 token" : tokens + " tokens") + ": keeps " + memory.text();
    }

    private void publish(String counted) {
        busy = false;
        text.set(counted);
        if (again) {
            again = false;
            update();
        }
    }
}
