/** The Compare panel: two to four runs side by side. */
@NullMarked
package org.loopscope.plugin.compare;

import org.jspecify.annotations.NullMarked;
