package org.loopscope.app.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.prompts.SampleCatalog;
import org.loopscope.app.base.Settings;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.Selection;

/** What is left on disk while a window is open, and what the next window makes of it. */
class AutosaveTest {
    @TempDir
    Path folder;

    private Path base;
    private Workbench workbench;
    private Autosave autosave;

    @BeforeEach
    void openAWindow() {
        base = folder.resolve("sessions");
        workbench = window();
        autosave = autosave(workbench);
        autosave.start();
    }

    private static Workbench window() {
        Workbench opened = new Workbench(Models::open, Runnable::run, Runnable::run, Settings.inMemory());
        opened.openModel("embedded", () -> {});
        return opened;
    }

    private Autosave autosave(Workbench of) {
        return new Autosave(of, base, Runnable::run, Runnable::run, Runnable::run);
    }

    private static void run(Workbench in, String prompt) {
        in.form().promptProperty().set(prompt);
        in.run();
    }

    private List<String> filesKept() throws IOException {
        if (!Files.isDirectory(base)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(base)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("lock"))
                    .sorted()
                    .toList();
        }
    }

    private static List<LeftSession> left(Autosave looking) {
        List<LeftSession> found = new ArrayList<>();
        looking.findLeft(found::add);
        return found;
    }

    @Test
    void aSessionThatWasLeftOpensAsTheSamePicture() throws IOException {
        run(workbench, SampleCatalog.WELCOME_PROMPT);
        run(workbench, "calc 7+8=");
        workbench.show(workbench.runs().get(1));
        workbench.selectionProperty().set(new Selection(9, 2));
        workbench.exitRuleProperty().set(ExitRule.q(0.8));
        workbench.togglePin(20);
        workbench.form().promptProperty().set("half a thou");
        workbench.togglePin(21);
        workbench.compared().tick(workbench.runs().get(0), true);
        autosave.abandon();

        Workbench next = window();
        Autosave nextSave = autosave(next);
        nextSave.start();
        LeftSession found = left(nextSave).get(0);
        assertTrue(found.sentence().contains("2 runs were kept"), found.sentence());
        found.restore(next, () -> nextSave.restored(found));

        assertEquals(
                List.of("calc 7+8=", SampleCatalog.WELCOME_PROMPT),
                next.runs().stream().map(RunEntry::title).toList());
        RunEntry shown = next.currentRunProperty().get();
        assertEquals(SampleCatalog.WELCOME_PROMPT, shown.title());
        assertArrayEquals(
                workbench.runs().get(1).capture().hiddenState(3, 14),
                shown.capture().hiddenState(3, 14));
        assertEquals(new Selection(9, 2), next.selectionProperty().get());
        assertEquals(ExitRule.q(0.8), next.exitRuleProperty().get());
        assertEquals(List.of(20, 21), next.pinnedTokensProperty().get());
        assertEquals(
                List.of(SampleCatalog.WELCOME_PROMPT, "calc 7+8="),
                next.compared().runsProperty().get().stream()
                        .map(RunEntry::title)
                        .toList());
        assertEquals("half a thou", next.form().promptProperty().get());
        assertEquals(2, next.unsaved().list().size(), "still in no file of the user's");
        assertEquals(
                List.of("run-1.safetensors", "run-2.safetensors", "session.json"),
                filesKept(),
                "the old folder is gone, the new window keeps the runs now");
    }

    @Test
    void aSessionWhoseWindowIsOpenIsNotOffered() {
        run(workbench, "calc 7+8=");
        assertEquals(List.of(), left(autosave(window())));
    }

    @Test
    void closingInGoodOrderLeavesNothing() throws IOException {
        run(workbench, "calc 7+8=");
        assertEquals(List.of("run-1.safetensors", "session.json"), filesKept());
        autosave.end();
        assertEquals(List.of(), filesKept());
        workbench.togglePin(3);
        assertEquals(List.of(), filesKept(), "nothing is kept after the end");
    }

    @Test
    void theProgramsOwnExampleAloneIsNotKept() throws IOException {
        workbench.form().promptProperty().set(SampleCatalog.WELCOME_PROMPT);
        workbench.runExample();
        assertEquals(1, workbench.runs().size());
        assertEquals(List.of(), filesKept());
    }

    @Test
    void aRunThatIsRemovedIsNotKept() throws IOException {
        run(workbench, "calc 7+8=");
        run(workbench, "calc 1+1=");
        workbench.remove(workbench.runs().get(1));
        assertEquals(List.of("run-2.safetensors", "session.json"), filesKept());
    }

    private Path sessionFile() throws IOException {
        try (Stream<Path> files = Files.walk(base)) {
            return files.filter(f -> f.endsWith("session.json")).findFirst().orElseThrow();
        }
    }

    @Test
    void theIntactCapturesOfADamagedSessionAreOffered() throws IOException {
        run(workbench, "calc 7+8=");
        run(workbench, "calc 1+1=");
        autosave.abandon();
        Path file = sessionFile();
        Files.writeString(file, Files.readString(file).substring(0, 40));
        Workbench next = window();
        Autosave nextSave = autosave(next);
        LeftSession found = left(nextSave).get(0);
        assertTrue(
                found.sentence()
                        .startsWith("A session that Loopscope kept is damaged (session.json: expected a session, found"
                                + " JSON that ends too early at line 3"),
                found.sentence());
        assertTrue(found.sentence().contains("2 runs were kept at"), found.sentence());
        assertTrue(Files.exists(file), "nothing is touched before the user has chosen");
        found.restore(next, () -> nextSave.restored(found));
        assertEquals(
                List.of("calc 1+1=", "calc 7+8="),
                next.runs().stream().map(RunEntry::title).toList());
    }

    @Test
    void aCaptureThatWasCutShortIsLeftOutAndTheOthersAreOffered() throws IOException {
        run(workbench, "calc 7+8=");
        run(workbench, "calc 1+1=");
        autosave.abandon();
        Path damaged = sessionFile().resolveSibling("run-1.safetensors");
        Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 500));
        Workbench next = window();
        LeftSession found = left(autosave(next)).get(0);
        assertTrue(
                found.sentence().contains("one capture is damaged or not there). One run was kept"), found.sentence());
        found.restore(next, () -> {});
        assertEquals(
                List.of("calc 1+1="), next.runs().stream().map(RunEntry::title).toList());
    }

    @Test
    void aRunThatCannotBeOpenedKeepsTheFolderAndTheOthersAreOpened() throws IOException {
        run(workbench, "calc 7+8=");
        run(workbench, "calc 1+1=");
        autosave.abandon();
        Path damaged = sessionFile().resolveSibling("run-1.safetensors");
        byte[] bytes = Files.readAllBytes(damaged);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("total_ut_steps");
        bytes[at] = 'T'; // a whole file that is no capture
        Files.write(damaged, bytes);
        Workbench next = window();
        LeftSession found = left(autosave(next)).get(0);
        List<String> ended = new ArrayList<>();
        found.restore(next, () -> ended.add("all there"));
        assertEquals(
                List.of("calc 1+1="), next.runs().stream().map(RunEntry::title).toList());
        assertEquals(List.of(), ended);
        assertTrue(
                next.noticeProperty().get().contains("run-1.safetensors"),
                next.noticeProperty().get());
    }

    @Test
    void aSessionThatNamesAFileOutsideItsFolderIsRefused() throws IOException {
        run(workbench, "calc 7+8=");
        autosave.abandon();
        try (Stream<Path> files = Files.walk(base)) {
            Path file =
                    files.filter(f -> f.endsWith("session.json")).findFirst().orElseThrow();
            Files.writeString(file, Files.readString(file).replace("run-1.safetensors", "../../secret.safetensors"));
        }
        LeftSession found = left(autosave(window())).get(0);
        assertTrue(found.sentence().contains("expected a whole session"), found.sentence());
        assertEquals(
                List.of("run-1.safetensors"),
                found.session().runs().stream().map(SavedSession.Run::file).toList(),
                "the capture in the folder itself");
    }

    @Test
    void aDiscardedSessionIsDeleted() throws IOException {
        run(workbench, "calc 7+8=");
        autosave.abandon();
        Autosave next = autosave(window());
        next.discard(left(next).get(0));
        assertEquals(List.of(), filesKept());
        assertEquals(List.of(), left(next));
    }

    @Test
    void aFolderThatCannotBeWrittenIsToldOnceAndTheRunIsThere() throws IOException {
        Files.writeString(base, "a file where the folder should be");
        run(workbench, "calc 7+8=");
        run(workbench, "calc 1+1=");
        assertEquals(2, workbench.runs().size());
        assertEquals(
                1,
                workbench.log().entries().stream()
                        .filter(entry -> entry.sentence().startsWith("This session is not kept"))
                        .count());
        assertFalse(workbench.noticeProperty().get().contains("session"), "no banner for this");
    }

    @Test
    void aSessionOfAProgramThatKnewNoComparisonIsRead() throws Exception {
        run(workbench, "calc 7+8=");
        autosave.abandon();
        Path session;
        try (Stream<Path> files = Files.walk(base)) {
            session = files.filter(file -> file.endsWith(SavedSession.FILE))
                    .findFirst()
                    .orElseThrow();
        }
        String text = Files.readString(session);
        String older = text.replaceAll(",\\s*\"compared\" : \\[ *\\]", "");
        assertFalse(older.equals(text), text);
        Files.writeString(session, older);
        assertEquals(
                List.of(),
                SavedSession.read(Path.of(session.getParent().toString())).compared());
    }

    @Test
    void whatIsKeptIsClosedToOtherUsers() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.createDirectories(base); // as an earlier program made it
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        run(workbench, "calc 7+8=");
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.toList()) {
                assertEquals(
                        Files.isDirectory(file) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        file.toString());
            }
        }
        assertTrue(filesKept().contains("session.json"));
    }
}
