/** One run looked at: its lens, exits, answers and motion together, and the tables of them. */
@NullMarked
package org.loopscope.analysis.run;

import org.jspecify.annotations.NullMarked;
