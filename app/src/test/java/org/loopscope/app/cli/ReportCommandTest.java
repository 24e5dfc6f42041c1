package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.plugin.PanelProvider;

class ReportCommandTest {
    private static final String PROMPT = "people Ann's friend's boss's teacher's neighbour's boss's friend is";
    private static final Pattern IMAGE =
            Pattern.compile("<img alt=\"([^\"]*)\" width=\"(\\d+)\" src=\"data:image/png;base64,([^\"]+)\">");

    @TempDir
    Path folder;

    private String report(String... input) throws Exception {
        Path out = folder.resolve("report.html");
        List<String> args = new ArrayList<>(List.of("report", "--out", out.toString()));
        args.addAll(List.of(input));
        Cli.Result result = Cli.run(args.toArray(String[]::new));
        assertEquals("", result.err());
        assertEquals(0, result.code());
        assertEquals("Report written to " + out + ".", result.out().strip());
        return Files.readString(out);
    }

    @Test
    void thePageLoadsNothingFromAnywhere() throws Exception {
        String page = report("--prompt", PROMPT);
        assertFalse(Pattern.compile("(src|href)\\s*=\\s*[\"']?+(?!data:)", Pattern.CASE_INSENSITIVE)
                .matcher(page)
                .find());
        assertFalse(page.contains("<script"));
        assertFalse(Pattern.compile("url\\(|@import", Pattern.CASE_INSENSITIVE)
                .matcher(page)
                .find());
    }

