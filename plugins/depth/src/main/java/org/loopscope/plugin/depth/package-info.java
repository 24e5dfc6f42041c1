/** The Depth panel. */
@NullMarked
package org.loopscope.plugin.depth;

import org.jspecify.annotations.NullMarked;
