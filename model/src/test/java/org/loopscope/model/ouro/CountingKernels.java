package org.loopscope.model.ouro;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/** The kernels of the processor, counting attentions: one for each layer, step and chunk of positions. */
final class CountingKernels {
    final AtomicLong calls = new AtomicLong();
    final AtomicLong rows = new AtomicLong();

    Kernels kernels() {
        Kernels counted = new HostKernels();
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, args) -> {
                    if (method.getName().equals("attention")) {
                        calls.incrementAndGet();
                        rows.addAndGet(((Matrix) args[0]).rows());
                    }
                    try {
                        return method.invoke(counted, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    void reset() {
        calls.set(0);
        rows.set(0);
    }
}
