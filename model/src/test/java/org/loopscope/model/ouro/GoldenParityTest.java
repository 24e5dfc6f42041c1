package org.loopscope.model.ouro;

import org.junit.jupiter.api.Nested;

/** The whole forward pass on each golden set, with the kernels of the processor, with those of ND4J, and with those
 * of ND4J on a device whose memory Java does not see. */
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

    @Nested
    class MhaOnADevice extends OnADevice {
        MhaOnADevice() {
            super("mha", new TwoMemories().kernels());
        }
    }

    @Nested
    class GqaOnADevice extends OnADevice {
        GqaOnADevice() {
            super("gqa", new TwoMemories().kernels());
        }
    }

    /** With ND4J's kernels: all of it, but few drafts, whose lengths multiply the time of kernels that are slow here. */
    abstract static class OnADevice extends GoldenGeneration {
        OnADevice(String set, Kernels kernels) {
            super(set, kernels);
        }

        @Override
        int[] draftLengths() {
            return new int[] {3};
        }
    }
}
