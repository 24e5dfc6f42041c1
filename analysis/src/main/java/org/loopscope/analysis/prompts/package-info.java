/** Prompt sets, the sample prompts that come with the program, and accuracy by step. */
@NullMarked
package org.loopscope.analysis.prompts;

import org.jspecify.annotations.NullMarked;
