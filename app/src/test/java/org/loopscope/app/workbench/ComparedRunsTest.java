package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.loopscope.app.base.Settings;
import org.loopscope.model.open.Models;

/** Which runs of a window stand side by side. */
class ComparedRunsTest {
    private final Workbench workbench = new Workbench(Models::open, Runnable::run, Runnable::run, Settings.inMemory());
    private final ComparedRuns compared = workbench.compared();

    @BeforeEach
    void makeTwoRuns() {
        workbench.openModel("embedded", () -> {});
        run("calc 1+2=");
        run("calc 2+2=");
    }

    private void run(String prompt) {
        workbench.form().promptProperty().set(prompt);
        workbench.run();
    }

    /** The run of this number. */
    private RunEntry number(int number) {
        return workbench.runs().stream()
                .filter(run -> run.number() == number)
                .findFirst()
                .orElseThrow();
    }

    private List<Integer> numbers() {
        return compared.runsProperty().get().stream().map(RunEntry::number).toList();
    }

    @Test
    void nothingIsComparedBeforeARunIsTicked() {
        assertEquals(List.of(), numbers());
        compared.tick(number(2), true);
        assertEquals(List.of(), numbers(), "the shown run alone has no partner");
        assertEquals(Optional.empty(), compared.letter(number(2)));
    }

    @Test
    void theShownRunIsAAndTheTickedOnesFollow() {
        run("calc 3+2=");
        compared.tick(number(2), true);
        compared.tick(number(1), true);
        assertEquals(List.of(3, 2, 1), numbers());
        assertEquals(Optional.of("A"), compared.letter(number(3)));
        workbench.show(number(1));
        assertEquals(List.of(1, 2), numbers(), "3 was never ticked");
        assertEquals(
                List.of("#1 calc 1+2=", "#2 calc 2+2="),
                compared.inspectionsProperty().get().stream()
                        .map(run -> run.name())
                        .toList());
    }

    @Test
    void aFifthRunIsRefusedInOneSentence() {
        for (int i = 0; i < 3; i++) {
            run("calc 3+3=");
        }
        for (int number = 1; number <= 4; number++) {
            compared.tick(number(number), true);
        }
        assertEquals(List.of(5, 1, 2, 3), numbers());
        assertEquals(
                "At most 4 runs are compared, the shown one among them; take the tick of another away first.",
                workbench.noticeProperty().get());
        assertEquals(3, compared.ticked().size());
    }

    @Test
    void theRunBeforeIsComparedByOneCommand() {
        compared.compareWithBefore();
        assertEquals(List.of(2, 1), numbers());
        compared.clear();
        assertEquals(List.of(), numbers());
        workbench.show(number(1));
        compared.compareWithBefore();
        assertTrue(workbench.noticeProperty().get().startsWith("There is no run before"));
    }

    @Test
    void aForgottenRunIsComparedNoMore() {
        compared.compareWithBefore();
        workbench.remove(number(1));
        assertEquals(List.of(), numbers());
        assertEquals(List.of(), compared.ticked());
    }

    @Test
    void ticksAreTakenBackAndSetAgain() {
        run("calc 3+2=");
        compared.tick(number(1), true);
        compared.tick(number(2), true);
        workbench.goBack();
        assertEquals(List.of(3, 1), numbers());
        workbench.goBack();
        assertEquals(List.of(), numbers());
        assertEquals(3, workbench.currentRunProperty().get().number(), "only the tick was taken back");
        workbench.goForward();
        workbench.goForward();
        assertEquals(List.of(3, 1, 2), numbers());
    }

    @Test
    void aTickThatIsRefusedOrChangesNothingIsNoStepBack() {
        compared.tick(number(1), true);
        compared.tick(number(1), true);
        workbench.goBack();
        assertEquals(List.of(), numbers());
    }

    @Test
    void goingBackDoesNotBringAForgottenRunBack() {
        run("calc 3+2=");
        compared.tick(number(1), true);
        compared.tick(number(2), true);
        workbench.remove(number(1));
        workbench.goBack();
        assertTrue(compared.ticked().stream().allMatch(run -> run.number() == 2), "#1 is gone");
        workbench.goBack();
        assertTrue(compared.ticked().stream().allMatch(run -> run.number() == 2), "#1 is gone");
    }
}
