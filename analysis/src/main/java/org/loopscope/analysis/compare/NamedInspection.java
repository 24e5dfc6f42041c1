package org.loopscope.analysis.compare;

import org.loopscope.analysis.run.Inspection;

/**
 * A run under the name by which a person knows it.
 *
 * @param name such as {@code #3 people Ann's friend is}, or the name of a capture file
 */
public record NamedInspection(String name, Inspection inspection) {}
