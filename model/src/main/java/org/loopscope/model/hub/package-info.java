/** Checkpoints in the Hugging Face cache: finding them, and downloading them when the user asks for it. */
@NullMarked
package org.loopscope.model.hub;

import org.jspecify.annotations.NullMarked;
