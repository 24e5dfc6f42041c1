@NullMarked
package org.loopscope.model.states;

import org.jspecify.annotations.NullMarked;
