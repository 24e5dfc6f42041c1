package org.loopscope.model.ouro;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.DType;
import org.loopscope.model.checkpoint.RandomCheckpoint;
import org.loopscope.model.shape.LoopConfig;

/** One layer as wide as those of Ouro-1.4B (d 2048, 16 heads of 128, m 5632), with a vocabulary of 64. */
final class WideCheckpoint {
    static final LoopConfig CONFIG =
            new LoopConfig(64, 2048, 5632, 1, 16, 16, 128, 4, 65_536, 1e-6, 1_000_000, true, Set.of());

    private WideCheckpoint() {}

    /** Its folder under {@code base}, written (103 MB) unless it is there. */
    static Path in(Path base) throws LoopscopeException {
        return new RandomCheckpoint("wide", CONFIG, DType.BF16, 7).in(base, RunControl.none());
    }

    static OuroModel load(Path base, Kernels kernels) throws LoopscopeException {
        try (Checkpoint open = Checkpoint.open(in(base))) {
            return OuroModel.load(
                    open,
                    Precision.FLOAT32,
                    Optional.empty(),
                    "wide",
                    RunControl.none(),
                    kernels,
                    MemoryBudget.ofThisMachine());
        }
    }
}
