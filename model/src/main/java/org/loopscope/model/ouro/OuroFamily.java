package org.loopscope.model.ouro;

import java.util.List;
import java.util.Map;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.ConfigReader;
import org.loopscope.model.checkpoint.LoopFamily;
import org.loopscope.model.checkpoint.OuroTensors;
import org.loopscope.model.shape.LoopConfig;
import org.loopscope.model.shape.LoopShape;

/** Ouro (LoopLM): one stack that is all loop, a norm and a gate after every step. Source: Zhu et al. 2025, arXiv:2510.25741. */
public class OuroFamily implements LoopFamily {
    private static final int PUBLISHED_STEPS = 4;

    @Override
    public String title() {
        return "an Ouro model";
    }

    @Override
    public String architecture() {
        return "OuroForCausalLM";
    }

    @Override
    public String modelType() {
        return "ouro";
    }

    @Override
    public LoopConfig config(ConfigReader reader) throws LoopscopeException {
        int layers = reader.layers();
        reader.requirePlain(layers);
        return reader.stack(LoopShape.gated(layers, reader.steps("total_ut_steps", PUBLISHED_STEPS)));
    }

    @Override
    public Map<String, List<Long>> tensors(LoopConfig config) {
        return OuroTensors.needed(config);
    }

    @Override
    public LoopedModel load(Source source, RunControl control) throws LoopscopeException {
        return OuroModel.load(source.checkpoint(), source.precision(), source.tokenizer(), source.id(), control)
                .withChat(source.chat());
    }
}
