package org.loopscope.analysis.patch;

import java.util.Optional;

/**
 * Two prompts of the same number of tokens that differ in one thing and so have different answers.
 *
 * @param clean the prompt whose answer is watched
 * @param corrupted the same prompt with something changed
 * @param answer of the clean prompt, without the space before it
 * @param corruptedAnswer of the corrupted prompt
 * @param group what the pair is counted with
 */
public record PatchPair(
        String clean, String corrupted, String answer, Optional<String> corruptedAnswer, Optional<String> group) {}
