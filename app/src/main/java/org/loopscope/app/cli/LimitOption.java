package org.loopscope.app.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.LoopscopeException;
import picocli.CommandLine.Option;

/** How many prompts of a set are taken. */
final class LimitOption {
    @Option(names = "--limit", paramLabel = "N", description = "Only the first N prompts of the set. Default: all.")
    @Nullable
    private Integer limit;

    void check() throws LoopscopeException {
        Checks.atLeast("--limit", limit, 1);
    }

    /** The first of them. */
    <T> List<T> of(List<T> all) {
        return limit == null || limit >= all.size() ? all : all.subList(0, limit);
    }
}
