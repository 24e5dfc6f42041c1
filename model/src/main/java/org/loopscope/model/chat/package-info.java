/** How a model is talked to, and at which tokens its texts end: decided here, from the files beside the weights. */
@NullMarked
package org.loopscope.model.chat;

import org.jspecify.annotations.NullMarked;
