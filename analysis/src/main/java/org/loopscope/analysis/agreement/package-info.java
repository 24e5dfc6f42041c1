/** How the predictions of the steps agree, and when they stop changing. */
@NullMarked
package org.loopscope.analysis.agreement;

import org.jspecify.annotations.NullMarked;
