/** Mutated files for every reader of the program: each is accepted or refused in one sentence of ours. */
@NullMarked
package org.loopscope.app.fuzz;

import org.jspecify.annotations.NullMarked;
