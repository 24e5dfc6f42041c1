"""Writes golden.json: patching of a pair of prompts on the embedded model, and its attention maps by loop, in numpy.

A forward pass of its own in float64, written from the description of the architecture; nothing of the Java code is used. Needs
numpy. Run it in its own folder: python3 make-golden.py
"""
import json
import math
import pathlib
import re
import numpy as np

MODEL = pathlib.Path("../../../../../model/src/main/resources/org/loopscope/model/embedded")
CLEAN = "people Ann's friend's boss's teacher is"
CORRUPTED = "people Bob's friend's boss's teacher is"
ANSWER, STEPS, LAYER = "Amy", 4, 1


def weights(path):
    data = path.read_bytes()
    n = int.from_bytes(data[:8], "little")
    head = json.loads(data[8:8 + n])
    head.pop("__metadata__", None)
    assert all(t["dtype"] == "F32" for t in head.values())
    return {name: np.frombuffer(data[8 + n:][t["data_offsets"][0]:t["data_offsets"][1]], "<f4")
            .reshape(t["shape"]).astype(np.float64) for name, t in head.items()}


config = json.loads((MODEL / "config.json").read_text())
vocabulary = json.loads((MODEL / "tokenizer.json").read_text())["model"]["vocab"]
W = weights(MODEL / "model.safetensors")
D, HEADS = config["hidden_size"], config["num_attention_heads"]
SIZE = D // HEADS


def encode(text):
    return [vocabulary[word] for word in re.findall(r"'s|[0-9]|[A-Za-z]+|[^\s]", text)]


def norm(x, name):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + config["rms_norm_eps"]) * W[name]


def rotated(x):
    angle = np.arange(x.shape[1])[:, None] * config["rope_theta"] ** (-2 * np.arange(SIZE // 2) / SIZE)
    cos, sin = np.tile(np.cos(angle), 2), np.tile(np.sin(angle), 2)
    half = np.concatenate([-x[..., SIZE // 2:], x[..., :SIZE // 2]], -1)
    return x * cos + half * sin


def layer(x, number):
    name, n = f"model.layers.{number}.", len(x)
    normed = norm(x, name + "input_layernorm.weight")
    q, k, v = [(normed @ W[f"{name}self_attn.{p}_proj.weight"].T).reshape(n, HEADS, SIZE).transpose(1, 0, 2) for p in "qkv"]
    scores = rotated(q) @ rotated(k).transpose(0, 2, 1) / math.sqrt(SIZE)
    scores[:, np.triu_indices(n, 1)[0], np.triu_indices(n, 1)[1]] = -np.inf
    maps = np.exp(scores - scores.max(-1, keepdims=True))
    maps /= maps.sum(-1, keepdims=True)
    out = (maps @ v).transpose(1, 0, 2).reshape(n, D) @ W[name + "self_attn.o_proj.weight"].T
    x = x + norm(out, name + "input_layernorm_2.weight")
    normed = norm(x, name + "post_attention_layernorm.weight")
    gate = normed @ W[name + "mlp.gate_proj.weight"].T
    inner = gate / (1 + np.exp(-gate)) * (normed @ W[name + "mlp.up_proj.weight"].T)
    return x + norm(inner @ W[name + "mlp.down_proj.weight"].T, name + "post_attention_layernorm_2.weight"), maps


def run(ids, replace=None):
    """Step outputs [T, S, d] and the maps of LAYER [T, heads, S, S]; replace: (step from 1, position, state)."""
    h, outputs, maps = W["model.embed_tokens.weight"][ids], [], []
    for step in range(1, STEPS + 1):
        for number in range(config["num_hidden_layers"]):
            h, own = layer(h, number)
            if number == LAYER:
                maps.append(own)
        h = norm(h, "model.norm.weight")
        if replace and replace[0] == step:
            h = h.copy()
            h[replace[1]] = replace[2]
        outputs.append(h)
    return outputs, maps


def answer(outputs):
    logits = outputs[-1][-1] @ W["lm_head.weight"].T
    logits -= logits.max()
    return float(logits[vocabulary[ANSWER]] - math.log(np.exp(logits).sum()))


clean, corrupted = encode(CLEAN), encode(CORRUPTED)
states, maps = run(clean)
best, worst = answer(states), answer(run(corrupted)[0])
recovery = [[(answer(run(corrupted, (t, p, states[t - 1][p]))[0]) - worst) / (best - worst)
             for p in range(len(clean))] for t in range(1, STEPS + 1)]
lower = np.tril(np.ones((len(clean), len(clean)))) > 0
change = [[{"frobenius": float(np.linalg.norm(maps[t][h] - maps[t - 1][h])),
            "kl": float((maps[t][h][lower] * np.log(maps[t][h][lower] / maps[t - 1][h][lower])).sum() / len(clean)),
            "sink": float(maps[t][h][1:, 0].mean())} for h in range(HEADS)] for t in range(1, STEPS)]
pathlib.Path("golden.json").write_text(json.dumps(
    {"clean": best, "corrupted": worst, "recovery": recovery, "attention": change}, indent=1) + "\n")
