package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.compare.NamedInspection;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.open.Models;

/** Capture files with the models that made them, each model opened once; closing it closes them. */
final class CompareInput implements AutoCloseable {
    private static final int TOP_K = 5;

    private final List<String> given;
    private final RunControl control;
    private @Nullable LoopedModel lent;
    private final Map<String, LoopedModel> open = new LinkedHashMap<>(); // by name and precision

    /** @param given names of models, each tried for every file before the one that the file names */
    CompareInput(List<String> given, RunControl control) {
        this.given = List.copyOf(given);
        this.control = control;
    }

    /** A model that is open already: used for captures that it made, and left open. */
    CompareInput with(LoopedModel model) {
        lent = model;
        return this;
    }

    NamedInspection read(Path file) throws LoopscopeException {
        Capture capture = CaptureFile.read(file, control);
        Inspection inspection = Inspection.of(capture, model(file, capture), TOP_K, control);
        return new NamedInspection(String.valueOf(file.getFileName()), inspection);
    }

    private LoopedModel model(Path file, Capture capture) throws LoopscopeException {
        LoopedModel already = lent;
        if (already != null
                && already.info().weightHash().equals(capture.model().weightHash())
                && already.info().computeDtype().equals(capture.model().computeDtype())) {
            return already;
        }
        Precision precision =
                Precision.ofComputeDtype(capture.model().computeDtype()).orElse(Precision.FLOAT32);
        List<String> names = new ArrayList<>(given);
        String id = capture.model().id();
        if (given.isEmpty() && !id.equals(Models.EMBEDDED) && !id.contains("/")) {
            throw new LoopscopeException(
                    file + " is a capture of the model " + id + "; give that model's folder with --model.");
        }
        if (id.equals(Models.EMBEDDED) || given.isEmpty()) { // what has a slash is a name in the Hugging Face cache
            names.add(id);
        }
        for (String name : names) {
            LoopedModel model = opened(name, precision);
            if (model.info().weightHash().equals(capture.model().weightHash())) {
                return model;
            }
        }
        throw new LoopscopeException(file + " is a capture of the model " + id + ", expected one of --model with its"
                + " weights, found " + String.join(", ", names) + ", which have others.");
    }

    private LoopedModel opened(String name, Precision precision) throws LoopscopeException {
        String key = precision.cliName() + " " + name;
        LoopedModel model = open.get(key);
        if (model == null) {
            model = Models.open(name, precision, control);
            open.put(key, model);
        }
        return model;
    }

    @Override
    public void close() {
        open.values().forEach(LoopedModel::close);
    }
}
