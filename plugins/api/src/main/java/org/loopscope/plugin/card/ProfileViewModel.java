package org.loopscope.plugin.card;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.profile.Profile;
import org.loopscope.analysis.profile.ProfileKind;
import org.loopscope.analysis.profile.ProfileSet;
import org.loopscope.analysis.profile.ProfileValue;
import org.loopscope.analysis.prompts.SetFile;
import org.loopscope.figure.ChartFigure;
import org.loopscope.model.LoopedModel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.figure.ProfileFigures;

/**
 * Values by depth over a prompt set: rows that are there, or a set that is run here; knows no control. Used on the FX
 * thread.
 */
public final class ProfileViewModel implements SetBar.Lab {
    private final PanelContext context;
    private final LabWork work;
    private final Subject subject;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReadOnlyObjectWrapper<@Nullable ChartFigure> figure = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<List<Choice>> values = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<List<Group>> groups = new ReadOnlyObjectWrapper<>(List.of());
    private final ObjectProperty<@Nullable Choice> value = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Group> group = new SimpleObjectProperty<>();
    private final BooleanProperty layers = new SimpleBooleanProperty();
    private final ObjectProperty<Integer> steps = new SimpleObjectProperty<>(4);
    private @Nullable Profile shown;

    /** What is measured. */
    public enum Subject {
        /** How states move. */
        GEOMETRY("geometry", ProfileValue.RELATIVE_STEP),
        /** What the logit lens reads. */
        LENS("lens", ProfileValue.SETTLED);

        private final String command;
        private final ProfileValue first;

        Subject(String command, ProfileValue first) {
            this.command = command;
            this.first = first;
        }

        String command() {
            return command;
        }

        private ProfileKind kind(boolean ofLayers) {
            return this == GEOMETRY ? ProfileKind.geometry(ofLayers) : ProfileKind.lens(ofLayers);
        }
    }

    /** A value that can be drawn. */
    record Choice(ProfileValue value) {
        @Override
        public String toString() {
            return value.title();
        }
    }

    /** Prompts that are counted; all where the name is empty. */
    record Group(Optional<String> name) {
        @Override
        public String toString() {
            return name.orElse("all prompts");
        }
    }

    public ProfileViewModel(PanelContext context, Subject subject, Executor executor, Executor fxThread) {
        this.context = context;
        this.subject = subject;
        this.work = LabWork.ofSet(executor, fxThread);
        subscriptions.onChange(value, v -> show());
        subscriptions.onChange(group, g -> show());
        subscriptions.follow(context.modelProperty(), this::adopt);
    }

    private void adopt(@Nullable LoopedModel model) {
        work.cancel();
        if (model != null) {
            steps.set(model.config().trainedSteps());
        }
    }

    Subject subject() {
        return subject;
    }

    @Override
    public LabWork work() {
        return work;
    }

    @Override
    public BooleanBinding cannotRunBinding() {
        return Bindings.or(work.runningProperty(), Bindings.isNull(context.modelProperty()));
    }

    ReadOnlyObjectProperty<@Nullable ChartFigure> figureProperty() {
        return figure.getReadOnlyProperty();
    }

    /** Values that the rows hold. */
    ReadOnlyObjectProperty<List<Choice>> valuesProperty() {
        return values.getReadOnlyProperty();
    }

    /** Groups that the rows hold. */
    ReadOnlyObjectProperty<List<Group>> groupsProperty() {
        return groups.getReadOnlyProperty();
    }

    ObjectProperty<@Nullable Choice> valueProperty() {
        return value;
    }

    ObjectProperty<@Nullable Group> groupProperty() {
        return group;
    }

    /** Whether the next set is measured after every layer. */
    BooleanProperty layersProperty() {
        return layers;
    }

    /** T of the next set's runs. */
    ObjectProperty<Integer> stepsProperty() {
        return steps;
    }

    @Override
    public void open(Path rows) {
        work.start(control -> Profile.read(rows), this::adopt);
    }

    /** Runs a set, goes on where an earlier run stopped, and shows it. */
    @Override
    public void run(String set, Path rows) {
        LoopedModel model = context.modelProperty().get();
        Integer depth = steps.get();
        if (model == null || depth == null) {
            return;
        }
        ProfileKind kind = subject.kind(layers.get());
        work.start(
                control -> {
                    new ProfileSet(model, SetFile.prompts(set), kind, depth, 0).run(rows, control);
                    return Profile.read(rows);
                },
                this::adopt);
    }

    private void adopt(Profile read) {
        Choice before = value.get();
        shown = null; // nothing is drawn until all choices are there
        value.set(null);
        group.set(null);
        values.set(read.kind().measured().stream().map(Choice::new).toList());
        List<Group> all = new ArrayList<>(List.of(new Group(Optional.empty())));
        read.groups().forEach(name -> all.add(new Group(Optional.of(name))));
        groups.set(List.copyOf(all));
        group.set(all.get(0));
        shown = read;
        Choice first = new Choice(subject.first);
        value.set(
                before != null && values.get().contains(before)
                        ? before
                        : values.get().contains(first) ? first : values.get().get(0));
    }

    private void show() {
        Profile now = shown;
        Choice chosen = value.get();
        Group counted = group.get();
        figure.set(
                now == null || chosen == null || counted == null
                        ? null
                        : ProfileFigures.curve(now, chosen.value(), counted.name()));
    }

    void dispose() {
        work.cancel();
        subscriptions.drop();
    }
}
