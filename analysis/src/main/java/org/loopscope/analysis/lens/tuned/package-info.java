/** The tuned lens: an affine translator for every layer, trained to read what the last step will say. */
@NullMarked
package org.loopscope.analysis.lens.tuned;

import org.jspecify.annotations.NullMarked;
