package org.loopscope.model.backend;

import java.util.function.BooleanSupplier;
import org.nd4j.common.io.Resource;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4jBackend;

/** An ND4J backend that is only asked whether it can run. */
final class FakeBackend extends Nd4jBackend {
    private final BooleanSupplier canRun;

    FakeBackend(BooleanSupplier canRun) {
        this.canRun = canRun;
    }

    @Override
    public boolean canRun() {
        return canRun.getAsBoolean();
    }

    @Override
    public boolean isAvailable() {
        throw new UnsupportedOperationException("prints stack traces in the backend for CUDA");
    }

    @Override
    public boolean allowsOrder() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getPriority() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Resource getConfigurationResource() {
        throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings("rawtypes") // as it is declared
    public Class getNDArrayClass() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Environment getEnvironment() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String buildInfo() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void logBackendInit() {
        throw new UnsupportedOperationException();
    }
}
