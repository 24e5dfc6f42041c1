/** Starts the program: the command line, the window it opens, and what both need of the machine. */
@NullMarked
package org.loopscope.app;

import org.jspecify.annotations.NullMarked;
