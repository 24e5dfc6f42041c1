/** How states and their lens readings change with depth on a prompt set: means at every step, or every layer of it. */
@org.jspecify.annotations.NullMarked
package org.loopscope.analysis.profile;
