#!/usr/bin/env python3
"""Writes geometry.json beside this file: random states of a made-up capture and what numpy computes from them.

Run with python3 and numpy (made with 2.4); the seed is fixed, so a second run writes the same numbers.
States: hidden [T, S, d] and layers [T, L + 1, S, d] (index 0 is the input of the step), float32.
"""
import json
import pathlib

import numpy as np

T, S, D, L = 6, 5, 7, 2
rng = np.random.default_rng(20)
hidden = rng.standard_normal((T, S, D)).astype(np.float32)
layers = rng.standard_normal((T, L + 1, S, D)).astype(np.float32)
h = hidden.astype(np.float64)
x = layers.astype(np.float64)


def norm(a):
    return np.linalg.norm(a, axis=-1)


def cos(a, b):
    return (a * b).sum(-1) / (norm(a) * norm(b))


def effective_rank(states):
    rms = states / np.sqrt((states**2).mean(-1, keepdims=True))
    s = np.linalg.svd(rms, compute_uv=False)
    p = s / s.sum()
    return float(np.exp(-(p * np.log(p)).sum()))


delta = h[1:] - h[:-1]  # delta[i] is Δ of step i + 2
golden = {
    "T": T, "S": S, "d": D, "L": L,
    "hidden": hidden.ravel().tolist(),
    "layers": layers.ravel().tolist(),
    "norm": norm(h).tolist(),
    "step_size": norm(delta).tolist(),
    "relative_step": (norm(delta) / norm(h[:-1])).tolist(),
    "angular_distance": (np.arccos(cos(h[1:], h[:-1])) / np.pi).tolist(),
    "update_cosine": cos(delta[1:], delta[:-1]).tolist(),
    "acceleration": norm(delta[1:] - delta[:-1]).tolist(),
    "layer_angular_distance": (np.arccos(cos(x[:, 1:], x[:, :-1])) / np.pi).tolist(),
    "layer_relative_step": (norm(x[:, 1:] - x[:, :-1]) / norm(x[:, :-1])).tolist(),
    "effective_rank": [effective_rank(h[t]) for t in range(T)],
    "effective_rank_layers": [[effective_rank(x[t, l + 1]) for l in range(L)] for t in range(T)],
}
# Joint PCA of tokens 1 and 3: for each token, each step, the layers and then the step output.
points = np.array([p for s in (1, 3) for t in range(T) for p in [*(x[t, l + 1, s] for l in range(L)), h[t, s]]])
centred = points - points.mean(0)
_, sv, vt = np.linalg.svd(centred, full_matrices=False)
axes = vt[:3] * np.sign(vt[:3][np.arange(3), np.abs(vt[:3]).argmax(1)])[:, None]  # largest entry positive
golden["pca_explained"] = (sv**2 / (sv**2).sum())[:3].tolist()
golden["pca_points"] = (centred @ axes.T).tolist()
pathlib.Path(__file__).with_name("geometry.json").write_text(json.dumps(golden, indent=None) + "\n")
