package org.loopscope.plugin.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.geometry.Motion;
import org.loopscope.analysis.geometry.MotionClassifier;
import org.loopscope.analysis.geometry.StepGeometry;
import org.loopscope.analysis.lens.LensGrid;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.profile.Profile;
import org.loopscope.analysis.profile.ProfileKind;
import org.loopscope.analysis.profile.ProfileValue;
import org.loopscope.analysis.set.Scope;
import org.loopscope.lab.Values;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.plugin.testkit.TrainedModel;

/** States and lens of the embedded model over a small set. */
class ProfileLabTest {
    private static final String SET = "{\"prompt\":\"people Mia's friend is\",\"answer\":\"Eve\",\"group\":\"k=1\"}\n"
            + "{\"prompt\":\"people Leo's boss's neighbour is\",\"answer\":\"Tom\",\"group\":\"k=2\"}\n"
            + "{\"prompt\":\"calc 2+2=\"}\n";
    private static final LoopedModel model = TrainedModel.get();

    @TempDir
    Path folder;

    private static int run(String jsonl, ProfileKind kind, int steps, int generate, Path out, RunControl control)
            throws LoopscopeException {
        ProfileLab lab = kind == ProfileKind.geometry(kind.layers()) ? new GeometryProfileLab() : new LensProfileLab();
        Values values = Values.of(lab.settings())
                .with(ProfileLab.STEPS, steps)
                .with(ProfileLab.GENERATE, generate)
                .with(ProfileLab.LAYERS, kind.layers());
        return TrainedModel.run(lab, TrainedModel.set(jsonl).prompts(), values, out, control);
    }

    private Profile measured(String jsonl, ProfileKind kind, int steps, int generate) throws LoopscopeException {
        Path file = folder.resolve(kind + "-" + steps + ".csv");
        assertEquals(0, run(jsonl, kind, steps, generate, file, RunControl.none()));
        return Profile.read(file);
    }

    private static Capture capture(String text, int steps) throws LoopscopeException {
        int[] ids = model.tokenizer().orElseThrow().encode(text);
        return model.run(ids, RunOptions.steps(steps).withLayers(true), RunControl.none());
    }

    private static double mean(Profile profile, ProfileValue value, Scope scope, int place) {
        return profile.curve(value, scope, Optional.empty()).get(place).mean().value();
    }

    /** "people Mia 's friend is" has positions 0 to 4, of which 0 to 3 predict the prompt and 4 the answer. */
    @Test
    void meansAreThoseOfThePositionsThatPredictTheScope() throws LoopscopeException {
        String one = SET.lines().findFirst().orElseThrow();
        Capture capture = capture("people Mia's friend is Eve", 4);
        StepGeometry geometry = StepGeometry.of(capture);
        int given = capture.length() - 1;
        Profile profile = measured(one, ProfileKind.STEP_GEOMETRY, 4, 0);
        double sum = 0;
        for (int p = 0; p < given - 1; p++) {
            sum += geometry.relativeStep(3, p);
        }
        assertEquals(sum / (given - 1), mean(profile, ProfileValue.RELATIVE_STEP, Scope.PROMPT, 2), 1e-6);
        assertEquals(
                geometry.acceleration(4, given - 1),
                mean(profile, ProfileValue.ACCELERATION, Scope.ANSWER, 3),
                1e-5 * geometry.acceleration(4, given - 1));
        assertTrue(Double.isNaN(mean(profile, ProfileValue.UPDATE_COSINE, Scope.ANSWER, 1)), "two updates from step 3");
        assertEquals(0, mean(profile, ProfileValue.DISTANCE_TO_END, Scope.ANSWER, 3));

        LensGrid lens = LogitLens.steps(capture, model.unembedding(), 1, RunControl.none());
        Profile read = measured(one, ProfileKind.STEP_LENS, 4, 0);
        assertEquals(
                lens.probabilityOfNext(1, given - 1), mean(read, ProfileValue.TEXT_PROBABILITY, Scope.ANSWER, 1), 1e-5);
        assertEquals(lens.klToLast(0, given - 1), mean(read, ProfileValue.KL_TO_LAST, Scope.ANSWER, 0), 1e-4);
    }

    @Test
    void layersAreThoseOfTheRun() throws LoopscopeException {
        String one = SET.lines().findFirst().orElseThrow();
        Capture capture = capture("people Mia's friend is Eve", 3);
        LayerGeometry geometry = LayerGeometry.of(capture, RunControl.none());
        int answering = capture.length() - 2;
        Profile profile = measured(one, ProfileKind.LAYER_GEOMETRY, 3, 0);
        assertEquals(3 * geometry.layers(), profile.places().size());
        assertEquals("2·L01", profile.places().get(geometry.layers() + 1).label());
        assertEquals(
                geometry.angularDistance(2, 1, answering),
                mean(profile, ProfileValue.ANGULAR_DISTANCE, Scope.ANSWER, geometry.layers() + 1),
                1e-6);
    }

