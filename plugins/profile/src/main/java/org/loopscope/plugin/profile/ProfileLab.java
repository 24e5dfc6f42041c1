package org.loopscope.plugin.profile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.loopscope.analysis.lens.DepthPoint;
import org.loopscope.analysis.profile.Profile;
import org.loopscope.analysis.profile.ProfileKind;
import org.loopscope.analysis.profile.ProfileReader;
import org.loopscope.analysis.profile.ProfileRow;
import org.loopscope.analysis.profile.ProfileValue;
import org.loopscope.analysis.prompts.Prompt;
import org.loopscope.analysis.set.PromptText;
import org.loopscope.analysis.set.PromptText.Span;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.table.Columns;
import org.loopscope.analysis.table.Rows;
import org.loopscope.figure.ChartFigure;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.Findings;
import org.loopscope.lab.Job;
import org.loopscope.lab.PromptJob;
import org.loopscope.lab.PromptKind;
import org.loopscope.lab.SetLab;
import org.loopscope.lab.SetWords;
import org.loopscope.lab.Setting;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;

/** Means of some values at every place of the depth, over a set of prompts. */
abstract class ProfileLab implements SetLab<Prompt, ProfileRow.InFile, Profile> {
    static final Setting<Integer> STEPS = Setting.steps(1);
    static final Setting<Boolean> LAYERS =
            Setting.flag("layers").means("Measure after every layer of every step; without it, step outputs.");
    static final Setting<Integer> GENERATE = PromptJob.generate(0);
    static final Setting<String> GROUP = Setting.group();

    private final Setting<ProfileValue> value;
    private final FigureKind figure;

    ProfileLab(Setting<ProfileValue> value, FigureKind figure) {
        this.value = value;
        this.figure = figure;
    }

    /**
     * What is drawn.
     *
     * @param all values that one kind or the other has
     * @param usual unless another is asked for
     */
    static Setting<ProfileValue> value(Stream<ProfileValue> all, ProfileValue usual) {
        return Setting.choice("value", all.distinct().toList(), ProfileValue::column, ProfileValue::title)
                .means("The column that the figure shows.")
                .or(usual)
                .forShowing();
    }

    /** What is measured after every layer, or of step outputs. */
    abstract ProfileKind kind(boolean layers);

    /** Which value is drawn. */
    public Setting<ProfileValue> value() {
        return value;
    }

    @Override
    public String id() {
        return command().replace("probe ", "") + "-set";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(STEPS, LAYERS, GENERATE, value, GROUP);
    }

    @Override
    public List<FigureKind> figures() {
        return List.of(figure);
    }

    @Override
    public PromptKind<Prompt> prompts() {
        return PromptKind.PROMPTS;
    }

    @Override
    public void check(Values values) throws LoopscopeException {
        List<ProfileValue> measured = kind(values.get(LAYERS)).measured();
        if (values.isSet(value) && !measured.contains(values.get(value))) {
            throw new LoopscopeException("--value: expected one of "
                    + String.join(
                            ", ", measured.stream().map(ProfileValue::column).toList())
                    + ", found \"" + values.text(value) + "\".");
        }
    }

    @Override
    public Columns<ProfileRow.InFile> columns(Values values) {
        return ProfileRow.table(kind(values.get(LAYERS)));
    }

    @Override
    public Job<ProfileRow.InFile> job(LoopedModel model, List<Prompt> items, Values values) throws LoopscopeException {
        ProfileKind kind = kind(values.get(LAYERS));
        return new PromptJob<>(model, items, values.get(STEPS), values.get(GENERATE)) {
            @Override
            protected List<ProfileRow.InFile> rows(int number, Prompt prompt, PromptText text, Reader run)
                    throws LoopscopeException {
                Capture capture = run.run(text.wholeIds(), kind.layers());
                ProfileReader reader = ProfileReader.of(kind, capture, model.unembedding(), run.control());
                List<ProfileRow.InFile> rows = new ArrayList<>();
                for (Span span : text.spans(capture.length())) {
                    for (int i = 0; i < reader.places().size(); i++) {
                        DepthPoint place = reader.places().get(i);
                        double[] means = reader.means(i, span.from(), span.count());
                        rows.add(inFile(
                                new ProfileRow(number, group(prompt), span.scope(), place, span.count(), means)));
                    }
                }
                return rows;
            }

            @Override
            protected ProfileRow.InFile problem(int number, Prompt prompt) {
                double[] none =
                        kind.measured().stream().mapToDouble(v -> Double.NaN).toArray();
                return inFile(new ProfileRow(number, group(prompt), Scope.PROBLEM, DepthPoint.stepOutput(1), 0, none));
            }

            private ProfileRow.InFile inFile(ProfileRow row) {
                return new ProfileRow.InFile(
                        row, kind.statement(), model.config().trainedSteps(), steps(), origin());
            }
        };
    }

    @Override
    public Profile summarise(Path rows) throws LoopscopeException {
        Profile profile = Profile.read(rows);
        if (profile.kind() != kind(profile.kind().layers())) {
            throw new LoopscopeException(
                    rows + ": expected the rows of loopscope " + command() + ", found those of the other profile.");
        }
        return profile;
    }

    @Override
    @SuppressWarnings("unchecked") // the values of a setting are of its own type
    public <T> List<T> offered(Setting<T> setting, Profile profile) {
        if (setting.equals(GROUP)) {
            return (List<T>) profile.groups();
        }
        return setting.allowed()
                .filter(one -> !(one instanceof ProfileValue v)
                        || profile.kind().measured().contains(v))
                .toList();
    }

    @Override
    public Optional<ChartFigure> figure(FigureKind kind, Profile profile, Values values) {
        return Optional.of(ProfileFigures.curve(profile, values.get(value), values.find(GROUP)));
    }

    @Override
    public Findings findings(Profile profile, Values values) {
        Optional<String> only = values.find(GROUP);
        Findings found = new Findings()
                .line("Model      " + SetWords.model(profile.model()) + ", " + profile.computeDtype() + ", T = "
                        + profile.steps())
                .line("States     " + profile.kind().statement())
                .line("Counted    " + (profile.prompts() - profile.problems()) + " prompts"
                        + only.map(g -> ", of them those of " + g).orElse("")
                        + SetWords.skipped(profile.problems())
                        + "; means over prompts, each counts once")
                .put("model", profile.model())
                .put("compute_dtype", profile.computeDtype())
                .put("max_steps", profile.steps())
                .put("states", profile.kind().statement())
                .put("group", only.orElse(null))
                .put("prompts", profile.prompts())
                .put("prompts_not_measured", profile.problems());
        for (Scope scope : profile.scopes()) {
            found.line("").line("The " + scope.title()).table(scope.cliName(), rows(profile, scope, only));
        }
        return found.line("");
    }

    private static Rows<Integer> rows(Profile profile, Scope scope, Optional<String> only) {
        List<ProfileValue> measured = profile.kind().measured();
        List<List<Profile.Point>> curves =
                measured.stream().map(one -> profile.curve(one, scope, only)).toList();
        List<Integer> places = IntStream.range(0, curves.get(0).size()).boxed().toList();
        Rows<Integer> rows = Rows.of(places)
                .text(
                        "place",
                        profile.kind().layers() ? "step·layer" : "step",
                        i -> curves.get(0).get(i).place().label());
        for (int v = 0; v < measured.size(); v++) {
            List<Profile.Point> curve = curves.get(v);
            String name = measured.get(v).column();
            rows.number(name, name, 3, i -> curve.get(i).mean().value());
        }
        return rows;
    }
}
