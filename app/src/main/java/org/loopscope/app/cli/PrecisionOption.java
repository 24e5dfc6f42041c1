package org.loopscope.app.cli;

import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Option;

/** How the runs of a set are computed. */
final class PrecisionOption {
    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "float32",
            description = "float32, bf16-weights, bfloat16 or int8-weights, as for run. Default: float32.")
    private String name = "float32";

    /** @throws LoopscopeException with one sentence for a name that is none */
    Precision value() throws LoopscopeException {
        return Precision.parse(name);
    }
}