    @Test
    void aPromptCountsOnceWhateverItsLengthAndTwoGiveNoInterval() throws LoopscopeException {
        Profile profile = measured(SET, ProfileKind.STEP_GEOMETRY, 4, 2);
        List<Profile.Point> all = profile.curve(ProfileValue.NORM, Scope.ANSWER, Optional.empty());
        double first = groupNorm(profile, "k=1");
        double second = groupNorm(profile, "k=2");
        assertEquals((first + second) / 2, all.get(0).mean().value(), 1e-12);
        assertTrue(Double.isNaN(all.get(0).mean().interval().low()), "two prompts are no sample");
        assertEquals(2, all.get(0).mean().n());
        assertEquals(List.of(Scope.PROMPT, Scope.ANSWER, Scope.GENERATED), profile.scopes());
        assertEquals(List.of("k=1", "k=2"), profile.groups());
    }

    private static double groupNorm(Profile profile, String group) {
        return profile.curve(ProfileValue.NORM, Scope.ANSWER, Optional.of(group))
                .get(0)
                .mean()
                .value();
    }

    /** Each step is the class of a run that ends there. */
    @Test
    void motionOfAPrefixIsThatOfAShorterRun() throws LoopscopeException {
        String one = SET.lines().findFirst().orElseThrow();
        Profile deep = measured(one, ProfileKind.STEP_GEOMETRY, 12, 0);
        Profile shorter = measured(one, ProfileKind.STEP_GEOMETRY, 9, 0);
        Capture capture = capture("people Mia's friend is Eve", 9);
        int given = capture.length() - 1;
        for (ProfileValue value : List.of(ProfileValue.SETTLES, ProfileValue.CYCLES, ProfileValue.DRIFTS)) {
            assertTrue(Double.isNaN(mean(deep, value, Scope.PROMPT, 6)), "too few steps");
            assertEquals(mean(shorter, value, Scope.PROMPT, 8), mean(deep, value, Scope.PROMPT, 8));
        }
        long drifting = Arrays.stream(MotionClassifier.of(capture), 0, given - 1)
                .filter(motion -> motion.kind() == Motion.Kind.DRIFTS)
                .count();
        assertTrue(drifting > 0, "tells something");
        assertEquals(drifting / (given - 1.0), mean(deep, ProfileValue.DRIFTS, Scope.PROMPT, 8), 1e-12);
    }

    @Test
    void settledGrowsWithDepthAndIsOneAtTheEnd() throws LoopscopeException {
        Profile profile = measured(SET, ProfileKind.LAYER_LENS, 4, 0);
        double before = 0;
        for (Profile.Point point : profile.curve(ProfileValue.SETTLED, Scope.PROMPT, Optional.empty())) {
            assertTrue(point.mean().value() >= before);
            before = point.mean().value();
        }
        assertEquals(1, before);
        Profile.Point end = profile.curve(ProfileValue.AGREES_WITH_LAST, Scope.ANSWER, Optional.empty())
                .get(profile.places().size() - 1);
        assertEquals(1, end.mean().interval().low(), "at the last depth by definition");
    }

    @ParameterizedTest
    @EnumSource(ProfileKind.class)
    void anInterruptedRunEndsInTheBytesOfAWholeOne(ProfileKind kind) throws Exception {
        Path whole = folder.resolve("whole.csv");
        run(SET, kind, 3, 2, whole, RunControl.none());
        Path file = folder.resolve("parts.csv");
        Path part = folder.resolve("parts.csv.part");
        AtomicInteger begun = new AtomicInteger();
        RunControl stopped = RunControl.of(() -> begun.get() > 2, (stage, done, total) -> begun.incrementAndGet());
        assertThrows(CancellationException.class, () -> run(SET, kind, 3, 2, file, stopped));
        byte[] kept = Files.readAllBytes(part);
        Files.write(part, Arrays.copyOf(kept, kept.length - 40)); // as if killed in the middle of a line
        assertEquals(1, run(SET, kind, 3, 2, file, RunControl.none()));
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(file));
        assertFalse(Files.exists(part));
        assertEquals(kind, Profile.read(file).kind());
    }

    @Test
    void goingOnWithOtherStatesIsRefused() throws Exception {
        Path file = folder.resolve("other.csv");
        AtomicInteger begun = new AtomicInteger();
        RunControl stopped = RunControl.of(() -> begun.get() > 1, (stage, done, total) -> begun.incrementAndGet());
        assertThrows(CancellationException.class, () -> run(SET, ProfileKind.STEP_LENS, 4, 0, file, stopped));
        LoopscopeException e = assertThrows(
                LoopscopeException.class, () -> run(SET, ProfileKind.LAYER_LENS, 4, 0, file, RunControl.none()));
        assertTrue(
                e.getMessage().contains("was begun with layers = false, this run has layers = true"), e.getMessage());
    }

    @Test
    void anotherFileIsRefusedInOneSentence() throws Exception {
        Path file = Files.writeString(folder.resolve("other.csv"), "prompt,group\n1,a\n");
        LoopscopeException e = assertThrows(LoopscopeException.class, () -> Profile.read(file));
        assertEquals(
                file + ": expected the rows of loopscope probe geometry or probe lens, found others.", e.getMessage());
    }
}
