package org.loopscope.app.workbench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a session as the next start of the window does. */
public final class SessionReading {
    private SessionReading() {}

    /** What the window offers for a session left in {@code folder}, and what it finds wrong with it. */
    public record Offer(String sentence, Optional<String> damage, int runs) {}

    public static Offer read(Path folder) throws IOException {
        try (SessionFolder taken = SessionFolder.leftBehind(folder.getParent()).get(0)) {
            LeftSession left = LeftSession.read(taken);
            return new Offer(
                    left.sentence(), left.damage(), left.session().runs().size());
        }
    }
}
