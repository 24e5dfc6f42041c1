package org.loopscope.app.panels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.loopscope.plugin.PanelProvider;
import org.loopscope.plugin.testkit.PlainProvider;

class PanelRegistryTest {
    private final List<String> problems = new ArrayList<>();

    private static final class Nameless extends PlainProvider {
        Nameless() {
            super("nameless");
        }

        @Override
        public String title() {
            throw new IllegalStateException("no title");
        }
    }

    @Test
    void theBuiltInPanelsAreFoundInTheirOrder() {
        List<String> ids = PanelRegistry.load((sentence, cause) -> problems.add(sentence)).stream()
                .map(PanelProvider::id)
                .toList();
        assertEquals(
                List.of("logit-lens", "exit", "faithfulness", "geometry", "depth", "evaluate", "kv", "compare"), ids);
        assertEquals(List.of(), problems);
    }

    @Test
    void aPanelThatCannotSayItsNameIsLeftOutAndTold() {
        assertFalse(PanelRegistry.describesItself(new Nameless(), (sentence, cause) -> problems.add(sentence)));
        assertEquals(1, problems.size());
        assertTrue(
                problems.get(0)
                        .startsWith(
                                "The panel org.loopscope.app.panels.PanelRegistryTest$Nameless could not be loaded: "),
                problems.get(0));
    }
}
