package org.loopscope.plugin.eval;

import java.util.Optional;
import org.loopscope.analysis.set.Scope;

/** Which rows of a set are shown. */
record LossView(Scope scope, Optional<String> group) {
    /** For subtitles. */
    String title() {
        return scope.title() + group.map(name -> " · " + name).orElse("");
    }
}
