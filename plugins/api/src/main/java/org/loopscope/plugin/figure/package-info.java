/** Figures: one Java2D paint path for the screen, PNG, SVG and the report, with its colours, fonts and export. */
@NullMarked
package org.loopscope.plugin.figure;

import org.jspecify.annotations.NullMarked;
