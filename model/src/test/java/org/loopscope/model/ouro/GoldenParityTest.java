package org.loopscope.model.ouro;

import org.junit.jupiter.api.Nested;

/** The whole forward pass on each golden set, with the kernels of the processor and with those of ND4J. */
class GoldenParityTest {
    @Nested
    class Mha extends GoldenGeneration {
        Mha() {
            super("mha", new HostKernels());
        }
    }

    @Nested
    class Gqa extends GoldenGeneration {
        Gqa() {
            super("gqa", new HostKernels());
        }
    }

    @Nested
    class ShardedGqa extends GoldenGeneration {
        ShardedGqa() {
            super("gqa/sharded", new HostKernels());
        }
    }

    @Nested
    class MhaOnNd4j extends GoldenParity {
        MhaOnNd4j() {
            super("mha", new Nd4jKernels());
        }
    }

    @Nested
    class GqaOnNd4j extends GoldenParity {
        GqaOnNd4j() {
            super("gqa", new Nd4jKernels());
        }
    }
}
