/** JavaFX cards that show a {@link org.loopscope.figure.Figure} with its actions. */
@NullMarked
package org.loopscope.plugin.card;

import org.jspecify.annotations.NullMarked;
