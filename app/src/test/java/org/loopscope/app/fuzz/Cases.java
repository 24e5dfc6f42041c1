package org.loopscope.app.fuzz;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.loopscope.model.base.LoopscopeException;

/** Gives one case to its reader. */
final class Cases {
    private Cases() {}

    static Outcome run(FuzzReader reader, long number) throws IOException {
        return run(reader, Mutations.of(reader, number), number);
    }

    static Outcome run(FuzzReader reader, byte[] bytes, long number) throws IOException {
        Files.write(reader.file(), bytes);
        try {
            reader.read().read(reader.file(), number);
            return new Outcome(Outcome.Kind.ACCEPTED, "");
        } catch (LoopscopeException | Commands.Refusal e) {
            String sentence = String.valueOf(e.getMessage());
            return Sentence.fault(sentence)
                    .map(fault -> new Outcome(Outcome.Kind.BAD_SENTENCE, fault + ": " + sentence))
                    .orElse(new Outcome(Outcome.Kind.REFUSED, sentence));
        } catch (Sentences.BadNote e) {
            return new Outcome(Outcome.Kind.BAD_SENTENCE, String.valueOf(e.getMessage()));
        } catch (Throwable e) { // whatever it is, it is what the test looks for
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            String text = trace.toString();
            return new Outcome(Outcome.Kind.INTERNAL_ERROR, text.substring(0, Math.min(text.length(), 3000)));
        }
    }

    /** How a case is repeated alone. */
    static String name(FuzzReader reader, long number) {
        return "-Dfuzz.reader=" + reader.name() + " -Dfuzz.case=" + number;
    }

    static Path keptIn(Path folder, FuzzReader reader, long number) {
        return folder.resolve(reader.name() + "-" + number + "-" + reader.file().getFileName());
    }
}
