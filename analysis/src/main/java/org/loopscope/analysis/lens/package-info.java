/** The logit lens: what the states inside the loop predict. */
@NullMarked
package org.loopscope.analysis.lens;

import org.jspecify.annotations.NullMarked;
