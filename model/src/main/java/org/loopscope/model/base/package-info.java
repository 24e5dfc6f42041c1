/** What every other package stands on: text of others in our sentences, and the one way to read a file of text. */
@NullMarked
package org.loopscope.model.base;

import org.jspecify.annotations.NullMarked;
