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
import org.loopscope.app.PanelRegistry;
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
            assertTrue(page.contains("<section class=\"card\" id=\"" + panel.id() + "\">"), panel.id());
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

    @Test
    void aCancelledReportLeavesTheOldPage() throws Exception {
        Path out = Files.writeString(folder.resolve("report.html"), "old");
        Cli.Result result =
                Cli.in(folder).cancelledBy(() -> true).execute("report", "--prompt", PROMPT, "--out", out.toString());
        assertEquals(130, result.code());
        assertEquals("old", Files.readString(out));
    }
}
