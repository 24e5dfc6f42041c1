/** Text to token ids and back: tokenizer.json through its native library, and the ChatML prompt format. */
@NullMarked
package org.loopscope.model.tokenizer;

import org.jspecify.annotations.NullMarked;
