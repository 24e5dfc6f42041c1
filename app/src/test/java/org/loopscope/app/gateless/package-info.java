/** A family of looped models without exit gate, and what is asked of one: it is the second family that everything is tried with. */
@NullMarked
package org.loopscope.app.gateless;

import org.jspecify.annotations.NullMarked;
