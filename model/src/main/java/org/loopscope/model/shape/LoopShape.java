package org.loopscope.model.shape;

/**
 * Which layers a family of looped models repeats, and what each loop leaves behind:
 *
 * <pre>
 *   x   = embedding, through the prelude          P layers, once
 *   h_t = body(h_{t−1}),  t = 1..T                L layers; h_0 is x, or noise that x is mixed into at every step
 *   p_t = unembedding(norm(coda(h_t)))            C layers; what step t says if the loop ends there
 * </pre>
 *
 * <p>In Ouro P = C = 0, every step ends in the final norm, and a gate reads it. Nanbeige is that without a gate. Huginn has
 * a prelude and a coda, no gate, and no norm between steps. Labs and panels ask for no more than this: steps, layers of a
 * step, the state at a {@link Site}, what a step says, and the gate if there is one.
 *
 * @param prelude P, layers before the loop
 * @param layers L, layers of the body
 * @param coda C, layers between a step and what it says
 * @param steps T of the checkpoint, which a run takes by default
 * @param gate whether each step has an exit gate
 * @param normed whether a step ends in the final norm, so that h_t itself is unembedded: a lens must not norm it again
 */
public record LoopShape(int prelude, int layers, int coda, int steps, boolean gate, boolean normed) {
    /** One stack that is all loop, each step normed and with a gate, as in Ouro. */
    public static LoopShape gated(int layers, int steps) {
        return new LoopShape(0, layers, 0, steps, true, true);
    }

    /** The same without the gate. */
    public LoopShape withoutGate() {
        return new LoopShape(prelude, layers, coda, steps, false, normed);
    }
}
