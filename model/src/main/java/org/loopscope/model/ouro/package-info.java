/**
 * The Ouro forward pass: weights, kernels, KV cache, generation and capture, after Zhu et al. 2025 (arXiv:2510.25741)
 * and the published model code. Everything is float32, activations are row-major {@code [positions, width]}.
 */
@NullMarked
package org.loopscope.model.ouro;

import org.jspecify.annotations.NullMarked;
