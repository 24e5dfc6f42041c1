/** The looped model: its configuration, how a run is asked for, and the capture that a run leaves behind. */
@NullMarked
package org.loopscope.model;

import org.jspecify.annotations.NullMarked;
