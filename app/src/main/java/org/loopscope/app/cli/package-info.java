/** The command line: one class a subcommand, and how results are written for people and for programs. */
@NullMarked
package org.loopscope.app.cli;

import org.jspecify.annotations.NullMarked;
