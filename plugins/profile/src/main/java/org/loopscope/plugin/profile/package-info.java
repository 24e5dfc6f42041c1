/** The labs of values by depth over a prompt set: how states move, and what the logit lens reads. */
@NullMarked
package org.loopscope.plugin.profile;

import org.jspecify.annotations.NullMarked;
