package org.loopscope.app.panels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.testkit.TestContext;
import org.loopscope.plugin.testkit.WelcomeRun;
import org.testfx.framework.junit5.ApplicationExtension;

/** Panels of others that break every rule: each is named with its jar, the built-in ones are there all the same. */
@ExtendWith(ApplicationExtension.class) // panels make nodes
class HostilePanelsTest {
    private static final int BUILT_IN = 8;

    @TempDir
    Path folder;

    private final List<String> problems = new ArrayList<>();

    private List<PanelProvider> load() {
        return PanelRegistry.load(List.of(folder), (sentence, cause) -> problems.add(sentence));
    }

    @ParameterizedTest
    @CsvSource({
        "exception, static, it failed with IllegalStateException: boom",
        "error, constructor, it calls itself without end",
        "error, static, it calls itself without end",
        "memory, id, it needs more memory than there is",
        "checked, title, it failed with IOException: checked",
        "exit, constructor, it tried to end the program",
        "exit, static, it tried to end the program",
        "halt, order, it tried to end the program",
        "forever, summary, it did not answer within 2 s",
        "null, title, it has no title",
    })
    void onePanelThatCannotDescribeItselfIsToldAndLeftOut(String deed, String place, String reason) throws Exception {
        HostileJar.build(folder, deed, place);
        assertEquals(BUILT_IN, load().size());
        assertEquals(1, problems.size(), problems.toString());
        assertEquals("The panel P of " + deed + "-" + place + ".jar cannot be used: " + reason + ".", problems.get(0));
    }

    @ParameterizedTest
    @CsvSource({
        "exception, create, it failed with IllegalStateException: boom",
        "error, create, it calls itself without end",
        "memory, view, it needs more memory than there is",
        "checked, create, it failed with IOException: checked",
        "exit, view, it tried to end the program",
        "null, create, it has no panel to open",
        "null, view, it has no view",
        "handed, create, it tried to end the program",
        "platform, create, it tried to end the program",
    })
    void onePanelThatCannotBeOpenedSaysWhy(String deed, String place, String reason) throws Exception {
        HostileJar.build(folder, deed, place);
        PanelProvider hostile = load().get(BUILT_IN);
        PanelFailure failure = assertThrows(PanelFailure.class, () -> hostile.create(new TestContext()));
        assertEquals(
                "The panel Title of " + deed + "-" + place + " of " + deed + "-" + place + ".jar cannot be used: "
                        + reason + ".",
                failure.getMessage());
    }

    @Test
    void aPanelThatDidNotAnswerIsNotAskedAgain() throws Exception {
        HostileJar.build(folder, "blocked", "supports");
        PanelProvider hostile = load().get(BUILT_IN);
        var run = WelcomeRun.run().inspect();
        PanelFailure first = assertThrows(PanelFailure.class, () -> hostile.supports(run));
        assertTrue(first.getMessage().endsWith("it did not answer within 2 s."), first.getMessage());
        PanelFailure second = assertThrows(PanelFailure.class, () -> hostile.figures(PanelState.initial(run)));
        assertEquals(first, second, "the same failure, at once");
    }

    @Test
    void aPanelThatKeepsTheRulesWorks() throws Exception {
        HostileJar.build(folder, "nothing", "static");
        PanelProvider panel = load().get(BUILT_IN);
        assertEquals("Title of nothing-static", panel.title());
        assertTrue(panel.supports(WelcomeRun.run().inspect()));
        var view = (Parent) panel.create(new TestContext()).view();
        assertEquals("hello", ((Label) view.getChildrenUnmodifiable().get(0)).getText());
        assertEquals(List.of(), problems);
        assertEquals(
                folder.resolve("nothing-static.jar"), ((GuardedProvider) panel).jar(), "where it came from is known");
    }

    @Test
    void aFailureInsideTheDrawingOfThePanelIsToldOnce() throws Exception {
        HostileJar.build(folder, "null", "figures");
        GuardedProvider hostile = (GuardedProvider) load().get(BUILT_IN);
        PanelState state = PanelState.initial(WelcomeRun.run().inspect());
        PanelFailure failure = assertThrows(PanelFailure.class, () -> hostile.drawing(() -> hostile.figures(state)));
        assertEquals(
                "The panel Title of null-figures of null-figures.jar cannot be used: it has no list of figures.",
                failure.getMessage());
    }

