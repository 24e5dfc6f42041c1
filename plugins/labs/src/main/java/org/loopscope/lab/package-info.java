/** What a lab declares of itself once: settings, rows, findings and figures, from which command, panel and report follow. */
@NullMarked
package org.loopscope.lab;

import org.jspecify.annotations.NullMarked;
