/** What a looped model is made of: sizes, layers, steps. */
@NullMarked
package org.loopscope.model.shape;

import org.jspecify.annotations.NullMarked;
