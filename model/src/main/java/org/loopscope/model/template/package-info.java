/**
 * Chat templates: an interpreter for the part of the Jinja language that published models write them in. A template is a
 * program of somebody else's, so it sees nothing but the values it is given, and stops at limits.
 */
@NullMarked
package org.loopscope.model.template;

import org.jspecify.annotations.NullMarked;
