/** What can be computed from a capture: pure functions that know no window, with their results as tables. */
@NullMarked
package org.loopscope.analysis;

import org.jspecify.annotations.NullMarked;
