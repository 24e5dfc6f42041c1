/** The Logit lens panel: what every loop step, or every layer of it, would answer. */
@NullMarked
package org.loopscope.plugin.lens;

import org.jspecify.annotations.NullMarked;
