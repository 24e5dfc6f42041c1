/** Two to four runs side by side: which tokens and loops belong together, and how their numbers differ. */
@NullMarked
package org.loopscope.analysis.compare;

import org.jspecify.annotations.NullMarked;
