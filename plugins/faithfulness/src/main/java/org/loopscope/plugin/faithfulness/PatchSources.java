package org.loopscope.plugin.faithfulness;

import java.util.List;
import javafx.beans.property.Property;
import javafx.scene.control.ChoiceBox;
import javafx.util.StringConverter;
import org.loopscope.analysis.patch.PatchSource;

/** What takes the place of a state, as a choice. */
final class PatchSources {
    /** For the run that is shown and another prompt; clean is the other prompt's state. */
    static final List<PatchSource> OF_RUN =
            List.of(PatchSource.CLEAN, PatchSource.SKIP, PatchSource.ZERO, PatchSource.NOISE, PatchSource.MEAN);

    private static final double WIDEST = 240;

    private PatchSources() {}

    static ChoiceBox<PatchSource> choice(String id, List<PatchSource> sources, Property<PatchSource> chosen) {
        ChoiceBox<PatchSource> box = new ChoiceBox<>();
        box.setId(id);
        box.setAccessibleText("What takes the place of a state");
        box.getItems().setAll(sources);
        box.setMaxWidth(WIDEST);
        box.setConverter(new SourceText(!sources.contains(PatchSource.CORRUPTED)));
        box.valueProperty().bindBidirectional(chosen);
        return box;
    }

    private static final class SourceText extends StringConverter<PatchSource> {
        private final boolean ofRun;

        SourceText(boolean ofRun) {
            this.ofRun = ofRun;
        }

        @Override
        public String toString(PatchSource source) {
            return ofRun && source == PatchSource.CLEAN ? "the other prompt's state" : source.text();
        }

        @Override
        public PatchSource fromString(String text) {
            throw new UnsupportedOperationException("the choices are fixed");
        }
    }
}
