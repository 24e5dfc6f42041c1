/** What the arithmetic runs on, and how fast that is at best: the yardstick of the program's own measurements. */
@NullMarked
package org.loopscope.model.backend;

import org.jspecify.annotations.NullMarked;
