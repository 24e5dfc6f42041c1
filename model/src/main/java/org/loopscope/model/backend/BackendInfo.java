package org.loopscope.model.backend;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The libraries that do the arithmetic, and on what.
 *
 * @param name ND4J backend: {@code ND4J native (CPU)}, {@code ND4J CUDA 11.6}
 * @param device name of the card, such as {@code NVIDIA A100-SXM4-80GB}; empty on the processor
 * @param nd4jVersion of the backend; {@code unknown} if its jar does not say
 * @param blas how OpenBLAS describes itself: version, build, the core it was compiled for or chose
 * @param blasCore name of the processor whose kernels OpenBLAS chose at its start
 * @param blasThreads threads that OpenBLAS uses; 0 where it does not tell
 */
public record BackendInfo(
        String name, String device, String nd4jVersion, String blas, String blasCore, int blasThreads) {
    private static final String UNKNOWN = "unknown";
    private static final String POM = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

    /** The backend of this program; starts it if nothing has yet. */
    public static BackendInfo current() {
        Optional<OpenBlas> blas = OpenBlas.loaded();
        boolean processor = Backend.isProcessor();
        return new BackendInfo(
                processor ? "ND4J native (CPU)" : cudaName(Nd4j.getBackend().getEnvironment()),
                processor ? "" : CudaDevice.current().name(),
                readNd4jVersion(),
                blas.map(OpenBlas::config).orElse(UNKNOWN),
                blas.map(OpenBlas::core).orElse(UNKNOWN),
                blas.map(OpenBlas::threads).orElse(0));
    }

    /**
     * What a figure says of it: {@code ND4J native (CPU), OpenBLAS 0.3.31 SkylakeX, 2 threads}, {@code ND4J CUDA 11.6,
     * NVIDIA A100-SXM4-80GB}; only the name where nothing else is known.
     */
    public String description() {
        if (!device.isEmpty()) {
            return name + ", " + device;
        }
        if (blas.equals(UNKNOWN)) {
            return name;
        }
        String[] words = blas.split(" ");
        String library = words.length > 1 ? words[0] + " " + words[1] : blas; // then come its build options
        return name + ", " + library + " " + blasCore + ", " + blasThreads
                + (blasThreads == 1 ? " thread" : " threads");
    }

    /** ND4J's build for CUDA tells the version of CUDA where others tell that of their BLAS. */
    private static String cudaName(Environment environment) {
        return "ND4J CUDA " + environment.blasMajorVersion() + "." + environment.blasMinorVersion();
    }

    private static String readNd4jVersion() {
        try (@Nullable InputStream in = Nd4j.class.getResourceAsStream(POM)) {
            if (in == null) {
                return UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
