/** Figures of runs side by side, for the panel, the command line and the report; no JavaFX. */
@NullMarked
package org.loopscope.plugin.comparing;

import org.jspecify.annotations.NullMarked;
