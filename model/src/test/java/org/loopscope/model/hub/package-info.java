/** Tests of the Hugging Face cache and of downloads, against a server of their own. */
@NullMarked
package org.loopscope.model.hub;

import org.jspecify.annotations.NullMarked;
