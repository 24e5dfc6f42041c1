package org.loopscope.lab;

import java.util.Optional;
import org.loopscope.model.ModelInfo;

/**
 * Where rows come from.
 *
 * @param model that measured them; empty where they were read from a file
 * @param set the prompts, or the file of rows
 */
public record MeasuredOn(Optional<ModelInfo> model, String set) {}
