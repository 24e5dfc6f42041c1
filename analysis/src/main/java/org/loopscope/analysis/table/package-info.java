/** Tables of records: what stands in their columns, how they are written as CSV and how they are read back. */
@NullMarked
package org.loopscope.analysis.table;

import org.jspecify.annotations.NullMarked;
