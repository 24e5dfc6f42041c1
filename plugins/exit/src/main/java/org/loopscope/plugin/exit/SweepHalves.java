package org.loopscope.plugin.exit;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.sweep.SweepChoice;
import org.loopscope.analysis.sweep.SweepCurve;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.lab.Values;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/** The rows on which thresholds are chosen, and those on which it is said what they reach. */
record SweepHalves(SweepData choosing, SweepData reporting) {
    /** @throws LoopscopeException with one sentence, where one of them has no prompts, or is of another T */
    static SweepHalves of(SweepData data, Values values) throws LoopscopeException {
        if (values.isSet(SweepLab.CHOOSE_ON)) {
            SweepData other = SweepData.read(file(values.get(SweepLab.CHOOSE_ON)));
            if (other.steps() != data.steps()) {
                throw new LoopscopeException(
                        "--choose-on: expected rows with T = " + data.steps() + ", found T = " + other.steps() + ".");
            }
            return new SweepHalves(other, data);
        }
        if (!values.get(SweepLab.SPLIT)) {
            return new SweepHalves(data, data);
        }
        if (data.prompts() - data.problems() < 2) {
            throw new LoopscopeException("--split: expected prompts for both halves, found " + data.prompts() + ".");
        }
        List<SweepData> halves = data.halves();
        return new SweepHalves(halves.get(0), halves.get(1));
    }

    private static Path file(String name) throws LoopscopeException {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new LoopscopeException(
                    "--choose-on: expected a file, found " + ForeignText.quoted(name)
                            + ", a name that no file can have.",
                    e);
        }
    }

    boolean apart() {
        return choosing != reporting;
    }

    SweepChoice curves(Scope scope, Quality quality, Optional<String> group, Values values) {
        SweepCurve reported = reporting.curve(scope, quality, group);
        return new SweepChoice(
                apart() ? choosing.curve(scope, quality, group) : reported, reported, values.get(SweepLab.UPPER));
    }

    /** Answers right, or agreement where there are no answers. */
    SweepChoice main(Optional<String> group, Values values) {
        Scope scope = reporting.mainScope();
        return curves(scope, SweepData.mainQuality(scope), group, values);
    }
}
