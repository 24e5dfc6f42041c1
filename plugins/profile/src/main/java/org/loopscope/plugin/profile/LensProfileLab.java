package org.loopscope.plugin.profile;

import java.util.List;
import org.loopscope.analysis.profile.ProfileKind;
import org.loopscope.analysis.profile.ProfileValue;
import org.loopscope.lab.FigureKind;
import org.loopscope.lab.GuideText;
import org.loopscope.lab.Setting;

/** What the logit lens reads. */
public final class LensProfileLab extends ProfileLab {
    private static final Setting<ProfileValue> VALUE =
            value(ProfileKind.lens(false).measured().stream(), ProfileValue.SETTLED);

    public LensProfileLab() {
        super(VALUE, new FigureKind("by-depth", "lens-set-profile", "Lens by depth over a set"));
    }

    @Override
    public String command() {
        return "probe lens";
    }

    @Override
    public String title() {
        return "Lens over a set";
    }

    @Override
    public String summary() {
        return "Reads the logit lens over a set of prompts at every step, or after every layer: entropy, KL to the last depth,"
                + " probability of the text, and how many predictions have settled.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "--set embedded/people.jsonl --layers --out lens.csv --figure settled.png",
                "--read lens.csv --value entropy --figure entropy.svg");
    }

    @Override
    public String help() {
        return GuideText.section("lens-lab", "Over a prompt set");
    }

    @Override
    ProfileKind kind(boolean layers) {
        return ProfileKind.lens(layers);
    }
}
