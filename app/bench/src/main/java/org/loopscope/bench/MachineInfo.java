package org.loopscope.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.loopscope.model.backend.BackendInfo;

/**
 * The machine that was measured.
 *
 * @param processor its model name, or only its architecture where the system does not tell
 * @param cores processors that the Java machine may use
 * @param loadAverage of the last minute before measuring; negative where the system does not tell. A load of other
 *     programs makes every figure worse
 * @param environment variables that change how the libraries compute; empty text for one that is not set
 */
public record MachineInfo(
        String processor,
        int cores,
        long memoryBytes,
        String java,
        String os,
        double loadAverage,
        BackendInfo backend,
        Map<String, String> environment) {
    private static final List<String> VARIABLES =
            List.of("OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS");

    public MachineInfo {
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** This machine now; starts the backend. */
    public static MachineInfo current(Map<String, String> variables) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Map<String, String> environment = new LinkedHashMap<>();
        VARIABLES.forEach(name -> environment.put(name, variables.getOrDefault(name, "")));
        return new MachineInfo(
                processorName(variables),
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                system.getSystemLoadAverage(),
                BackendInfo.current(),
                environment);
    }

    private static String processorName(Map<String, String> variables) {
        String fallback =
                variables.getOrDefault("PROCESSOR_IDENTIFIER", System.getProperty("os.arch")); // Windows has it
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return fallback;
        }
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(fallback);
        } catch (IOException e) {
            return fallback;
        }
    }
}
