package org.loopscope.model.ouro;

import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.loopscope.model.backend.Backend;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The copy in the processor's memory through which Java reads and writes an array that lies on another device. ND4J's
 * operations keep track of which of the two is the newer; Java must tell of its own accesses. Not for accesses of
 * several threads to one array at a time.
 */
interface HostCopy {
    /** Makes the copy what the device has, if that is newer; before Java reads any of it or writes some of it. */
    void refresh(INDArray array);

    /** Address of the copy, [numbers of the array]. */
    FloatPointer pointer(INDArray array);

    /** Says that Java has written to the copy, so that it is the newer one and operations must take it to the device. */
    void written(INDArray array);

    /** How arrays of this program's backend are reached; empty on the processor, whose memory is theirs. */
    static Optional<HostCopy> ofBackend() {
        return Backend.isProcessor() ? Optional.empty() : Optional.of(new OfNd4j());
    }

    /** The copy that ND4J keeps beside each array of a device, made when it is first asked for. */
    final class OfNd4j implements HostCopy {
        @Override
        public void refresh(INDArray array) {
            Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
        }

        @Override
        public FloatPointer pointer(INDArray array) {
            return new FloatPointer(array.data().pointer());
        }

        @Override
        public void written(INDArray array) {
            Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
        }
    }
}
