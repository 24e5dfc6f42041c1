/** The Faithfulness panel: whether later loop steps change the answer, and whether agreement means anything. */
@NullMarked
package org.loopscope.plugin.faithfulness;

import org.jspecify.annotations.NullMarked;
