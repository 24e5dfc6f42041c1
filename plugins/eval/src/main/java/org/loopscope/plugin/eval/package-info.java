/** Labs that judge a model by the text that should follow: loss, choices, generated answers. */
@NullMarked
package org.loopscope.plugin.eval;

import org.jspecify.annotations.NullMarked;
