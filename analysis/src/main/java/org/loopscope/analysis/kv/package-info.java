/** What sharing the KV cache between loop steps changes in what a model says, and what it saves. */
@NullMarked
package org.loopscope.analysis.kv;

import org.jspecify.annotations.NullMarked;
