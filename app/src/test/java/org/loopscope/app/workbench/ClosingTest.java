package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.app.base.Settings;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.open.Models;

/** Closing a window asks about runs that are in no file, and does what was answered. */
class ClosingTest {
    @TempDir
    Path folder;

    private final Workbench workbench = new Workbench(Models::open, Runnable::run, Runnable::run, Settings.inMemory());
    private final List<String> asked = new ArrayList<>();
    private Closing.Answer answer = Closing.Answer.CANCEL;
    private Optional<Path> chosen = Optional.empty();
    private int closed;

    private final Closing closing = new Closing(workbench.unsaved(), new Closing.Questions() {
        @Override
        public Closing.Answer unsaved(String sentence) {
            asked.add(sentence);
            return answer;
        }

        @Override
        public Optional<Path> folder() {
            return chosen;
        }
    });

    @BeforeEach
    void open() {
        workbench.openModel("embedded", () -> {});
    }

    private void run(String prompt) {
        workbench.form().promptProperty().set(prompt);
        workbench.run();
    }

    private void close() {
        closing.request(() -> closed++);
    }

    @Test
    void withNothingToLoseItClosesWithoutAsking() {
        workbench.form().promptProperty().set("calc 7+8=");
        workbench.runExample();
        close();
        assertEquals(List.of(), asked);
        assertEquals(1, closed);
    }

    @Test
    void theQuestionNamesWhatWouldBeLostAndCancelKeepsTheWindow() {
        run("calc 7+8=");
        close();
        assertEquals(List.of("One run is not saved: #1 “calc 7+8=”."), asked);
        assertEquals(0, closed);
        for (int i = 1; i <= 4; i++) {
            run("calc " + i + "+1=");
        }
        close();
        assertEquals("5 runs are not saved: #5 “calc 4+1=”, #4 “calc 3+1=”, #3 “calc 2+1=” and 2 more.", asked.get(1));
    }

    @Test
    void discardClosesWithoutWriting() throws IOException {
        run("calc 7+8=");
        answer = Closing.Answer.DISCARD;
        chosen = Optional.of(folder);
        close();
        assertEquals(1, closed);
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void saveWritesEveryUnsavedRunBesideWhatIsThereAndThenCloses() throws Exception {
        run("calc 7+8=");
        run("people Ann's friend is");
        Files.writeString(folder.resolve("run-2.safetensors"), "of somebody else");
        answer = Closing.Answer.SAVE;
        chosen = Optional.of(folder);
        close();
        assertEquals(1, closed);
        assertEquals("of somebody else", Files.readString(folder.resolve("run-2.safetensors")));
        assertEquals("calc 7+8=", prompt("run-1.safetensors"));
        assertEquals("people Ann's friend is", prompt("run-2-2.safetensors"));
        close();
        assertEquals(1, asked.size(), "saved runs are not asked about again");
    }

    private String prompt(String file) throws LoopscopeException {
        return CaptureFile.read(folder.resolve(file)).prompt();
    }

    @Test
    void noFolderChosenOrASaveThatFailsKeepsTheWindow() {
        run("calc 7+8=");
        answer = Closing.Answer.SAVE;
        close();
        chosen = Optional.of(folder.resolve("not there"));
        close();
        assertEquals(0, closed);
        String told = workbench.noticeProperty().get();
        assertTrue(told.startsWith("Cannot write ") && told.contains("expected the folder to exist"), told);
        assertEquals(1, workbench.unsaved().list().size());
    }

    @Test
    void aRunThatWasSavedOrRemovedIsNotAskedAbout() {
        run("calc 7+8=");
        workbench.saveCapture(folder.resolve("mine.safetensors"));
        run("calc 1+1=");
        workbench.remove(workbench.runs().get(0));
        workbench.openCapture(folder.resolve("mine.safetensors"));
        close();
        assertEquals(List.of(), asked);
        assertEquals(1, closed);
    }
}
