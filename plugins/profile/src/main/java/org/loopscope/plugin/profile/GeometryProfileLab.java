package org.loopscope.plugin.profile;

import java.util.List;
import java.util.stream.Stream;
import org.loopscope.analysis.profile.ProfileKind;
import org.loopscope.analysis.profile.ProfileValue;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Setting;

/** How states move. */
public final class GeometryProfileLab extends ProfileLab {
    private static final Setting<ProfileValue> VALUE = value(
            Stream.of(false, true).flatMap(layers -> ProfileKind.geometry(layers).measured().stream()),
            ProfileValue.RELATIVE_STEP);

    public GeometryProfileLab() {
        super(VALUE, new FigureKind("by-depth", "geometry-set-profile", "States by depth over a set"));
    }

    @Override
    public String command() {
        return "probe geometry";
    }

    @Override
    public String title() {
        return "Geometry over a set";
    }

    @Override
    public String summary() {
        return "Measures over a set of prompts how states move with depth: norm, step size, angle, direction of updates,"
                + " acceleration, distance to the last step.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--set embedded/people.jsonl --out geometry.csv --figure relative-step.png",
                "--set embedded/people.jsonl --steps 16 --out long.csv --value distance_to_end --figure distance.svg",
                "--model ByteDance/Ouro-1.4B --set set.jsonl --layers --out layers.csv");
    }

    @Override
    public String help() {
        return GuideText.section("geometry-lab", "Over a prompt set");
    }

    @Override
    ProfileKind kind(boolean layers) {
        return ProfileKind.geometry(layers);
    }
}
