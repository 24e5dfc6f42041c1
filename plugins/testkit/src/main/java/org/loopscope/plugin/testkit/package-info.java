/** For tests of panels and labs: runs with chosen predictions and gates, without a model; and the trained model, opened once. */
@NullMarked
package org.loopscope.plugin.testkit;

import org.jspecify.annotations.NullMarked;
