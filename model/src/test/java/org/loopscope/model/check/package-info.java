/** Tests of the self-checks. */
@NullMarked
package org.loopscope.model.check;

import org.jspecify.annotations.NullMarked;
