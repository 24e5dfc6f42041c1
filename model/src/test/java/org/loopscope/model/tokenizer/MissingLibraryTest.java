package org.loopscope.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.support.Golden;

/** A machine for which there is no native library, played by a second Java process that is told another name for it. */
class MissingLibraryTest {
    /** Loads the tokenizer twice: the second failure of a class that could not start looks different to Java. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    HuggingFaceTokenizer.load(Path.of(arguments[0]));
                    System.out.println("loaded");
                } catch (LoopscopeException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    @Test
    void isToldInASentenceThatSaysWhatStillWorks() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-Dos.name=Mac OS X",
                        "-Dos.arch=x86_64",
                        "-Dfile.encoding=UTF-8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Probe.class.getName(),
                        Golden.path("org/loopscope/model/embedded/tokenizer.json")
                                .toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        String sentence = "The tokenizer library does not run on this machine (Mac OS X x86_64): prompts cannot be"
                + " typed as text, token ids still work.";
        assertEquals(sentence + "\n" + sentence + "\n", output.replace("\r", ""));
    }
}
