/** Panels from jars of others: found, loaded and kept from taking the program down. */
@NullMarked
package org.loopscope.app.panels;

import org.jspecify.annotations.NullMarked;
