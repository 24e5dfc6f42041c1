/** How fast the program is on this machine, each figure beside what the machine allows. Knows no window. */
@NullMarked
package org.loopscope.bench;

import org.jspecify.annotations.NullMarked;