    @Test
    void everyPanelHasItsFiguresAtDoubleSizeWithTextAndData() throws Exception {
        String page = report("--prompt", PROMPT);
        List<PanelProvider> panels = PanelRegistry.load((sentence, cause) -> {
            throw new AssertionError(sentence, cause);
        });
        assertTrue(panels.size() >= 3, "panels: " + panels);
        for (PanelProvider panel : panels) {
            boolean drawsOneRun = !panel.id().equals("compare"); // which has a figure of two runs or more only
            assertEquals(drawsOneRun, page.contains("<section class=\"card\" id=\"" + panel.id() + "\">"), panel.id());
        }
        Matcher image = IMAGE.matcher(page);
        int figures = 0;
        while (image.find()) {
            figures++;
            assertFalse(image.group(1).isBlank(), "figure " + figures + " has no text alternative");
            var picture =
                    ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(image.group(3))));
            assertEquals(2 * Integer.parseInt(image.group(2)), picture.getWidth(), 2.0);
        }
        assertTrue(figures >= 3, "figures: " + figures);
        assertEquals(figures, page.split("<summary>Data, ", -1).length - 1, "one table a figure");
        assertFalse(page.contains("This panel failed"));
    }

    @Test
    void theHeadTellsEveryFactOfTheRun() throws Exception {
        String page = report("--prompt", PROMPT, "--exit-rule", "q:0.9");
        for (String fact : new String[] {
            "<h1>people Ann&#39;s friend&#39;s",
            "embedded, 196,225 parameters",
            "F32 weights, float32",
            "T = 4, trained with 4",
            "<dt>Exit rule shown</dt><dd>q:0.9</dd>",
            "Loopscope ",
            "f0f8de1cb67c"
        }) {
            assertTrue(page.contains(fact), fact);
        }
    }

    @Test
    void aCaptureGivesAReportToo() throws Exception {
        Path capture = folder.resolve("c.safetensors");
        assertEquals(
                0,
                Cli.run("run", "--prompt", PROMPT, "--out", capture.toString()).code());
        assertTrue(report(capture.toString()).contains("the model says <b>Dan</b>, from loop 3 on"));
    }

    private static List<String> titles(String page) {
        Matcher title = Pattern.compile("<figcaption><strong>(.*?)</strong>").matcher(page);
        List<String> titles = new ArrayList<>();
        while (title.find()) {
            titles.add(title.group(1));
        }
        return titles;
    }

    @Test
    void everyFigureThatNeedsNoSetAndNoFurtherRunIsInThePage() throws Exception {
        assertEquals(
                List.of(
                        "Logit lens by loop step",
                        "Trajectories at “is”",
                        "Prediction depth, logit lens",
                        "Exit at “is”",
                        "Tokens by exit step",
                        "Exit step of every token",
                        "Calibration of the gate on this run",
                        "λ and entropy",
                        "Weighted exit, mixed in two ways",
                        "Agreement of loop steps",
                        "Label marginals",
                        "When the answer settles",
                        "How states move: relative step",
                        "Motion of “is”",
                        "Orbits in one plane",
                        "All tokens by step",
                        "Quality by depth",
                        "Probability by depth",
                        "Entropy and change by depth",
                        "Drafts by depth",
                        "Gate by depth",
                        "Arithmetic by depth",
                        "Early steps as drafts of step 4",
                        "After “is”, by depth",
                        "Loss by loop",
                        "Loss of each token",
                        "Memory of the KV cache"),
                titles(report("--prompt", PROMPT)));
    }

    @Test
    void aRunOfEightLoopsAlsoTellsWhereTokensEnd() throws Exception {
        List<String> titles = titles(report("--prompt", PROMPT, "--steps", "8"));
        assertTrue(titles.contains("What tokens do in the end"), titles.toString());
    }

    @Test
    void groupsAndLayersAreReadOnRequest() throws Exception {
        String page = report("--prompt", PROMPT, "--layers", "--groups", "men: Dan Bob; women: Sue Ann");
        List<String> titles = titles(page);
        assertTrue(titles.contains("Token groups at “is”, logit lens"), titles.toString());
        assertTrue(titles.contains("Logit lens by loop step and layer"), titles.toString());
        assertTrue(page.contains("men goes from"), "the groups' description");
    }

    @Test
    void aTunedLensIsReadOnRequestAndImpliesLayers() throws Exception {
        Path lens = folder.resolve("lens.safetensors");
        Path text = Files.writeString(folder.resolve("text.txt"), (PROMPT + " Dan\n").repeat(40));
        Cli.Result trained =
                Cli.run("train", "tuned-lens", "--text", text.toString(), "--out", lens.toString(), "--epochs", "1");
        assertEquals(0, trained.code(), trained.err());
        List<String> titles =
                titles(report("--prompt", PROMPT, "--tuned", lens.toString(), "--groups", "men: Dan Bob"));
        assertTrue(titles.contains("Tuned lens by loop step and layer"), titles.toString());
        assertTrue(titles.contains("Prediction depth, tuned lens"), titles.toString());
        assertTrue(titles.contains("Token groups at “is”, logit lens"), titles.toString());
        assertTrue(titles.contains("Token groups at “is”, tuned lens"), titles.toString());

        Path out = folder.resolve("rounded.html");
        Cli.Result rounded = Cli.run(
                "report",
                "--prompt",
                PROMPT,
                "--tuned",
                lens.toString(),
                "--precision",
                "int8-weights",
                "--out",
                out.toString());
        assertEquals(2, rounded.code());
        assertEquals(
                lens
                        + " is a tuned lens trained in float32, expected one trained in float32 with int8-rounded weights, as"
                        + " this run was computed.",
                rounded.problem());
        assertFalse(Files.exists(out));
    }

    @Test
    void aTunedLensThatIsNoneAndWordsThatAreNoneAreRefused() throws Exception {
        Path out = folder.resolve("report.html");
        Path file = Files.writeString(folder.resolve("lens.safetensors"), "no lens");
        Cli.Result lens = Cli.run("report", "--prompt", PROMPT, "--tuned", file.toString(), "--out", out.toString());
        assertEquals(2, lens.code());
        assertTrue(lens.problem().contains("lens.safetensors"), lens.problem());
        Cli.Result words = Cli.run("report", "--prompt", PROMPT, "--groups", "men: Zzyzx", "--out", out.toString());
        assertEquals(2, words.code());
        assertTrue(words.problem().contains("Zzyzx"), words.problem());
        assertFalse(Files.exists(out));
    }

    @Test
    void aCancelledReportLeavesTheOldPage() throws Exception {
        Path out = Files.writeString(folder.resolve("report.html"), "old");
        Cli.Result result =
                Cli.in(folder).cancelledBy(() -> true).execute("report", "--prompt", PROMPT, "--out", out.toString());
        assertEquals(130, result.code());
        assertEquals("old", Files.readString(out));
    }

    private String capture(String name, String... options) {
        String file = folder.resolve(name + ".safetensors").toString();
        List<String> args = new ArrayList<>(List.of("run", "--out", file));
        args.addAll(List.of(options));
        Cli.Result result = Cli.run(args.toArray(String[]::new));
        assertEquals(0, result.code(), result.err());
        return file;
    }

    @Test
    void comparedRunsHaveASectionWithTheDifferenceOfEveryPanelsFigures() throws Exception {
        String other = capture("other", "--prompt", "people Tom's friend's boss is");
        String page = report("--prompt", PROMPT, "--compare", other);
        assertTrue(page.contains("<section class=\"card\" id=\"compare\">"), "no section");
        assertTrue(page.contains("<b>B</b> other.safetensors"), "B is not named");
        assertTrue(page.contains("Different: prompt"), "what differs is not told");
        assertTrue(page.contains("<strong>B − A: Logit lens by loop step</strong>"), "lens");
        assertTrue(page.contains("<strong>B − A: Exit at “is”</strong>"), "exit");
        assertTrue(page.contains("This figure is neither a grid nor a chart of numbers"), "marginals say why not");
        assertFalse(page.contains("cannot be compared:"), "a figure threw");
    }

    @Test
    void moreThanThreeComparedCapturesAreRefusedBeforeTheyAreRead() {
        List<String> args =
                new ArrayList<>(List.of("report", "--prompt", PROMPT, "--out", "" + folder.resolve("x.html")));
        for (int i = 0; i < 4; i++) {
            args.addAll(List.of("--compare", "no" + i + ".safetensors"));
        }
        Cli.Result result = Cli.run(args.toArray(String[]::new));
        assertEquals(2, result.code());
        assertEquals(
                "--compare: expected at most three captures, found 4.",
                result.err().strip());
        assertFalse(Files.exists(folder.resolve("x.html")));
    }
}
