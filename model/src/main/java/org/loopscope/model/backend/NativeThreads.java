package org.loopscope.model.backend;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of the native libraries on the processor. They are for one large product after the other; where Java's own
 * threads share many smaller ones, the libraries' threads would only stand in their way, also when they wait: OpenBLAS's
 * by spinning for some time. Where a library cannot be reached, it takes as many threads as ever.
 */
public final class NativeThreads {
    private static final Logger LOG = LoggerFactory.getLogger(NativeThreads.class);
    private static final Object[] NOTHING = {};

    private static int blasUsers; // that want one thread now
    private static int blasThreads; // when nobody does

    private NativeThreads() {}

    /** How a library is told the threads to use, and asked for them. */
    private record Control(Function get, Function set) {
        static Optional<Control> of(Class<?> bindingClass, String get, String set) {
            try {
                @Nullable String binding = Loader.load(bindingClass); // linked to the library
                if (binding == null) {
                    return Optional.empty();
                }
                NativeLibrary library = NativeLibrary.getInstance(binding);
                return Optional.of(new Control(library.getFunction(get), library.getFunction(set)));
            } catch (LinkageError | RuntimeException e) { // a system that does not look into linked libraries
                LOG.debug("{} cannot be called", set, e);
                return Optional.empty();
            }
        }

        int threads() {
            return get.invokeInt(NOTHING);
        }

        void threads(int count) {
            set.invoke(new Object[] {count});
        }
    }

    private static final class OpenMp {
        private static final Optional<Control> CONTROL =
                Control.of(Nd4jCpu.class, "omp_get_max_threads", "omp_set_num_threads");
    }

    private static final class Blas {
        private static final Optional<Control> CONTROL =
                Control.of(openblas_nolapack.class, "openblas_get_num_threads", "openblas_set_num_threads");
    }

    /** Does {@code work} with ND4J operations of one thread each. It matters to the calling thread alone. */
    public static void operationsOnOne(Runnable work) {
        Optional<Control> control = OpenMp.CONTROL;
        int before = control.map(Control::threads).orElse(0);
        control.ifPresent(c -> c.threads(1));
        try {
            work.run();
        } finally {
            control.ifPresent(c -> c.threads(before));
        }
    }

    /** Does {@code work} with BLAS calls of one thread each. Until it ends, that is so for every thread of the program. */
    public static void blasOnOne(Runnable work) {
        Optional<Control> control = Blas.CONTROL;
        control.ifPresent(NativeThreads::takeOne);
        try {
            work.run();
        } finally {
            control.ifPresent(NativeThreads::giveBack);
        }
    }

    private static synchronized void takeOne(Control control) {
        if (blasUsers++ == 0) {
            blasThreads = control.threads();
            control.threads(1);
        }
    }

    private static synchronized void giveBack(Control control) {
        if (--blasUsers == 0) {
            control.threads(blasThreads);
        }
    }
}
