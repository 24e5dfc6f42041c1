/** Causal probes: what a state does, found out by putting another one in its place. */
@NullMarked
package org.loopscope.analysis.patch;

import org.jspecify.annotations.NullMarked;
