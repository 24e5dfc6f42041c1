package org.loopscope.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.checkpoint.RandomCheckpoint;
import org.loopscope.model.support.Golden;

class KnownTokenizersTest {
    @TempDir
    Path folder;

    @Test
    void theProgramsOwnAreKnownFromTheStart() throws LoopscopeException {
        KnownTokenizers known = new KnownTokenizers(folder);
        assertTrue(known.holds(hash(Golden.path("org/loopscope/model/embedded/tokenizer.json"))));
        Path made = RandomCheckpoint.TINY.in(folder, RunControl.none());
        assertTrue(known.holds(hash(made.resolve("tokenizer.json"))));
        assertFalse(known.holds(hash(Golden.path("tokenizers/llama/tokenizer.json"))));
    }

    private static String hash(Path file) throws LoopscopeException {
        return TokenizerFile.read(file).hash();
    }

    @Test
    void whatWasTriedIsRememberedForTheVersionOfTheLibraryInUse() throws Exception {
        new KnownTokenizers(folder).remember("abc");
        assertTrue(new KnownTokenizers(folder).holds("abc"));
        String jar = TokenizersLibrary.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        String version = jar.replaceAll(".*tokenizers-([0-9.]+)\\.jar", "$1");
        try (var files = Files.list(folder)) {
            String name = files.findFirst().orElseThrow().getFileName().toString();
            assertTrue(name.contains(version), name + " for " + version);
        }
    }

    @Test
    void aCacheThatCannotBeWrittenIsDoneWithout() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        KnownTokenizers known = new KnownTokenizers(file);
        known.remember("abc");
        assertFalse(known.holds("abc"));
    }
}
