package org.loopscope.analysis.profile;

import java.util.List;

/** Which values are measured, and where. */
public enum ProfileKind {
    /** How step outputs move. */
    STEP_GEOMETRY("step outputs, after the final norm", false, ProfileValue.STEP_GEOMETRY),
    /** How the residual stream moves from layer to layer. */
    LAYER_GEOMETRY("residual stream after each layer, before the final norm", true, ProfileValue.LAYER_GEOMETRY),
    /** What the logit lens reads from step outputs. */
    STEP_LENS("logit lens of step outputs, final norm applied once", false, ProfileValue.LENS),
    /** What the logit lens reads after each layer. */
    LAYER_LENS("logit lens after each layer, final norm applied once", true, ProfileValue.LENS);

    private final String statement;
    private final boolean layers;
    private final List<ProfileValue> values;

    ProfileKind(String statement, boolean layers, List<ProfileValue> values) {
        this.statement = statement;
        this.layers = layers;
        this.values = values;
    }

    public static ProfileKind geometry(boolean layers) {
        return layers ? LAYER_GEOMETRY : STEP_GEOMETRY;
    }

    public static ProfileKind lens(boolean layers) {
        return layers ? LAYER_LENS : STEP_LENS;
    }

    /** Which states are read, for subtitles. */
    public String statement() {
        return statement;
    }

    /** Whether every layer of every step is a place; otherwise every step is. */
    public boolean layers() {
        return layers;
    }

    /** What is measured, in the order of the columns. */
    public List<ProfileValue> measured() {
        return values;
    }

    /** Names of the columns in files; a public format. */
    public List<String> columns() {
        return ProfileRow.table(this).names();
    }
}
