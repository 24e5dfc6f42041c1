"""Writes golden.json: logistic regressions by Newton's method and areas under the ROC curve, to check the Java code against.

Needs numpy. Run it in its own folder: python3 make-golden.py
"""
import json
import numpy as np

def newton(x, y, penalty):
    n, d = x.shape
    a = np.hstack([x, np.ones((n, 1))])
    ridge = penalty * np.eye(d + 1)
    ridge[d, d] = 0.0
    w = np.zeros(d + 1)
    for _ in range(100):
        p = 1 / (1 + np.exp(-a @ w))
        gradient = a.T @ (p - y) + ridge @ w
        step = np.linalg.solve(a.T @ (a * (p * (1 - p))[:, None]) + ridge, gradient)
        w -= step
        if np.abs(step).max() < 1e-14:
            break
    return w

def interval(area, m, n):
    big_n = (m + n) / 2 - 1
    def variance(t):
        return t * (1 - t) * (1 + big_n * (1 - t) / (2 - t) + big_n * t / (1 + t)) / (m * n)
    grid = np.linspace(0, 1, 2_000_001)
    inside = np.abs(grid - area) <= 1.959963984540054 * np.sqrt(variance(grid))
    return float(grid[inside].min()), float(grid[inside].max())

def area(score, y):
    pos, neg = score[y == 1], score[y == 0]
    diff = pos[:, None] - neg[None, :]
    return float(((diff > 0) + 0.5 * (diff == 0)).mean())

rng = np.random.default_rng(20)
fits = []
for n, d, penalty in [(30, 4, 1.0), (12, 25, 2.5), (60, 10, 0.1)]:
    x = np.round(rng.normal(size=(n, d)) * rng.uniform(0.5, 2, size=d), 3)
    y = (x[:, 0] - 0.7 * x[:, 1] + rng.normal(size=n) > 0.2).astype(float)
    w = newton(x, y, penalty)
    fits.append({"x": x.tolist(), "y": y.tolist(), "penalty": penalty, "weights": w[:-1].tolist(), "intercept": float(w[-1])})
areas = []
for n, spread in [(40, 1.0), (25, 0.2), (15, 9.0)]:
    y = np.arange(n) % 3 == 0
    score = np.round(y * spread + rng.normal(size=n), 1)  # rounded, so that some are equal
    a = area(score, y)
    low, high = interval(a, int(y.sum()), int((~y).sum()))
    areas.append({"score": score.tolist(), "y": y.astype(float).tolist(), "area": a, "low": low, "high": high})
with open("golden.json", "w") as f:
    json.dump({"fits": fits, "areas": areas}, f, indent=1)
