/** Whether the exit gate knows what another loop is worth, measured over a set of prompts. */
@NullMarked
package org.loopscope.analysis.gate;

import org.jspecify.annotations.NullMarked;