    @Test
    void whatAPanelThrowsLaterIsBlamedOnItsJar() throws Exception {
        HostileJar.build(folder, "listener", "create");
        TestContext context = new TestContext();
        load().get(BUILT_IN).create(context);
        ExitRule rule = ExitRule.fixed(1);
        Error thrown = assertThrows(
                LinkageError.class, () -> context.exitRuleProperty().set(rule));
        assertEquals(
                "A panel of listener-create.jar made a mistake: it failed with LinkageError: listening.",
                PanelFailure.blamed(thrown).getMessage());
        Throwable ours = new IllegalStateException();
        assertEquals(ours, PanelFailure.blamed(ours));
    }

    @Test
    void aViewThatCannotBeLaidOutDoesNotStopWhatHoldsIt() throws Exception {
        HostileJar.build(folder, "layout", "view");
        Parent view = (Parent) load().get(BUILT_IN).create(new TestContext()).view();
        view.resize(100, 100);
        view.layout(); // threw, and kept the window from opening
        view.layout();
    }

    @Test
    void anIdThatIsTakenIsRefused() throws Exception {
        HostileJar.build(folder, "nothing", "static");
        Files.copy(folder.resolve("nothing-static.jar"), folder.resolve("second.jar"));
        assertEquals(BUILT_IN + 1, load().size());
        assertEquals(
                List.of(
                        "The panel Title of nothing-static of second.jar cannot be used: its id nothing-static is that of"
                                + " the panel Title of nothing-static."),
                problems);
    }

    @Test
    void jarsThatAreNoneAndNamesThatLeadNowhereAreTold() throws Exception {
        Files.writeString(folder.resolve("text.jar"), "no jar at all");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Files.createDirectories(folder.resolve("folder.jar"));
        HostileJar.jar(folder.resolve("nobody.jar"), "not.There", empty);
        HostileJar.jar(folder.resolve("odd.jar"), "\u0007../..", empty);
        assertEquals(BUILT_IN, load().size());
        assertEquals(4, problems.size(), problems.toString());
        assertTrue(problems.contains("The jar folder.jar among the panels cannot be read: it is no file."));
        assertTrue(problems.contains("The jar text.jar among the panels cannot be read: it is damaged or no jar."));
        assertTrue(
                problems.contains(
                        "The panel There of nobody.jar cannot be used: a class that it needs is not there: not.There."),
                problems.toString());
    }

    @Test
    void aClassOfANewerJavaAndOneWithoutItsBaseAreTold() throws Exception {
        String source = "package newer; public class P extends Base {} class Base {}";
        Path classes = HostileJar.compile(folder, "newer", source, List.of());
        byte[] code = Files.readAllBytes(classes.resolve("newer/P.class"));
        code[7] = 120; // the version of the class file
        Files.write(classes.resolve("newer/P.class"), code);
        HostileJar.jar(folder.resolve("newer.jar"), "newer.P", classes);
        Path alone = HostileJar.compile(folder, "alone", source.replace("newer", "alone"), List.of());
        Files.delete(alone.resolve("alone/Base.class"));
        HostileJar.jar(folder.resolve("alone.jar"), "alone.P", alone);
        assertEquals(BUILT_IN, load().size());
        assertEquals(
                List.of(
                        "The panel P of alone.jar cannot be used: a class that it needs is not there: alone.Base.",
                        "The panel P of newer.jar cannot be used: it was built for a newer Java than this one, which is"
                                + " Java " + Runtime.version().feature() + "."),
                problems);
    }

    @Test
    void anExitWhenThePanelIsClosedIsToldToo() throws Exception {
        HostileJar.build(folder, "exit", "dispose");
        PanelProvider hostile = load().get(BUILT_IN);
        var opened = hostile.create(new TestContext());
        PanelFailure failure = assertThrows(PanelFailure.class, opened::dispose);
        assertTrue(failure.getMessage().contains("it tried to end the program"), failure.getMessage());
    }
}
