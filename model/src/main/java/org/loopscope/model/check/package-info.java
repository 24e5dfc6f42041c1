/** Whether a loaded model is what its files say: short checks that run each time one is opened. */
@NullMarked
package org.loopscope.model.check;

import org.jspecify.annotations.NullMarked;
