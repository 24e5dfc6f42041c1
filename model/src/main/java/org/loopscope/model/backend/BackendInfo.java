package org.loopscope.model.backend;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The libraries that do the arithmetic.
 *
 * @param name ND4J backend and device, such as {@code ND4J native (CPU)}
 * @param nd4jVersion of the backend; {@code unknown} if its jar does not say
 * @param blas how OpenBLAS describes itself: version, build, the core it was compiled for or chose
 * @param blasCore name of the processor whose kernels OpenBLAS chose at its start
 * @param blasThreads threads that OpenBLAS uses; 0 where it does not tell
 */
public record BackendInfo(String name, String nd4jVersion, String blas, String blasCore, int blasThreads) {
    private static final String UNKNOWN = "unknown";
    private static final String POM = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

    /** The backend of this program; starts it if nothing has yet. */
    public static BackendInfo current() {
        boolean processor = Nd4j.getBackend().getEnvironment().isCPU();
        String name = processor
                ? "ND4J native (CPU)"
                : "ND4J " + Nd4j.getBackend().getClass().getSimpleName();
        Optional<OpenBlas> blas = OpenBlas.loaded();
        return new BackendInfo(
                name,
                readNd4jVersion(),
                blas.map(OpenBlas::config).orElse(UNKNOWN),
                blas.map(OpenBlas::core).orElse(UNKNOWN),
                blas.map(OpenBlas::threads).orElse(0));
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
