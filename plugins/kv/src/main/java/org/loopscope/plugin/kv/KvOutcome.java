package org.loopscope.plugin.kv;

import java.util.Optional;
import org.loopscope.analysis.kv.KvMemory;
import org.loopscope.analysis.kv.KvSummary;
import org.loopscope.figure.HeatmapFigure;

/**
 * What a comparison found.
 *
 * @param memory empty where no model is at hand to tell it
 * @param tokens of one prompt, token by token; empty for a set
 */
public record KvOutcome(KvSummary summary, Optional<KvMemory> memory, Optional<HeatmapFigure> tokens) {}
