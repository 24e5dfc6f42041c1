package org.loopscope.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The layers of the house: app, plugins, analysis, model, each seeing only what lies below it. */
class LayerRulesTest {
    private static final String MODEL = "org.loopscope.model..";
    private static final String ANALYSIS = "org.loopscope.analysis..";
    private static final String FIGURES = "org.loopscope.figure..";
    private static final String PLUGINS = "org.loopscope.plugin..";
    private static final String BENCH = "org.loopscope.bench..";
    private static final String APP = "org.loopscope.app..";
    private static final String LABS = "org.loopscope.lab..";
    private static final String[] PLUGIN_API = {"org.loopscope.plugin", "org.loopscope.plugin.card.."};
    private static final String[] PANELS = {
        "org.loopscope.plugin.lens..",
        "org.loopscope.plugin.exit..",
        "org.loopscope.plugin.faithfulness..",
        "org.loopscope.plugin.geometry..",
        "org.loopscope.plugin.kv..",
        "org.loopscope.plugin.compare..",
        "org.loopscope.plugin.depth..",
        "org.loopscope.plugin.eval.."
    };

    private static JavaClasses program;

    @BeforeAll
    static void readTheProgram() {
        program = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.loopscope");
    }

    /** An ArchUnit rule fails if it matches no class (its default), so a renamed package cannot switch a rule off. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(false).check(program);
    }

    @Test
    void theModelKnowsNothingAboveIt() {
        check(noClasses()
                .that()
                .resideInAPackage(MODEL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ANALYSIS, FIGURES, LABS, PLUGINS, BENCH, APP)
                .because("the model is usable alone: from a test, a script, another program"));
    }

    @Test
    void analysisKnowsOnlyTheModel() {
        check(noClasses()
                .that()
                .resideInAPackage(ANALYSIS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FIGURES, LABS, PLUGINS, BENCH, APP)
                .because("an analysis takes a capture and gives numbers, whoever shows them"));
    }

    @Test
    void figuresAndLabsKnowNoPanelAndNoWindow() {
        check(noClasses()
                .that()
                .resideInAnyPackage(FIGURES, LABS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PLUGINS, APP, "javafx..", "com.sun.javafx..")
                .because("labs are asked and figures drawn where there is no display"));
    }

    @Test
    void timingKnowsNothingOfPanelsAndTheProgram() {
        check(noClasses()
                .that()
                .resideInAPackage(BENCH)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FIGURES, LABS, PLUGINS, APP)
                .because("what is timed is the engine; the window lends itself as a TimedWindow"));
    }

    @Test
    void noPackageStandsOnOneThatStandsOnIt() {
        check(slices().matching("org.loopscope.(**)")
                .should()
                .beFreeOfCycles()
                .because("a newcomer reads the floors from below"));
    }

    @Test
    void panelsDoNotKnowTheApp() {
        check(noClasses()
                .that()
                .resideInAPackage(PLUGINS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(APP)
                .because("a panel gets the few services it needs through PanelContext"));
    }

    @Test
    void modelAndAnalysisNeverSeeAWindow() {
        check(noClasses()
                .that()
                .resideInAnyPackage(MODEL, ANALYSIS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javafx..", "com.sun.javafx..", "java.awt..", "javax.swing..", "org.jfree..")
                .because("whatever a panel shows can be computed from a test or the command line, without a display"));
    }

    @Test
    void onlyTheModelTouchesNd4jAndTheTokenizerBinding() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(MODEL)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.nd4j..", "org.bytedeco..", "ai.djl..")
                        .because(
                                "arrays of the backend are mutable and live off the heap; outside there are floats and records"));
    }

    @Test
    void aPanelDoesNotKnowAnotherPanel() {
        check(slices().matching("org.loopscope.plugin.(lens|exit|faithfulness|geometry|kv|depth|compare)..")
                .should()
                .notDependOnEachOther()
                .because("each panel can be left out, and one that breaks takes no other with it"));
    }

    @Test
    void thePanelApiKnowsNoPanel() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PLUGIN_API)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PANELS)
                .because("built-in panels use the same door as those of a user"));
    }

    @Test
    void theAppKnowsPanelsOnlyThroughTheApi() {
        check(noClasses()
                .that()
                .resideInAPackage(APP)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PANELS)
                .because("panels are found by ServiceLoader, built-in ones too"));
    }

    @Test
    void theCommandLineAndTheReportNeedNoWindow() {
        check(noClasses()
                .that()
                .resideInAnyPackage("org.loopscope.app.cli..", "org.loopscope.app.report..", BENCH)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javafx..", "org.loopscope.app.shell..", "org.loopscope.app.workbench..")
                .because("they run where there is no display and no GTK"));
    }

    @Test
    void onlyTheLauncherAndTheWindowsStartTouchTheStandardStreams() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.loopscope.app.Launcher")
                .and()
                .doNotHaveFullyQualifiedName("org.loopscope.app.JavaFxWindow")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("results and problems go through the command's writers, the log, or the window"));
    }

    @Test
    void everyNumberAndEveryLetterIsWrittenTheSameInEveryCountry() {
        check(noClasses()
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .orShould()
                .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "format", String.class, Object[].class)
                .orShould()
                .callConstructor(Formatter.class)
                .orShould()
                .callConstructor(DecimalFormat.class)
                .orShould()
                .callConstructor(DecimalFormat.class, String.class)
                .orShould()
                .callConstructor(DecimalFormatSymbols.class)
                .orShould()
                .callMethod(NumberFormat.class, "getInstance")
                .orShould()
                .callMethod(NumberFormat.class, "getIntegerInstance")
                .orShould()
                .callMethod(NumberFormat.class, "getPercentInstance")
                .orShould()
                .callMethod(DateTimeFormatter.class, "ofPattern", String.class)
                .because("data and figures do not depend on the system's language: give Locale.ROOT; libraries, which"
                        + " cannot be told, see the locale that the launcher sets"));
    }

    @Test
    void onlyTheLauncherUsesJavaUtilLogging() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.loopscope.app.Launcher")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .because("the program logs through SLF4J; the launcher only silences one line of JavaFX"));
    }

    @Test
    void providersHaveAPublicConstructorSoThatServiceLoaderCanMakeThem() {
        check(classes()
                .that()
                .implement("org.loopscope.plugin.PanelProvider")
                .should()
                .bePublic()
                .andShould()
                .haveSimpleNameEndingWith("Provider")
                .because("ServiceLoader makes them, and one word finds them all"));
    }

    @Test
    void aRuleThatMatchesNothingFails() {
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage("org.loopscope.nowhere..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("javafx..")
                .because("this checks the checker");
        assertThrows(AssertionError.class, () -> check(rule));
    }
}
