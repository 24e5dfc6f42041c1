package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is asked of the system before the native libraries come. */
class ProcessorSettingsTest {
    private static final Set<String> WITH_AMX = Set.of("avx512f", "amx_tile", "amx_bf16");

    /** Writes down what it is asked. */
    private record Calls(long answer, List<String> made) implements ProcessorSettings.System {
        Calls(long answer) {
            this(answer, new ArrayList<>());
        }

        @Override
        public long syscall(long number, Object... arguments) {
            made.add("syscall " + number + " " + List.of(arguments));
            return answer;
        }

        @Override
        public int setenv(String name, String value, int overwrite) {
            made.add(name + "=" + value + " " + overwrite);
            return 0;
        }
    }

    @Test
    void theMatrixUnitsAreAskedForBeforeOneDnnIsToldToUseThem() {
        Calls calls = new Calls(0);
        assertTrue(ProcessorSettings.apply(calls, WITH_AMX));
        assertEquals(
                List.of("OMP_WAIT_POLICY=PASSIVE 0", "syscall 158 [4131, 18]", "DNNL_MAX_CPU_ISA=AVX512_CORE_AMX 0"),
                calls.made);
    }

    @Test
    void oneDnnIsNotToldToUseWhatTheSystemRefuses() {
        Calls calls = new Calls(-1);
        assertFalse(ProcessorSettings.apply(calls, WITH_AMX));
        assertEquals(List.of("OMP_WAIT_POLICY=PASSIVE 0", "syscall 158 [4131, 18]"), calls.made);
    }

    @Test
    void aProcessorWithoutMatrixUnitsIsNotAskedForThem() {
        Calls calls = new Calls(0);
        assertFalse(ProcessorSettings.apply(calls, Set.of("avx512f", "amx_tile")));
        assertEquals(List.of("OMP_WAIT_POLICY=PASSIVE 0"), calls.made);
    }
}
