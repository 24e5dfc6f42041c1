/** When the tokens of a run leave the loop, and what that saves and costs. */
@NullMarked
package org.loopscope.analysis.exit;

import org.jspecify.annotations.NullMarked;
