package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.FileKind;
import org.loopscope.lab.Form;
import org.loopscope.lab.Lab;
import org.loopscope.lab.RunLab;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.Setting;
import org.loopscope.lab.TableKind;
import org.loopscope.lab.Values;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options that a lab declares: its settings, its tables and its figures. */
final class LabOptions {
    private static final String TABLE = "--table";
    private static final String FIGURE_KIND = "--figure-kind";
    /** What commands of the first version called the table of a run, or else the figure. */
    private static final String WHAT = "--what";

    private static final String PICTURE = "--picture";

    private final Lab lab;
    private final CommandSpec spec;

    LabOptions(Lab lab, CommandSpec spec) {
        this.lab = lab;
        this.spec = spec;
    }

    /** Adds the options of settings that are asked when rows are measured, or those that decide how they are shown. */
    void addSettings(boolean forShowing) {
        for (Setting<?> setting : lab.asked()) {
            if (setting.isForShowing() == forShowing && spec.findOption("--" + setting.name()) == null) {
                spec.addOption(option(setting));
            }
        }
    }

    private static OptionSpec option(Setting<?> setting) {
        OptionSpec.Builder option = OptionSpec.builder("--" + setting.name()).description(plain(description(setting)));
        return setting.form() instanceof Form.Flag
                ? option.type(boolean.class).arity("0").build()
                : option.type(String.class).paramLabel(label(setting)).build();
    }

    private static String label(Setting<?> setting) {
        return setting.form() instanceof Form.Whole || setting.form() instanceof Form.Seed
                ? "N"
                : setting.form() instanceof Form.Real ? "X" : setting.name().toUpperCase(Locale.ROOT);
    }

    /** What a setting does, what it may be, and what it is by default. */
    static String description(Setting<?> setting) {
        StringBuilder text = new StringBuilder(setting.meaning());
        boolean choice = setting.form() instanceof Form.Choice<?>;
        if (choice || setting.form() instanceof Form.Whole whole && whole.most() < Integer.MAX_VALUE) {
            String expected = setting.form().expected();
            String allowed = choice && !expected.startsWith("one of") ? "one of " + expected : expected;
            text.append(' ')
                    .append(Character.toUpperCase(allowed.charAt(0)))
                    .append(allowed.substring(1))
                    .append('.');
        }
        if (!(setting.form() instanceof Form.Flag) && !setting.initially().isEmpty()) {
            text.append(" Default: ").append(setting.initially()).append('.');
        }
        return text.toString().strip();
    }

    /** Adds {@code --table}, for a lab that writes several tables of one run. */
    void addTables() {
        if (lab instanceof RunLab run && run.tables().size() > 1) {
            String tables = run.tables().stream()
                    .map(table -> table.name() + " (" + table.meaning() + ")")
                    .collect(Collectors.joining(", "));
            add(
                    TABLE,
                    "Of one run: " + tables + ". Default: "
                            + run.tables().get(0).name() + ".",
                    WHAT);
        }
    }

    /** Adds {@code --figure-kind}, for a lab that draws several figures. */
    void addFigures() {
        if (lab.figures().size() > 1) {
            String names = lab.figures().stream().map(FigureKind::name).collect(Collectors.joining(", "));
            String usual = lab instanceof RunLab run && run.tables().size() > 1
                    ? "the one that goes with the table"
                    : lab.figures().get(0).name();
            boolean tables = spec.findOption(WHAT) != null;
            add(FIGURE_KIND, "Which figure: " + names + ". Default: " + usual + ".", tables ? PICTURE : WHAT);
        }
    }

    /** Adds an option for each file that a lab over sets writes besides. */
    void addFiles() {
        for (FileKind kind : files()) {
            spec.addOption(OptionSpec.builder("--" + kind.name())
                    .paramLabel("FILE")
                    .type(Path.class)
                    .description(plain(kind.meaning()))
                    .build());
        }
    }

    List<FileKind> files() {
        return lab instanceof SetLab<?, ?, ?> set ? set.files() : List.of();
    }

    /** Where a file was asked for. */
    Optional<Path> file(FileKind kind) {
        return Optional.ofNullable(
                spec.commandLine().getParseResult().matchedOptionValue("--" + kind.name(), (Path) null));
    }

    private void add(String name, String description, String before) {
        spec.addOption(OptionSpec.builder(name)
                .paramLabel("NAME")
                .type(String.class)
                .description(plain(description))
                .build());
        spec.addOption(OptionSpec.builder(before)
                .paramLabel("NAME")
                .type(String.class)
                .hidden(true)
                .build());
    }

    /** Picocli takes % in texts for a format. */
    static String plain(String text) {
        return text.replace("%", "%%");
    }

    // ---- what was given

    private @Nullable String given(String option) {
        return spec.findOption(option) == null
                ? null
                : spec.commandLine().getParseResult().matchedOptionValue(option, (String) null);
    }

    /** The values of all settings that were given. */
    Values values() throws LoopscopeException {
        Values values = Values.of(lab.asked());
        for (Setting<?> setting : lab.asked()) {
            String option = "--" + setting.name();
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                Object value = spec.commandLine().getParseResult().matchedOptionValue(option, (Object) "");
                values = values.read(setting, String.valueOf(value));
            }
        }
        return values;
    }

    /** The name of the option by which a table was chosen; null where none was. */
    @Nullable
    String tableOption() {
        return !(lab instanceof RunLab run) || run.tables().size() < 2
                ? null
                : given(TABLE) != null ? TABLE : given(WHAT) != null ? WHAT : null;
    }

    /** The name of the option by which a figure was chosen; null where none was. */
    @Nullable
    String figureOption() {
        if (spec.findOption(FIGURE_KIND) == null) {
            return null;
        }
        if (given(FIGURE_KIND) != null) {
            return FIGURE_KIND;
        }
        String before = spec.findOption(TABLE) == null ? WHAT : PICTURE;
        return given(before) != null ? before : null;
    }

    /** The table that was asked for. */
    TableKind table(RunLab run) throws LoopscopeException {
        String option = tableOption();
        return option == null ? run.tables().get(0) : named(option, run.tables(), TableKind::name);
    }

    /** The figure that was asked for, or {@code usual}. */
    FigureKind figure(FigureKind usual) throws LoopscopeException {
        String option = figureOption();
        return option == null ? usual : named(option, lab.figures(), FigureKind::name);
    }

    private <T> T named(String option, List<T> all, Function<T, String> name) throws LoopscopeException {
        String wanted = String.valueOf(given(option)).strip().toLowerCase(Locale.ROOT);
        return all.stream()
                .filter(one -> name.apply(one).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new LoopscopeException(option + ": expected one of "
                        + all.stream().map(name).collect(Collectors.joining(", ")) + ", found "
                        + ForeignText.quoted(String.valueOf(given(option))) + "."));
    }
}
