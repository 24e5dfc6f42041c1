/** For tests of panels: runs with chosen predictions and gates, without a model. */
@NullMarked
package org.loopscope.plugin.testkit;

import org.jspecify.annotations.NullMarked;
