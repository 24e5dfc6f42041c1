package org.loopscope.app.base;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the window is opened with.
 *
 * @param model {@code embedded} or a checkpoint folder
 * @param file a capture file to show instead of running the welcome prompt
 */
public record GuiOptions(String model, Optional<Path> file) {
    public static final GuiOptions WELCOME = new GuiOptions("embedded", Optional.empty());
}
