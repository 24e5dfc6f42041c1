/** The state of the window and what can be done with it: observable, but free of controls, so it is tested without one. */
@NullMarked
package org.loopscope.app.workbench;

import org.jspecify.annotations.NullMarked;
