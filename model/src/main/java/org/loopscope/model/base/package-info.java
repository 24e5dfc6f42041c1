/**
 * What every other package stands on: text of others in our sentences, the one way to read a file of text, and files that
 * are written whole or not at all.
 */
@NullMarked
package org.loopscope.model.base;

import org.jspecify.annotations.NullMarked;
