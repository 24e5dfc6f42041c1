/** A prompt set worked through: rows that survive being stopped, and which tokens of a prompt are measured. */
@NullMarked
package org.loopscope.analysis.set;

import org.jspecify.annotations.NullMarked;
