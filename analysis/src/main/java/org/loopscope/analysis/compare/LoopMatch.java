package org.loopscope.analysis.compare;

/** Which loops of runs with different T belong together. */
public enum LoopMatch {
    /** Loop t with loop t. */
    SAME_NUMBER("number", "same number"),
    /** The last loop with the last loop, and so on backwards. */
    FROM_LAST("last", "from the last");

    private final String cliName;
    private final String label;

    LoopMatch(String cliName, String label) {
        this.cliName = cliName;
        this.label = label;
    }

    /** The name on the command line. */
    public String cliName() {
        return cliName;
    }

    @Override
    public String toString() {
        return label;
    }
}
