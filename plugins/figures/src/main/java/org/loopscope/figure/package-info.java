/** Figures without a toolkit for windows: what they are drawn with, how they look, and how they are saved. */
@NullMarked
package org.loopscope.figure;

import org.jspecify.annotations.NullMarked;
