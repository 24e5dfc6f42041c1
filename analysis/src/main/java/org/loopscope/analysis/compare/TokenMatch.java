package org.loopscope.analysis.compare;

/** Which tokens of runs with different texts belong together, after the beginning that they share. */
public enum TokenMatch {
    /** By index, counted from the start. */
    FROM_START("start", "from the start"),
    /** Counted from the last given token, so that the ends of the prompts meet; generated tokens follow by index. */
    FROM_END("end", "from the end of the prompt");

    private final String cliName;
    private final String label;

    TokenMatch(String cliName, String label) {
        this.cliName = cliName;
        this.label = label;
    }

    /** The name on the command line. */
    public String cliName() {
        return cliName;
    }

    /** In a choice. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
