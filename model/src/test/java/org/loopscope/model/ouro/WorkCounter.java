package org.loopscope.model.ouro;

import java.lang.reflect.Proxy;
import java.util.stream.Stream;
import org.loopscope.model.base.RunControl;

/**
 * Counts the work between two looks at the cancel, in operations of matrix products; its kernels compute nothing. A
 * product that one kernel call makes counts as one stretch, since nothing can be asked in the middle of it.
 */
final class WorkCounter implements RunControl {
    private long sinceCheck;
    private long largest;
    private long total;

    Kernels kernels() {
        HostKernels sizes = new HostKernels();
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "linear" -> work(products((Matrix) args[0], args[2]));
                    case "attention" -> work(attention((Matrix) args[0], (Integer) args[3]));
                    case "attentionScratch" ->
                        sizes.attentionScratch((Integer) args[0], (Integer) args[1], (Integer) args[2]);
                    case "firstNonFiniteRow" -> -1;
                    case "allocate" -> Matrix.allocate((Integer) args[0], (Integer) args[1]);
                    default -> null;
                });
    }

    /** @param out one result, or those of several weights */
    private static long products(Matrix x, Object out) {
        Matrix[] results = out instanceof Matrix one ? new Matrix[] {one} : (Matrix[]) out;
        return Stream.of(results)
                .mapToLong(result -> 2L * x.rows() * x.columns() * result.columns())
                .sum();
    }

    /** Scores of every query with every key that one of its block may see, and as many weighted values. */
    private static long attention(Matrix queries, int firstPosition) {
        return 4L * queries.rows() * (firstPosition + queries.rows()) * queries.columns();
    }

    Object work(long operations) {
        total += operations;
        sinceCheck += operations;
        largest = Math.max(largest, sinceCheck);
        return 0;
    }

    long largest() {
        return largest;
    }

    long total() {
        return total;
    }

    @Override
    public boolean isCancelled() {
        sinceCheck = 0;
        return false;
    }

    @Override
    public void progress(String stage, long done, long all) {}
}
