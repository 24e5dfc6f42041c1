/** The Geometry panel: how the states move from loop to loop. */
@NullMarked
package org.loopscope.plugin.geometry;

import org.jspecify.annotations.NullMarked;
