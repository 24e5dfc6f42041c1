/** Capture files: a run as one safetensors file that Python reads too. The format is in docs/capture-format.md. */
@NullMarked
package org.loopscope.model.capture;

import org.jspecify.annotations.NullMarked;
