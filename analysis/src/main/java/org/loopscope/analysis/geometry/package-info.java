/** How far and in which direction the states move from step to step. */
@NullMarked
package org.loopscope.analysis.geometry;

import org.jspecify.annotations.NullMarked;
