/** Where tokens look, and how that changes from loop to loop. */
@NullMarked
package org.loopscope.analysis.attention;

import org.jspecify.annotations.NullMarked;
