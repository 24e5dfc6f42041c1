package org.loopscope.model.backend;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.LoopscopeException;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The card that ND4J's CUDA backend computes on.
 *
 * @param name as its driver tells it
 * @param major of its compute capability; −1 if ND4J does not tell
 * @param minor of its compute capability; −1 if ND4J does not tell
 */
record CudaDevice(String name, int major, int minor) {
    /**
     * The newest generation with code in ND4J's library: that of nd4j-cuda-11.6 1.0.0-M2.1 was looked through, it has
     * machine code for 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0 and 8.6, and no PTX that a driver could compile for later
     * ones. Machine code runs on its own generation only, from its own minor version up.
     */
    private static final int NEWEST_MAJOR = 8;

    /** The card of this thread; only where the backend is that of CUDA. */
    static CudaDevice current() {
        Properties told = Nd4j.getExecutioner().getEnvironmentInformation();
        return of(told, Nd4j.getAffinityManager().getDeviceForCurrentThread());
    }

    /** The card {@code index} of those that ND4J tells of. */
    static CudaDevice of(Properties told, int index) {
        if (told.get(Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY) instanceof List<?> devices
                && index >= 0
                && index < devices.size()
                && devices.get(index) instanceof Map<?, ?> device) {
            String name = device.get(Nd4jEnvironment.CUDA_DEVICE_NAME_KEY) instanceof String s ? s.strip() : "";
            return new CudaDevice(
                    name.isEmpty() ? unnamed(index) : name,
                    number(device.get(Nd4jEnvironment.CUDA_DEVICE_MAJOR_VERSION_KEY)),
                    number(device.get(Nd4jEnvironment.CUDA_DEVICE_MINOR_VERSION_KEY)));
        }
        return new CudaDevice(unnamed(index), -1, -1);
    }

    private static String unnamed(int index) {
        return "device " + index + " of unknown name";
    }

    private static int number(@Nullable Object value) {
        return value instanceof Number n ? n.intValue() : -1;
    }

    /** @throws LoopscopeException if ND4J's library has no code for this card */
    void requireCode() throws LoopscopeException {
        if (major > NEWEST_MAJOR) {
            throw new LoopscopeException(
                    name + ": expected compute capability 3.7 to 8.9, which is what ND4J's library for"
                            + " CUDA 11.6 has code for, found " + major + "." + minor + Backend.ADVICE);
        }
    }
}
