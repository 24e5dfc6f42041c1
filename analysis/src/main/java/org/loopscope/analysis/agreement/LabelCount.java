package org.loopscope.analysis.agreement;

/**
 * How often a step answers one label.
 *
 * @param id token id of the label
 * @param text how the label is shown
 * @param count times it is the most probable prediction
 */
public record LabelCount(int id, String text, int count) {}
