package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;

class CudaDeviceTest {
    @Test
    void aCardIsWhatNd4jTellsOfIt() {
        Properties told = new Properties();
        told.put(
                Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY, List.of(device("NVIDIA T4", 7, 5), device("A100 ", 8, 0)));
        assertEquals(new CudaDevice("A100", 8, 0), CudaDevice.of(told, 1));
        assertEquals(new CudaDevice("NVIDIA T4", 7, 5), CudaDevice.of(told, 0));
    }

    private static Map<String, Object> device(String name, int major, int minor) {
        return Map.of(
                Nd4jEnvironment.CUDA_DEVICE_NAME_KEY, name,
                Nd4jEnvironment.CUDA_DEVICE_MAJOR_VERSION_KEY, major,
                Nd4jEnvironment.CUDA_DEVICE_MINOR_VERSION_KEY, minor);
    }

    @Test
    void aCardThatNd4jDoesNotTellOfHasNoNameAndIsNotRefused() {
        Properties told = new Properties();
        assertEquals(new CudaDevice("device 0 of unknown name", -1, -1), CudaDevice.of(told, 0));
        told.put(Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY, List.of(Map.of()));
        assertEquals(new CudaDevice("device 0 of unknown name", -1, -1), CudaDevice.of(told, 0));
        assertEquals(new CudaDevice("device 1 of unknown name", -1, -1), CudaDevice.of(told, 1));
        assertDoesNotThrow(() -> CudaDevice.of(told, 0).requireCode());
    }

    @ParameterizedTest
    @CsvSource({"3, 7", "7, 5", "8, 0", "8, 9"})
    void cardsOfGenerationsWithCodeAreTaken(int major, int minor) {
        assertDoesNotThrow(() -> new CudaDevice("card", major, minor).requireCode());
    }

    @Test
    void aCardOfALaterGenerationIsRefusedWithBothNumbers() {
        LoopscopeException problem = assertThrows(
                LoopscopeException.class, () -> new CudaDevice("NVIDIA H100 80GB HBM3", 9, 0).requireCode());
        assertEquals(
                "NVIDIA H100 80GB HBM3: expected compute capability 3.7 to 8.9, which is what ND4J's library for CUDA 11.6"
                        + " has code for, found 9.0; on this machine use the default build, which takes the processor.",
                problem.getMessage());
    }
}
