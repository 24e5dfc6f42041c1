/** Where the states of runs are kept: on the Java heap, or in a mapped file when that has no room. */
@NullMarked
package org.loopscope.model.states;

import org.jspecify.annotations.NullMarked;
