/** The Exit panel: when each token leaves the loop, and what that saves. */
@NullMarked
package org.loopscope.plugin.exit;

import org.jspecify.annotations.NullMarked;
