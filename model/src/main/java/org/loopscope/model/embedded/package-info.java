/** The small trained model that comes with the program, and the tasks that it was trained on. */
@NullMarked
package org.loopscope.model.embedded;

import org.jspecify.annotations.NullMarked;
