/** Generated answers: what is taken out of a text, and whether it is right. */
@NullMarked
package org.loopscope.analysis.answers;

import org.jspecify.annotations.NullMarked;
