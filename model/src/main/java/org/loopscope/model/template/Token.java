package org.loopscope.model.template;

/**
 * A piece of a template.
 *
 * @param text of a string its value, else as written
 * @param line counted from 1
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        TEXT,
        BLOCK_BEGIN,
        BLOCK_END,
        OUTPUT_BEGIN,
        OUTPUT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }

    /** As a sentence names it. */
    String shown() {
        return switch (kind) {
            case END -> "the end of the template";
            case BLOCK_END -> "the end of the block";
            case OUTPUT_END -> "the end of the output";
            default -> "\"" + text + "\"";
        };
    }
}
