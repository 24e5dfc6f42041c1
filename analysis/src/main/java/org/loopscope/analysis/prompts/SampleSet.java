package org.loopscope.analysis.prompts;

/**
 * One entry of the index of sample prompts.
 *
 * @param file path of the prompt set, relative to the folder of the index, with {@code /}
 * @param title how the set is called in the window
 * @param model family of models it is written for: {@code embedded} or {@code ouro}
 * @param description one sentence
 * @param shown whether it is offered among the sample prompts; sets for evaluation are not
 */
public record SampleSet(String file, String title, String model, String description, boolean shown) {}
