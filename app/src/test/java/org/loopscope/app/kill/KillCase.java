package org.loopscope.app.kill;

import java.util.List;

/**
 * A command that is killed.
 *
 * @param name in the table
 * @param words of the command, without {@code --out}
 * @param file its result; empty for a command whose result is what it prints
 * @param kind when it is killed, and what must hold afterwards
 */
record KillCase(String name, List<String> words, String file, Kind kind) {
    enum Kind {
        /** Killed when rows are kept; the same command goes on with them. */
        RESUMED,
        /** Killed at any time; the file is old, not there, or whole. */
        REPLACED,
        /** Killed at its first start in an empty home; the next start is as if nothing had been. */
        FIRST_START
    }

    private static final String PEOPLE = "embedded/people.jsonl";

    static KillCase resumed(String... words) {
        String name = words[0].equals("probe") ? words[0] + " " + words[1] : words[0];
        return new KillCase(name, List.of(words), "result.csv", Kind.RESUMED);
    }

    static final KillCase RUN = new KillCase(
            "run --out",
            List.of(
                    "run",
                    "--prompt",
                    "people Ann's friend's boss is",
                    "--steps",
                    "12",
                    "--layers",
                    "--generate",
                    "12"),
            "capture.safetensors",
            Kind.REPLACED);

    static final List<KillCase> ALL = List.of(
            resumed("sweep", "--set", PEOPLE),
            resumed("kv", "--set", PEOPLE, "--generate", "2"),
            resumed("depth", "--set", PEOPLE, "--steps", "16"),
            resumed("gate", "--set", PEOPLE),
            resumed("probe", "agreement", "--set", "embedded/probe-cups.jsonl", "--limit", "100"),
            resumed("probe", "linear", "--set", "embedded/probe-cups.jsonl", "--limit", "100", "--steps", "3"),
            resumed("probe", "patch", "--set", "embedded/patch-pairs.jsonl", "--limit", "20", "--layers"),
            resumed("probe", "geometry", "--set", PEOPLE, "--steps", "32"),
            resumed("probe", "lens", "--set", PEOPLE, "--layers"),
            RUN,
            new KillCase(
                    "train tuned-lens",
                    List.of("train", "tuned-lens", "--set", PEOPLE, "--epochs", "2"),
                    "lens.safetensors",
                    Kind.REPLACED),
            new KillCase(
                    "first start",
                    List.of("lens", "--prompt", "people Ann's friend is", "--format", "csv"),
                    "",
                    Kind.FIRST_START));
}
