/** The window: views that lay out and bind; what they show is computed elsewhere. */
@NullMarked
package org.loopscope.app.shell;

import org.jspecify.annotations.NullMarked;
