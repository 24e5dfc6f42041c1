package org.loopscope.model.backend;

import java.util.ServiceLoader;
import org.loopscope.model.base.LoopscopeException;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ND4J backend of this program: what its build has put on the class path. */
public final class Backend {
    private static final Logger LOG = LoggerFactory.getLogger(Backend.class);

    static final String ADVICE = "; on this machine use the default build, which takes the processor.";

    private Backend() {}

    /**
     * Starts ND4J, if there is something to compute on. That is looked at before, since ND4J itself would print stack
     * traces and leave its classes unusable.
     *
     * @throws LoopscopeException if the device that this build was made for is missing, or is one that ND4J has no code for
     */
    public static void require() throws LoopscopeException {
        ProcessSettings.apply();
        require(ServiceLoader.load(Nd4jBackend.class));
        if (!isProcessor()) {
            CudaDevice.current().requireCode();
        }
    }

    static void require(Iterable<Nd4jBackend> backends) throws LoopscopeException {
        String reason = "no ND4J backend is on the class path";
        for (Nd4jBackend backend : backends) {
            try {
                if (backend.canRun()) {
                    return;
                }
                reason = device(backend) + " that can run";
            } catch (LinkageError e) {
                LOG.debug("{} cannot be loaded", backend, e);
                reason = device(backend) + ": its driver or one of its libraries is missing";
            } catch (RuntimeException e) {
                LOG.debug("{} cannot run", backend, e);
                reason = device(backend) + ": " + e.getMessage();
            }
        }
        throw new LoopscopeException("Nothing to compute on, " + reason + ADVICE);
    }

    private static String device(Nd4jBackend backend) {
        String name = backend.getClass().getSimpleName();
        return name.equals("JCublasBackend") ? "no CUDA device" : "no device of " + name;
    }

    /** Whether ND4J computes on the processor, in the memory that Java sees; starts ND4J if nothing has yet. */
    public static boolean isProcessor() {
        ProcessSettings.apply();
        return Nd4j.getBackend().getEnvironment().isCPU();
    }
}
