/** What command line and window have in common: settings, folders of the user, traces of errors, the door to the window. */
@NullMarked
package org.loopscope.app.base;

import org.jspecify.annotations.NullMarked;
