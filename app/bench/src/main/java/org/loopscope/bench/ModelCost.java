package org.loopscope.bench;

import java.util.List;
import org.loopscope.model.Precision;
import org.loopscope.model.backend.Product;
import org.loopscope.model.shape.LoopConfig;

/** What the arithmetic of a model costs, counted from its shape. */
record ModelCost(LoopConfig config) {
    /** The products of one layer on {@code rows} tokens, in their order: q, k, v, output, gate, up, down. */
    List<Product> layerProducts(int rows) {
        int d = config.hiddenSize();
        int queries = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        int m = config.intermediateSize();
        return List.of(
                new Product(rows, d, queries),
                new Product(rows, d, keys),
                new Product(rows, d, keys),
                new Product(rows, queries, d),
                new Product(rows, d, m),
                new Product(rows, d, m),
                new Product(rows, m, d));
    }

    /** Logits of {@code rows} states. */
    Product unembedding(int rows) {
        return new Product(rows, config.hiddenSize(), config.vocabSize());
    }

    /**
     * Multiplications and additions of one pass over a prompt: the products of all layers and steps, and the two of
     * causal attention, where token i sees i tokens. Norms, softmax and rotations are not counted.
     */
    double passFlops(int tokens, int steps) {
        double products =
                layerProducts(tokens).stream().mapToDouble(Product::flops).sum();
        double attention = 2.0 * tokens * (tokens + 1) * config.heads() * config.headDim();
        return (products + attention) * config.layers() * steps;
    }

    /** Bytes of weights that one generated token reads: the layers once a step, the unembedding once. */
    double decodeBytes(double steps, Precision precision) {
        double layer = layerProducts(1).stream().mapToDouble(Product::flops).sum() / 2;
        double unembedding = unembedding(1).flops() / 2;
        return (layer * config.layers() * steps + unembedding) * precision.bytesPerWeight();
    }
}
