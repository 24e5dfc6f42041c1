/** Finding, opening and describing models: the top of the model's house. */
@NullMarked
package org.loopscope.model.open;

import org.jspecify.annotations.NullMarked;
