package org.loopscope.plugin.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.figure.Figure;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.PanelState;
import org.loopscope.plugin.Selection;
import org.loopscope.plugin.testkit.WelcomeRun;

class LogitLensProviderTest {
    private static PanelProvider provider() {
        List<PanelProvider> found = ServiceLoader.load(PanelProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        assertEquals(1, found.size());
        return found.get(0);
    }

    @Test
    void theServiceLoaderFindsIt() {
        assertEquals("logit-lens", provider().id());
        assertEquals("Logit lens", provider().title());
    }

    @Test
    void theHelpGivesTheFormulaItsSourceAndHowItMisleads() {
        String help = provider().help();
        assertTrue(help.contains("softmax(W_U · h(t))") && help.contains("arXiv:2510.25741"));
        assertTrue(help.contains("How it misleads"));
        assertTrue(help.split("\n\n").length >= 4, "several paragraphs");
    }

    @Test
    void itsFiguresNeedNoWindowAndStateTheLens() {
        Inspection welcome = WelcomeRun.run().inspect();
        List<Figure> figures = provider().figures(new PanelState(welcome, new Selection(14, 3), ExitRule.q(0.5)));
        assertEquals(
                List.of("logit-lens", "lens-trajectories", "lens-depth"),
                figures.stream().map(Figure::id).toList());
        for (Figure figure : figures) {
            assertTrue(figure.subtitle().contains("final norm applied once"), figure.subtitle());
            assertTrue(figure.table().rowCount() > 0);
        }
        assertTrue(
                figures.get(0).description().contains("loop 3 says Dan (0.999)"),
                figures.get(0).description());
    }
}
