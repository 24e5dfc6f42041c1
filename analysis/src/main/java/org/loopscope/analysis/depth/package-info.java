/** What every number of loops would say and cost, from one run: quality by step, and early steps as drafts of the last. */
@NullMarked
package org.loopscope.analysis.depth;

import org.jspecify.annotations.NullMarked;
