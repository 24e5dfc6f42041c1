package org.loopscope.plugin.faithfulness;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.agreement.AnswerTable;
import org.loopscope.analysis.probe.DepthProbes;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.probe.ProbeSet;
import org.loopscope.analysis.probe.StateStore;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.LoopscopeException;
import org.loopscope.model.RunControl;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.card.LabWork;
import org.loopscope.plugin.figure.AnswerFigures;
import org.loopscope.plugin.figure.ChartFigure;
import org.loopscope.plugin.figure.HeatmapFigure;
import org.loopscope.plugin.figure.ProbeFigures;

/** Agreement and linear probes over a set of prompts, with the open model. Used on the FX thread. */
final class SetViewModel {
    /** Sets that come with the program. */
    static final List<SetChoice> BUNDLED = List.of(
            new SetChoice("Cups, for the embedded model", "embedded/probe-cups.jsonl"),
            new SetChoice("Question pairs, for Ouro", "ouro/question-pairs.jsonl"));

    private final PanelContext context;
    private final LabWork work;
    private final ObjectProperty<SetChoice> set = new SimpleObjectProperty<>(BUNDLED.get(0));
    private final ObjectProperty<Integer> limit = new SimpleObjectProperty<>(300);
    private final ReadOnlyObjectWrapper<@Nullable HeatmapFigure> agreement = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> probes = new ReadOnlyObjectWrapper<>();

    /**
     * A set.
     *
     * @param name a file, or the name of one that comes with the program
     */
    record SetChoice(String title, String name) {
        static SetChoice of(Path file) {
            return new SetChoice(String.valueOf(file.getFileName()), file.toString());
        }

        @Override
        public String toString() {
            return title;
        }
    }

    SetViewModel(PanelContext context, Executor executor, Executor fxThread) {
        this.context = context;
        this.work = new LabWork(executor, fxThread);
    }

    LabWork work() {
        return work;
    }

    ObjectProperty<SetChoice> setProperty() {
        return set;
    }

    /** Prompts that are asked at most. */
    ObjectProperty<Integer> limitProperty() {
        return limit;
    }

    ReadOnlyObjectProperty<@Nullable HeatmapFigure> agreementProperty() {
        return agreement.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> probesProperty() {
        return probes.getReadOnlyProperty();
    }

    /** Asks every prompt and counts how the steps agree. */
    void countAgreement() {
        LoopedModel model = context.modelProperty().get();
        SetChoice choice = set.get();
        int most = limit.get();
        if (model == null) {
            work.say("There is no model yet.");
            return;
        }
        work.start(control -> agreement(model, read(choice, most), about(model, choice), control), agreement::set);
    }

    /** Trains probes on the states after every layer of every step. */
    void trainProbes() {
        LoopedModel model = context.modelProperty().get();
        SetChoice choice = set.get();
        int most = limit.get();
        if (model == null) {
            work.say("There is no model yet.");
            return;
        }
        work.start(control -> probes(model, read(choice, most), about(model, choice), control), probes::set);
    }

    private static String about(LoopedModel model, SetChoice choice) {
        return model.info().id() + ", " + choice.title() + " · " + model.info().computeDtype();
    }

    private static ProbeSet read(SetChoice choice, int most) throws LoopscopeException {
        SetFile file = SetFile.open(choice.name());
        try (BufferedReader in = file.reader()) {
            return ProbeSet.read(in, file.name(), ProbeSet.TEMPLATE, most);
        } catch (IOException e) {
            throw new LoopscopeException(choice.name() + ": cannot be read (" + e.getMessage() + ").", e);
        }
    }

    private static HeatmapFigure agreement(LoopedModel model, ProbeSet set, String about, RunControl control)
            throws LoopscopeException {
        int steps = model.config().trainedSteps();
        List<String> columns = AnswerTable.columns(steps);
        List<Map<String, String>> rows = new ArrayList<>();
        for (int i = 0; i < set.items().size(); i++) {
            control.checkCancelled();
            control.progress("prompts", i, set.items().size());
            List<String> cells = AnswerTable.row(model, set.items().get(i), i + 1, steps, control);
            Map<String, String> row = new HashMap<>();
            for (int c = 0; c < cells.size(); c++) {
                row.put(columns.get(c), cells.get(c));
            }
            rows.add(row);
        }
        return AnswerFigures.agreement(AnswerTable.of(rows, steps).agreement(), about);
    }

    private static ChartFigure probes(LoopedModel model, ProbeSet set, String about, RunControl control)
            throws LoopscopeException, IOException {
        int steps = model.config().trainedSteps();
        int layers = model.config().layers();
        DepthProbes probes = new DepthProbes(set.items(), new DepthProbes.Settings(steps, layers, 5, 0.1, 0));
        Path folder = Files.createTempDirectory("loopscope-probe-");
        try {
            return ProbeFigures.auc(rows(model, probes, folder, steps, control), layers, about);
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    private static List<ProbeRow> rows(
            LoopedModel model, DepthProbes probes, Path folder, int steps, RunControl control)
            throws LoopscopeException {
        StateStore store = StateStore.open(
                folder.resolve("states"),
                "window",
                probes.placeCount(),
                model.config().hiddenSize(),
                steps);
        try {
            probes.collect(model, store, control);
            List<ProbeRow> rows = new ArrayList<>();
            for (int i = 0; i < probes.probeCount(); i++) {
                control.progress("probes", i, probes.probeCount());
                rows.add(probes.probe(store, i, control));
            }
            return rows;
        } finally {
            store.delete();
        }
    }

    void dispose() {
        work.cancel();
    }
}
