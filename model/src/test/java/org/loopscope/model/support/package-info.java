/** Shared by tests: the golden sets, and files that are damaged on purpose. */
@NullMarked
package org.loopscope.model.support;

import org.jspecify.annotations.NullMarked;
