/** Long measurements over a prompt set: their rows, kept safe while they come, and the curves made of them. */
@NullMarked
package org.loopscope.analysis.sweep;

import org.jspecify.annotations.NullMarked;
