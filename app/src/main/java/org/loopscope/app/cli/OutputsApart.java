package org.loopscope.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.loopscope.analysis.choice.ChoiceFile;
import org.loopscope.lab.PromptKind;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** That no command writes over what it reads, or two results into one file; asked of every command line before it runs. */
final class OutputsApart {
    private static final Set<String> OUTPUTS = Set.of("--out", "--figure", "--matrix");

    /** So begin the options of what a lab writes besides. */
    private static final String SAVE = "--save-";

    /** What stands there is text, though a file may have the same name. */
    private static final Set<String> TEXTS =
            Set.of("--prompt", "--corrupted", "--answer", "--token", "--template", "--group", "--tokens", "--chat");

    private OutputsApart() {}

    /** @param name of the option or parameter, as the user knows it */
    private record Named(String name, String text, boolean output) {}

    /** @throws LoopscopeException naming both, if an output is one of the inputs or another output */
    static void check(ParseResult parsed) throws LoopscopeException {
        List<Named> all = named(parsed);
        for (Named output : all) {
            if (output.output) {
                for (Named other : all) {
                    if (other != output) {
                        requireApart(output, other);
                    }
                }
            }
        }
    }

    private static List<Named> named(ParseResult parsed) {
        List<Named> all = new ArrayList<>();
        for (ParseResult p = parsed; p != null; p = p.hasSubcommand() ? p.subcommand() : null) {
            for (ArgSpec arg : p.matchedArgs()) {
                String name = arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
                for (String text : TEXTS.contains(name) ? List.<String>of() : arg.originalStringValues()) {
                    for (String file : files(name, text)) {
                        all.add(new Named(name, file, OUTPUTS.contains(name) || name.startsWith(SAVE)));
                    }
                }
            }
        }
        return all;
    }

    /** What an option's text may name: itself, the file behind a =, and what is read beside it. */
    private static List<String> files(String name, String text) {
        return switch (name) {
            case "--rows" -> List.of(text.substring(text.indexOf('=') + 1));
            case "--set" -> List.of(text, ChoiceFile.labels(text));
            default -> List.of(text);
        };
    }

    private static void requireApart(Named output, Named other) throws LoopscopeException {
        Optional<Path> written = path(output.text);
        Optional<Path> read = path(other.text);
        if (written.isEmpty() || read.isEmpty()) {
            return;
        }
        if (other.name.equals("--set") && isTextOf(written.get(), read.get())) {
            throw new LoopscopeException(output.name + " " + ForeignText.shown(output.text, 100)
                    + ": expected a file that --set does not read, found one of its folder.");
        }
        boolean clash = (other.output || Files.exists(read.get())) && same(written.get(), read.get());
        if (clash || other.name.equals("--model") && isOfModel(written.get(), read.get())) {
            String found = other.output ? "what " + other.name + " writes" : "what " + other.name + " reads";
            throw new LoopscopeException(output.name + " " + ForeignText.shown(output.text, 100)
                    + ": expected a file of its own, found " + found + ".");
        }
    }

    /** Text that is no path at all is a prompt, a number, a rule. */
    private static Optional<Path> path(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.exists(one) && Files.exists(other)
                    ? Files.isSameFile(one, other)
                    : one.toAbsolutePath()
                            .normalize()
                            .equals(other.toAbsolutePath().normalize());
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether {@code file} is, or would be, one of the texts of a folder. */
    private static boolean isTextOf(Path file, Path folder) {
        Path parent = file.toAbsolutePath().getParent();
        return Files.isDirectory(folder) && parent != null && same(parent, folder) && PromptKind.isText(file);
    }

    /** Whether {@code file} is one of those that a model folder is read from. */
    private static boolean isOfModel(Path file, Path folder) {
        Path parent = file.toAbsolutePath().getParent();
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isDirectory(folder)
                && Files.exists(file)
                && parent != null
                && same(parent, folder)
                && (name.endsWith(".json") || name.endsWith(".jinja") || name.matches("model.*\\.safetensors"));
    }
}
