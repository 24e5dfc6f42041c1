/** Checkpoint folders: config.json, and tensors in single or sharded safetensors files, memory-mapped. */
@NullMarked
package org.loopscope.model.checkpoint;

import org.jspecify.annotations.NullMarked;
