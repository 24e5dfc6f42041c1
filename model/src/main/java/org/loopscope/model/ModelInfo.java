package org.loopscope.model;

/**
 * Which model a capture came from, and how it ran.
 *
 * @param id {@code embedded}, the name in the Hugging Face cache, or the name of the checkpoint folder
 * @param weightHash SHA-256 in hex over the tensors the model uses, in name order (name, dtype, shape, hash of bytes), whatever
 *     the shards
 * @param parameters number of weights, tied ones counted once
 * @param checkpointDtype dtype of the stored weights: {@code F32}, {@code F16} or {@code BF16}
 * @param computeDtype how weights are held and products computed, {@link Precision#computeDtype}; such as {@code float32}
 * @param backend ND4J backend and device, with its library, such as {@code ND4J native (CPU), OpenBLAS 0.3.31 SkylakeX, 2
 *     threads}
 */
public record ModelInfo(
        String id, String weightHash, long parameters, String checkpointDtype, String computeDtype, String backend) {}
