package org.loopscope.plugin.kv;

import java.util.List;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;

/** The KV policies panel. */
public final class KvProvider implements PanelProvider {
    @Override
    public String id() {
        return "kv";
    }

    @Override
    public String title() {
        return "KV policies";
    }

    @Override
    public String summary() {
        return "What sharing the KV cache between loops changes in the text, and what memory it saves.";
    }

    @Override
    public int order() {
        return 600;
    }

    @Override
    public String help() {
        return new KvLab().help();
    }

    @Override
    public boolean supports(Inspection inspection) {
        return inspection.capture().steps() > 1;
    }

    @Override
    public Panel create(PanelContext context) {
        return new KvPanel(context);
    }

    /** The memory alone: the other figures need runs, which are made when the panel is asked. */
    @Override
    public List<Figure> figures(PanelState state) {
        return List.of(KvViewModel.memory(state.inspection(), state.inspection().model()));
    }
}
