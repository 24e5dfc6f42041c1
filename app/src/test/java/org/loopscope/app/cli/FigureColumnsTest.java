package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.panels.LabRegistry;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.figure.Figure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Lab;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.RunInput;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.SetRun;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.open.Models;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Readings;
import org.loopscope.plugin.Selection;

/**
 * The table of figures and their columns in plugins/README.md is what the program draws: every figure of a panel of one run, and of a
 * lab of a run and of a set. With {@code -Ddocs.write=true} it is written; otherwise it must be as it would be.
 */
class FigureColumnsTest {
    private static final Path PAGE = Path.of("..", "plugins", "README.md");
    private static final Pattern BLOCK = Pattern.compile("<!-- figures -->\n.*?<!-- end -->", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private final Map<String, String> rows = new LinkedHashMap<>(); // by id

    @Test
    void theColumnsOfEveryFigureAreThoseOfTheProgram() throws IOException, LoopscopeException {
        try (LoopedModel model = Models.open(Models.EMBEDDED, RunControl.none())) {
            Capture capture = model.run(
                    model.requireTokenizer().encode("people Ann's friend's boss is"),
                    RunOptions.steps(4).withLayers(true),
                    RunControl.none());
            Inspection inspection = Inspection.of(capture, model, 5, RunControl.none());
            ofPanels(inspection, model);
            for (Lab lab : LabRegistry.byCommand().values()) {
                if (lab instanceof RunLab ofRuns) {
                    ofRun(ofRuns, inspection, model);
                }
                if (lab instanceof SetLab<?, ?, ?> ofSets) {
                    ofSet(ofSets, model);
                }
            }
        }
        List<String> lines = new ArrayList<>(List.of(
                "<!-- figures -->", "| figure id | panel or lab | columns of its CSV |", "| --- | --- | --- |"));
        lines.addAll(rows.values());
        lines.add("<!-- end -->");
        String page = Files.readString(PAGE);
        assertTrue(BLOCK.matcher(page).find(), "there is a table of figures");
        String made = BLOCK.matcher(page).replaceFirst(Matcher.quoteReplacement(String.join("\n", lines)));
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, made);
        } else {
            assertEquals(made, page, "written by mvn -B -pl app -am test -Dtest=FigureColumnsTest -Ddocs.write=true");
        }
    }

    private void ofPanels(Inspection inspection, LoopedModel model) {
        Readings readings = new Readings(
                Optional.of(LogitLens.layers(
                        inspection.capture(), model.unembedding(), model.tokenizer(), 5, RunControl.none())),
                Optional.empty(),
                List.of());
        PanelState state = new PanelState(
                inspection, new Selection(inspection.capture().length() - 1, 4), ExitRule.usual(true), readings);
        for (PanelProvider panel : PanelRegistry.load((sentence, cause) -> {})) {
            panel.figures(state).forEach(figure -> add(figure, panel.title()));
        }
    }

    private void ofRun(RunLab lab, Inspection inspection, LoopedModel model) {
        RunInput run = RunInput.of(inspection, model, ExitRule.usual(true), RunControl.none());
        Values values = Values.of(lab.asked()).on(model);
        for (FigureKind kind : lab.figures()) {
            try {
                lab.figure(kind, run, values).ifPresent(figure -> add(figure, lab.title()));
            } catch (LoopscopeException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("expected"), "a figure that needs what a run lacks");
            }
        }
    }

    private <P, R extends Record, S> void ofSet(SetLab<P, R, S> lab, LoopedModel model) throws LoopscopeException {
        Values values =
                Values.of(lab.asked()).with(PromptKind.LIMIT, lab.command().equals("probe linear") ? 40 : 10);
        for (Setting<?> setting : lab.settings()) {
            values = setting.name().equals("classes") ? values.read(setting, "names=^[A-Z]") : values;
        }
        String set = lab.prompts().bundled().sets().get(0).file();
        Path file = folder.resolve(lab.id() + ".csv");
        SetRun<P, R> run = new SetRun<>(lab, model, lab.prompts().read(set, values, told -> {}), values);
        run.into(file, kept -> {}, RunControl.none());
        S summary = lab.complete(lab.summarise(file), run.job(), RunControl.none());
        for (FigureKind kind : lab.figures()) {
            lab.figure(kind, summary, values).ifPresent(figure -> add(figure, lab.title()));
        }
    }

    private void add(Figure figure, String of) {
        rows.putIfAbsent(
                figure.id(),
                "| `" + figure.id() + "` | " + of + " | "
                        + String.join(", ", figure.table().columnNames()).replace("|", "\\|") + " |");
    }
}
