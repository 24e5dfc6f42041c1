package org.loopscope.model.backend;

import com.sun.jna.NativeLibrary;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the loaded OpenBLAS says of itself. The binding that makes the products has no such calls, so they are looked up
 * in the library it loaded.
 *
 * @param config version and build options
 * @param core name of the processor whose kernels it chose; the environment variable OPENBLAS_CORETYPE overrides it
 * @param threads how many it uses for one product
 */
record OpenBlas(String config, String core, int threads) {
    private static final Logger LOG = LoggerFactory.getLogger(OpenBlas.class);

    /** Empty where the library cannot be asked. */
    static Optional<OpenBlas> loaded() {
        try {
            @Nullable
            String binding = Loader.load(openblas_nolapack.class); // the library of the binding, linked to OpenBLAS
            if (binding == null) {
                return Optional.empty();
            }
            NativeLibrary library = NativeLibrary.getInstance(binding);
            return Optional.of(new OpenBlas(
                    text(library, "openblas_get_config"),
                    text(library, "openblas_get_corename"),
                    library.getFunction("openblas_get_num_threads").invokeInt(new Object[0])));
        } catch (LinkageError
                | RuntimeException e) { // another BLAS, or a system that does not look into linked libraries
            LOG.debug("OpenBLAS does not tell what it is", e);
            return Optional.empty();
        }
    }

    private static String text(NativeLibrary library, String function) {
        return library.getFunction(function).invokeString(new Object[0], false).strip();
    }
}
