package org.loopscope.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.RandomCheckpoint;
import org.loopscope.model.embedded.EmbeddedModel;
import org.loopscope.model.open.Models;

/** The models that are measured. */
public enum BenchShape {
    /** The trained model of the program. */
    EMBEDDED("embedded", 20, 16),
    /** A small random one. */
    TINY("tiny", 20, 16),
    /** A random one of the size of Ouro-1.4B, 2.9 GB on disk. */
    OURO_1_4B("ouro-1.4b", 3, 6);

    private final String id;
    private final int runs;
    private final int decoded;

    BenchShape(String id, int runs, int decoded) {
        this.id = id;
        this.runs = runs;
        this.decoded = decoded;
    }

    /** Its name on the command line and in results. */
    public String id() {
        return id;
    }

    /** Measured runs where the user does not say how many. */
    int runs() {
        return runs;
    }

    /** Tokens that one decoding run generates. */
    int decoded() {
        return decoded;
    }

    /** Whether a run is so short that the Java machine must be warm to measure it. */
    boolean small() {
        return this != OURO_1_4B;
    }

    /** Whether it is a random checkpoint, which is made on disk first. */
    public boolean random() {
        return this != EMBEDDED;
    }

    /** What {@link Models#open} takes; makes the random checkpoint under {@code base} if it is not there. */
    String model(Path base, RunControl control) throws LoopscopeException {
        return random() ? folder(base, control).toString() : Models.EMBEDDED;
    }

    /** The folder it is in, made if it is not there. */
    Path folder(Path base, RunControl control) throws LoopscopeException {
        return random() ? RandomCheckpoint.named(id).orElseThrow().in(base, control) : EmbeddedModel.folder();
    }

    /** @throws LoopscopeException with one sentence if there is no such shape */
    public static BenchShape parse(String text) throws LoopscopeException {
        for (BenchShape shape : values()) {
            if (shape.id.equals(text)) {
                return shape;
            }
        }
        throw new LoopscopeException("--shape: expected one or more of "
                + Arrays.stream(values()).map(BenchShape::id).collect(Collectors.joining(", ")) + ", found \"" + text
                + "\".");
    }
}
