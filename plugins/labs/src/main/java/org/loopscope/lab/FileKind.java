package org.loopscope.lab;

/**
 * A text file that a lab over sets can write of its rows.
 *
 * @param name of its option without dashes, {@code save-recipe}
 * @param title for people, {@code Save recipe}
 * @param meaning what it is, in sentences
 * @param ending of its name, without the dot
 */
public record FileKind(String name, String title, String meaning, String ending) {}
