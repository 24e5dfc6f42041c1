/** Linear probes: what can be read from a state by a straight cut, at every layer of every loop. */
@NullMarked
package org.loopscope.analysis.probe;

import org.jspecify.annotations.NullMarked;
