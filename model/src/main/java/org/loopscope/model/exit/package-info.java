/** Exit mathematics: what the gate logits of one token say, and the rules that turn them into an exit step. */
@NullMarked
package org.loopscope.model.exit;

import org.jspecify.annotations.NullMarked;
