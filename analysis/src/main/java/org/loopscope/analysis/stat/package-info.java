/** Intervals of means, rates, shares and differences: one rule for every lab. */
@NullMarked
package org.loopscope.analysis.stat;

import org.jspecify.annotations.NullMarked;
