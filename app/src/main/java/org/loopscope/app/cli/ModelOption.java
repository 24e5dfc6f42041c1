package org.loopscope.app.cli;

import org.loopscope.model.open.Models;
import picocli.CommandLine.Option;

/** Which model a command works with, where it works with one. */
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "DIR|embedded",
            defaultValue = Models.EMBEDDED,
            description =
                    "A checkpoint folder, a name in the Hugging Face cache such as ByteDance/Ouro-1.4B, or embedded. Default: embedded.")
    String name = Models.EMBEDDED;
}
