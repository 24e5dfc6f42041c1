package org.loopscope.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.loopscope.model.base.ForeignText;
import org.loopscope.model.base.LoopscopeException;

/**
 * How a model's weight matrices are held in memory and how its products are computed. Norms, softmax, the residual
 * stream and the exit gate are float32 or better in every one of them.
 */
public enum Precision {
    /** Weights widened to float32, products in float32: the exact mode. */
    FLOAT32("float32", "float32", 4),
    /**
     * Weights as the bfloat16 numbers of the checkpoint, widened inside the products, which are float32: the same
     * results as {@link #FLOAT32} up to the order of sums, in half the memory. For bfloat16 checkpoints only.
     */
    BFLOAT16_WEIGHTS("bf16-weights", "float32 with bfloat16-held weights", 2),
    /** Weights and the inputs of every product rounded to bfloat16; sums and results are float32. */
    BFLOAT16("bfloat16", "bfloat16 products", 2),
    /** Weights rounded to int8 with one scale for each row, widened inside the products, which are float32. */
    INT8_WEIGHTS("int8-weights", "float32 with int8-rounded weights", 1);

    private final String cliName;
    private final String computeDtype;
    private final int bytesPerWeight;

    Precision(String cliName, String computeDtype, int bytesPerWeight) {
        this.cliName = cliName;
        this.computeDtype = computeDtype;
        this.bytesPerWeight = bytesPerWeight;
    }

    /** How it is written on the command line and in settings. */
    public String cliName() {
        return cliName;
    }

    /** How figures and captures name it, {@link ModelInfo#computeDtype}. */
    public String computeDtype() {
        return computeDtype;
    }

    /** Bytes that a number of a weight matrix takes in memory; scales and padding not counted. */
    public int bytesPerWeight() {
        return bytesPerWeight;
    }

    /** Whether results are those of float32 arithmetic on the stored weights, up to the order of sums. */
    public boolean exact() {
        return this == FLOAT32 || this == BFLOAT16_WEIGHTS;
    }

    /** The precision whose {@link #computeDtype} that is; empty for text that no precision of this version gives. */
    public static Optional<Precision> ofComputeDtype(String computeDtype) {
        return Arrays.stream(values())
                .filter(p -> p.computeDtype.equals(computeDtype))
                .findFirst();
    }

    /**
     * Reads a {@link #cliName}.
     *
     * @throws LoopscopeException with one sentence if it is none
     */
    public static Precision parse(String text) throws LoopscopeException {
        String name = text.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(p -> p.cliName.equals(name))
                .findFirst()
                .orElseThrow(() -> new LoopscopeException("Precision: expected "
                        + Arrays.stream(values()).map(Precision::cliName).collect(Collectors.joining(", "))
                        + ", found " + ForeignText.quoted(text) + "."));
    }
}
