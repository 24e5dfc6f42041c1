/** The KV policies panel. */
@NullMarked
package org.loopscope.plugin.kv;

import org.jspecify.annotations.NullMarked;
