package org.loopscope.model.base;

/**
 * What one self-check found.
 *
 * @param name such as {@code finite weights}
 * @param sentence what was compared and how it came out
 */
public record CheckResult(String name, Outcome outcome, String sentence) {
    public CheckResult {
        sentence = ForeignText.sentence(sentence);
    }

    /** How a check came out. */
    public enum Outcome {
        PASSED,
        /** It could not be made here, for the reason in the sentence; no fault of the model. */
        NOT_MADE,
        FAILED;

        /** For lists. */
        public String label() {
            return switch (this) {
                case PASSED -> "passed";
                case NOT_MADE -> "not made";
                case FAILED -> "FAILED";
            };
        }
    }

    public static CheckResult passed(String name, String sentence) {
        return new CheckResult(name, Outcome.PASSED, sentence);
    }

    public static CheckResult notMade(String name, String sentence) {
        return new CheckResult(name, Outcome.NOT_MADE, sentence);
    }

    public static CheckResult failed(String name, String sentence) {
        return new CheckResult(name, Outcome.FAILED, sentence);
    }
}
