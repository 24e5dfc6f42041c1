package org.loopscope.plugin.card;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.LoopscopeException;

class LabWorkTest {
    private static final String KEPT =
            "Cancelled; what is done is kept, running the same set into the same file goes on.";

    private final List<Runnable> waiting = new ArrayList<>();
    private final List<String> results = new ArrayList<>();
    private final LabWork work = LabWork.ofSet(waiting::add, Runnable::run);

    private void start(LabWork.Work<String> what) {
        work.start(what, results::add);
    }

    private String status() {
        return work.statusProperty().get();
    }

    @Test
    void progressIsTheShareThatIsDoneAndUnknownBeforeAndAfter() {
        List<Double> seen = new ArrayList<>();
        work.progressProperty().addListener((o, before, now) -> seen.add(now.doubleValue()));
        assertEquals(-1, work.progressProperty().get());
        start(control -> {
            control.progress("prompts", 8, 32);
            return "done";
        });
        assertTrue(work.runningProperty().get());
        waiting.remove(0).run();
        assertEquals(List.of(0.25, -1.0), seen); // 8 of 32, and the end
        assertEquals(List.of("done"), results);
        assertFalse(work.runningProperty().get());
        assertEquals("", status());
    }

    @Test
    void aSetThatIsStoppedSaysThatWhatIsDoneIsKept() {
        start(control -> "never");
        work.cancel();
        waiting.remove(0).run();
        assertEquals(KEPT, status());
        assertEquals(List.of(), results);
    }

    @Test
    void aModelThatWasClosedUnderItCountsAsACancel() {
        start(control -> {
            work.cancel();
            throw new IllegalStateException("closed");
        });
        waiting.remove(0).run();
        assertEquals(KEPT, status());
    }

    @Test
    void whatIsRefusedIsOneSentenceAndWhatIsNotExpectedIsNamed() {
        start(control -> {
            throw new LoopscopeException("set.jsonl: expected a set.");
        });
        waiting.remove(0).run();
        assertEquals("set.jsonl: expected a set.", status());
        start(control -> {
            throw new IllegalStateException("odd");
        });
        waiting.remove(0).run();
        assertEquals("This went wrong: java.lang.IllegalStateException: odd", status());
    }

    @Test
    void whileSomethingIsAtWorkNothingElseStarts() {
        start(control -> "first");
        start(control -> "second");
        assertEquals(1, waiting.size());
        waiting.remove(0).run();
        assertEquals(List.of("first"), results);
    }
}
