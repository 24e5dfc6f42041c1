package org.loopscope.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.profile.Profile;
import org.loopscope.analysis.profile.ProfileKind;
import org.loopscope.analysis.profile.ProfileSet;
import org.loopscope.analysis.profile.ProfileValue;
import org.loopscope.analysis.prompts.PromptSet;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.analysis.set.Scope;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.figure.ProfileFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Means of some values at every place of the depth, over a set of prompts. */
abstract class ProbeProfileCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Option(
            names = "--set",
            paramLabel = "FILE",
            description =
                    "Prompts, JSONL or CSV, or a set that comes with the program, such as embedded/people.jsonl. An answer is"
                            + " given behind its prompt.")
    @Nullable
    private String set;

    @Mixin
    private final ProbeOptions options = new ProbeOptions();

    @Option(names = "--layers", description = "After every layer of every step; without it, of step outputs.")
    private boolean layers;

    @Option(
            names = "--generate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tokens generated greedily after a prompt that has no answer. Without it: none.")
    private int generate;

    @Option(
            names = "--read",
            paramLabel = "FILE",
            description = "Show a finished file of this command; nothing is run.")
    @Nullable
    private Path read;

    @Option(
            names = "--value",
            paramLabel = "COLUMN",
            description = "The column that the figure shows. Without it: relative_step, of the lens settled.")
    @Nullable
    private String value;

    @Option(names = "--group", paramLabel = "NAME", description = "Only the prompts of this group. Without it: all.")
    @Nullable
    private String group;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    ProbeProfileCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    /** What is measured after every layer, or of step outputs. */
    abstract ProfileKind kind(boolean ofLayers);

    /** What the figure shows unless told otherwise. */
    abstract ProfileValue usual();

    /** How the command is called, for its sentences. */
    abstract String called();

    @Override
    public Integer call() throws LoopscopeException {
        Checks.setOrRead(called(), set, options.out, read);
        Checks.atLeast("--generate", generate, 0);
        if (read != null) {
            options.checkReading();
            return show(Profile.read(read));
        }
        options.check();
        chosen(kind(layers));
        try (ProgressOption.Work work = progress.start(environment);
                LoopedModel model = options.open(work.control())) {
            measure(model, work.control());
            work.line().clear();
            SetWork.outsideTraining(
                    environment, options.steps(model), model.config().trainedSteps());
        } catch (CancellationException e) {
            return SetWork.cancelled(environment, options.out());
        }
        int code = show(Profile.read(options.out()));
        environment.out().println("Rows written to " + options.out() + ".");
        return code;
    }

    private void measure(LoopedModel model, RunControl control) throws LoopscopeException {
        PromptSet all = SetFile.prompts(Objects.requireNonNull(set));
        PromptSet prompts = new PromptSet(all.name(), options.limited(all.prompts()), all.otherFields());
        ProfileSet measured = new ProfileSet(model, prompts, kind(layers), options.steps(model), generate);
        SetWork.wentOn(environment, measured.run(options.out(), control));
    }

    private ProfileValue chosen(ProfileKind kind) throws LoopscopeException {
        String name = value == null ? usual().column() : value;
        return kind.measured().stream()
                .filter(one -> one.column().equals(name))
                .findFirst()
                .orElseThrow(() -> new LoopscopeException("--value: expected one of "
                        + kind.measured().stream().map(ProfileValue::column).collect(Collectors.joining(", "))
                        + ", found \"" + name + "\"."));
    }

    private int show(Profile profile) throws LoopscopeException {
        ProfileValue drawn = chosen(profile.kind());
        Optional<String> only = Optional.ofNullable(group);
        Checks.require(
                group == null || profile.groups().contains(group),
                "--group: expected one of " + String.join(", ", profile.groups()) + ", found \"" + group + "\".");
        var to = environment.out();
        to.println("Model      " + Shown.text(profile.model()) + ", " + profile.computeDtype() + ", T = "
                + profile.steps());
        to.println("States     " + profile.kind().statement());
        to.println("Counted    " + (profile.prompts() - profile.problems()) + " prompts"
                + only.map(g -> ", of them those of " + g).orElse("")
                + (profile.problems() == 0 ? "" : " (" + profile.problems() + " not measured: a number was not finite)")
                + "; means over prompts, each counts once");
        for (Scope scope : profile.scopes()) {
            to.println();
            to.println("The " + scope.title());
            print(profile, scope, only);
        }
        to.println();
        options.draw(ProfileFigures.curve(profile, drawn, only), environment);
        return ExitCode.FINE;
    }

    private void print(Profile profile, Scope scope, Optional<String> only) {
        TextTable table = new TextTable().left(profile.kind().layers() ? "step·layer" : "step");
        List<List<Profile.Point>> curves = new ArrayList<>();
        for (ProfileValue one : profile.kind().measured()) {
            table.right(one.column());
            curves.add(profile.curve(one, scope, only));
        }
        for (int place = 0; place < curves.get(0).size(); place++) {
            String[] row = new String[curves.size() + 1];
            row[0] = curves.get(0).get(place).place().label();
            for (int v = 0; v < curves.size(); v++) {
                row[v + 1] = Shown.number(curves.get(v).get(place).mean().value(), 3);
            }
            table.row(Arrays.asList(row));
        }
        table.print(environment.out());
    }

    /** How states move. */
    @Command(
            name = "geometry",
            description =
                    "Measures over a set of prompts how states move with depth: norm, step size, angle, direction of updates,"
                            + " acceleration, distance to the last step.",
            customSynopsis = {
                "loopscope probe geometry --set FILE --out FILE.csv [options]",
                "       loopscope probe geometry --read FILE.csv [options]      (one that is finished)"
            },
            synopsisHeading = "Usage: ",
            optionListHeading = "%nOptions:%n",
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  loopscope probe geometry --set embedded/people.jsonl --out geometry.csv --figure relative-step.png",
                "  loopscope probe geometry --set embedded/people.jsonl --steps 16 --out long.csv --value distance_to_end"
                        + " --figure distance.svg",
                "  loopscope probe geometry --model ByteDance/Ouro-1.4B --set set.jsonl --layers --out layers.csv"
            },
            versionProvider = LoopscopeCommand.Version.class)
    static final class Geometry extends ProbeProfileCommand {
        Geometry(CommandEnvironment environment) {
            super(environment);
        }

        @Override
        ProfileKind kind(boolean ofLayers) {
            return ProfileKind.geometry(ofLayers);
        }

        @Override
        ProfileValue usual() {
            return ProfileValue.RELATIVE_STEP;
        }

        @Override
        String called() {
            return "probe geometry";
        }
    }

    /** What the logit lens reads. */
    @Command(
            name = "lens",
            description =
                    "Reads the logit lens over a set of prompts at every step, or after every layer: entropy, KL to the last"
                            + " depth, probability of the text, and how many predictions have settled.",
            customSynopsis = {
                "loopscope probe lens --set FILE --out FILE.csv [options]",
                "       loopscope probe lens --read FILE.csv [options]      (one that is finished)"
            },
            synopsisHeading = "Usage: ",
            optionListHeading = "%nOptions:%n",
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  loopscope probe lens --set embedded/people.jsonl --layers --out lens.csv --figure settled.png",
                "  loopscope probe lens --read lens.csv --value entropy --figure entropy.svg"
            },
            versionProvider = LoopscopeCommand.Version.class)
    static final class Lens extends ProbeProfileCommand {
        Lens(CommandEnvironment environment) {
            super(environment);
        }

        @Override
        ProfileKind kind(boolean ofLayers) {
            return ProfileKind.lens(ofLayers);
        }

        @Override
        ProfileValue usual() {
            return ProfileValue.SETTLED;
        }

        @Override
        String called() {
            return "probe lens";
        }
    }
}
