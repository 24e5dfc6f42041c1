/** The panel SPI: what a panel gives to Loopscope and what it is given. */
@NullMarked
package org.loopscope.plugin;

import org.jspecify.annotations.NullMarked;
