package org.loopscope.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.loopscope.model.Precision;
import org.loopscope.model.backend.Product;
import org.loopscope.model.shape.LoopConfig;

class ModelCostTest {
    /** V = 10, d = 4, m = 6, 3 layers, 2 heads of 8, 1 of them for keys. */
    private static final ModelCost COST =
            new ModelCost(new LoopConfig(10, 4, 6, 3, 2, 1, 8, 2, 64, 1e-6, 10_000, false, Set.of()));

    @Test
    void aLayerHasItsSevenProductsWithTheirOwnShapes() {
        assertEquals(7, COST.layerProducts(5).size());
        assertEquals(new Product(5, 4, 16), COST.layerProducts(5).get(0)); // q: 2 heads of 8
        assertEquals(new Product(5, 4, 8), COST.layerProducts(5).get(2)); // v: 1 head of 8
        assertEquals(new Product(5, 16, 4), COST.layerProducts(5).get(3)); // output
        assertEquals(new Product(5, 6, 4), COST.layerProducts(5).get(6)); // down
    }

    @Test
    void aPassCountsProductsAndCausalAttentionOfEveryLayerAndStep() {
        // weights of a layer: 4·16 + 2·4·8 + 16·4 + 3·4·6 = 264; 5 tokens: 2·5·264 = 2640
        // attention: tokens see 1 + 2 + 3 + 4 + 5 = 15 keys, scores and values 2·2·15·16 = 960
        assertEquals((2640 + 960) * 3 * 2, COST.passFlops(5, 2), 1e-9);
    }

    @Test
    void aTokenReadsTheLayersOnceAStepAndTheUnembeddingOnce() {
        assertEquals(4 * (264 * 3 * 2 + 40), COST.decodeBytes(2, Precision.FLOAT32), 1e-9);
        assertEquals(2 * (264 * 3 * 2 + 40), COST.decodeBytes(2, Precision.BFLOAT16_WEIGHTS), 1e-9);
        assertEquals(264 * 3 + 40, COST.decodeBytes(1, Precision.INT8_WEIGHTS), 1e-9);
    }
}
