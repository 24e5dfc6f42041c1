package org.loopscope.plugin.testkit;

import java.util.List;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.plugin.Panel;
import org.loopscope.plugin.PanelContext;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;

/** A panel of somebody else, that fits every run and draws nothing; a test changes what it is about. */
public class PlainProvider implements PanelProvider {
    private final String id;

    public PlainProvider(String id) {
        this.id = id;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public String title() {
        return "Title of " + id;
    }

    @Override
    public String summary() {
        return "Summary";
    }

    @Override
    public int order() {
        return 1;
    }

    @Override
    public String help() {
        return "Help, first.\n\nHelp, second.";
    }

    @Override
    public boolean supports(Inspection inspection) {
        return true;
    }

    @Override
    public Panel create(PanelContext context) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Figure> figures(PanelState state) {
        return List.of();
    }
}
