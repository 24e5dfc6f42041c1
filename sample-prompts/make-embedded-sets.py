#!/usr/bin/env python3
"""Writes the prompt sets of the embedded model: embedded/*.jsonl. Standard library only; run it in this folder.

Each task has its own SplitMix64 stream, so the files are the same on every machine and Python version. The tasks are
described in README.md. The answers are worked out here; a Java test works them out again by other code.
"""
import json
import os

NAMES = "Ann Bob Eve Joe Kim Leo Max Mia Sam Tom Zoe Ben Amy Dan Ivy Ray Sue Ned Pia Gus".split()
RELATIONS = "friend boss teacher neighbour".split()
CUPS = "ABCD"
DEPTHS = range(1, 9)
EVALUATED = 512  # prompts per task and depth in the evaluation sets
SHOWN = 4  # prompts per task and depth in the sample sets
EVALUATION_SEED = 20261
SAMPLE_SEED = 7
WELCOME = ("Ann", "friend boss teacher neighbour boss friend".split())


class SplitMix64:
    """Steele, Lea and Flood 2014, 'Fast splittable pseudorandom number generators'."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n  # n is at most 20: the bias is below 1e-18

    def unit(self):
        return (self.next() >> 11) / float(1 << 53)

    def choice(self, items):
        return items[self.below(len(items))]


def relations():
    """The facts that the model was trained on: per relation a permutation of the names, by the generator of C's old rand."""
    state = 12345
    facts = {}
    for relation in RELATIONS:
        to = list(NAMES)
        for i in range(len(to) - 1, 0, -1):
            state = (state * 1103515245 + 12345) % 2**31
            j = (state >> 8) % (i + 1)
            to[i], to[j] = to[j], to[i]
        facts[relation] = dict(zip(NAMES, to))
    return facts


FACTS = relations()


def people_prompt(name, chain):
    """Returns the prompt, the answer, and everybody met on the way."""
    met = [name]
    for relation in chain:
        met.append(FACTS[relation][met[-1]])
    return "people " + "".join(part + "'s " for part in [name] + chain[:-1]) + chain[-1] + " is", met[-1], met


def people(random, k):
    return people_prompt(random.choice(NAMES), [random.choice(RELATIONS) for _ in range(k)])


def calc(random, k):
    value = random.below(10)
    text, seen = str(value), [value]
    for _ in range(k):
        kind = random.unit()
        operand = random.below(8) + 2 if kind >= 0.7 else random.below(10)
        sign = "+" if kind < 0.35 else "-" if kind < 0.7 else "*"
        value = {"+": value + operand, "-": value - operand, "*": value * operand}[sign] % 10
        text += sign + str(operand)
        seen.append(value)
    return "calc " + text + "=", str(value), seen


def cups(random, k):
    ball = random.below(4)
    text, seen = "cups ball " + CUPS[ball], [ball]
    for _ in range(k):
        i = random.below(4)
        j = (i + 1 + random.below(3)) % 4
        if random.unit() < 0.5 and ball not in (i, j):
            i = ball
        text += " swap %s %s" % (CUPS[i], CUPS[j])
        ball = j if ball == i else i if ball == j else ball
        seen.append(ball)
    return text + " where ?", CUPS[ball], seen


def worth_showing(task, seen):
    """Whether something happens at every hop, so that the picture tells a story."""
    moves = sum(a != b for a, b in zip(seen, seen[1:]))
    if task == "people":
        return len(set(seen)) == len(seen)  # everybody is met once
    return moves >= (len(seen) - 1) * (1.0 if task == "calc" else 0.5) and (len(seen) < 3 or seen[-1] != seen[0])


def line(task, k, prompt, answer):
    return json.dumps({"prompt": prompt, "answer": answer, "group": "%s k=%d" % (task, k)}, ensure_ascii=False)


def evaluation(task, make):
    random = SplitMix64(EVALUATION_SEED)
    return [line(task, k, *make(random, k)[:2]) for k in DEPTHS for _ in range(EVALUATED)]


def samples(task, make):
    random = SplitMix64(SAMPLE_SEED)
    lines = []
    for k in DEPTHS:
        chosen = []
        if (task, k) == ("people", len(WELCOME[1])):
            chosen.append(line(task, k, *people_prompt(*WELCOME)[:2]))
        while len(chosen) < SHOWN:
            prompt, answer, seen = make(random, k)
            candidate = line(task, k, prompt, answer)
            if worth_showing(task, seen) and candidate not in chosen:
                chosen.append(candidate)
        lines += chosen
    return lines


def write(name, lines):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "embedded", name)
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("\n".join(lines) + "\n")


for task_name, maker in (("people", people), ("calc", calc), ("cups", cups)):
    write(task_name + ".jsonl", samples(task_name, maker))
    write("eval-" + task_name + ".jsonl", evaluation(task_name, maker))
