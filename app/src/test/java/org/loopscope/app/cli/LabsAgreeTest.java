package org.loopscope.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.depth.DepthValue;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.analysis.sweep.SweepPoint;

/** Labs that measure the same thing on the same set find the same. */
class LabsAgreeTest {
    @TempDir
    private Path folder;

    private Path rows(Path set, String lab, String... more) {
        Path out = folder.resolve(lab + ".csv");
        String[] all = {lab, "--set", set.toString(), "--generate", "3", "--out", out.toString()};
        Cli.Result result =
                Cli.run(java.util.stream.Stream.concat(java.util.Arrays.stream(all), java.util.Arrays.stream(more))
                        .toArray(String[]::new));
        assertEquals(0, result.code(), result.err());
        return out;
    }

    @Test
    void agreementByDepthAndItsIntervalAreThoseOfTheSweepsFixedSteps() throws Exception {
        Path set = folder.resolve("set.jsonl");
        Files.writeString(set, """
                {"prompt": "people Mia's friend is", "answer": "Eve", "group": "k=1"}
                {"prompt": "people Leo's boss's neighbour is", "answer": "Tom", "group": "k=2"}
                {"prompt": "people Joe's boss's boss's neighbour is", "answer": "Mia"}
                {"prompt": "calc 2+2="}
                """);
        SweepData sweep = SweepData.read(rows(set, "sweep", "--steps", "1..4", "--rules", "none"));
        DepthData depth = DepthData.read(rows(set, "depth", "--steps", "4"));
        for (Scope scope : List.of(Scope.PROMPT, Scope.ANSWER, Scope.GENERATED)) {
            DepthCurve curve = depth.curve(scope, Optional.empty()).orElseThrow();
            for (int t = 1; t <= 4; t++) {
                SweepPoint point = sweep.curve(scope, Quality.AGREEMENT, Optional.empty())
                        .point("fixed:" + t)
                        .orElseThrow();
                assertEquals(
                        point.quality(), curve.at(DepthValue.AGREEMENT_LAST, t).value(), 1e-15);
                assertEquals(
                        point.interval(), curve.at(DepthValue.AGREEMENT_LAST, t).interval());
                assertEquals(
                        curve.at(DepthValue.AGREEMENT_LAST, t),
                        curve.at(DepthValue.AGREEMENT_TRAINED, t),
                        "T is trained");
            }
        }
    }
}
