/** The program killed while it works, and started again: nothing that was done is lost, nothing is left behind. */
@NullMarked
package org.loopscope.app.kill;

import org.jspecify.annotations.NullMarked;
