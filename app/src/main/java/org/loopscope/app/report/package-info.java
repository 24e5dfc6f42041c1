/** The report: one self-contained HTML page with every panel's figures and their data. */
@NullMarked
package org.loopscope.app.report;

import org.jspecify.annotations.NullMarked;
