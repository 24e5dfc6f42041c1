/** Cross-entropy of the text that is there, by loop step and by exit rule. */
@NullMarked
package org.loopscope.analysis.loss;

import org.jspecify.annotations.NullMarked;
