package org.loopscope.model.tokenizer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.LoopscopeException;

/**
 * The tokenizers library in a process of its own ({@link TokenizerProcess}) with limits of time and memory: whatever a text
 * does to it there, here it is a sentence. The process is started when it is needed, and anew after it was ended.
 */
final class ServedEngine implements Engine {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final String NOT_STARTED =
            "The tokenizer could not be started in a process of its own: prompts cannot be typed as text, token ids still work.";
    private static final Duration START = Duration.ofSeconds(5);
    private static final Duration CALL = Duration.ofSeconds(2);
    private static final long CHARACTERS_A_SECOND = 500_000; // a tenth of what the library does on a slow machine
    private static final long BYTES_A_SECOND = 4 << 20;
    private static final long LEAST_HEAP = 96 << 20;
    private static final long LEAST_MEMORY = 512L << 20;
    private static final long MEMORY_PER_BYTE = 24; // of the file; 16 was the most that was measured
    private static final long UNUSED_ADDRESSES = 1L << 30; // reserved by Java, never touched

    private final String json;
    private final Child child = new Child();

    private ServedEngine(String json) {
        this.json = json;
        Child unreferenced = child;
        CLEANER.register(this, unreferenced::close);
    }

    /**
     * Starts the process and lets it open the tokenizer.
     *
     * @param name of the file, for the sentence
     */
    static ServedEngine open(String json, String name) throws LoopscopeException {
        ServedEngine engine = new ServedEngine(json);
        try {
            engine.child.open(json);
            return engine;
        } catch (EndedException e) {
            throw new LoopscopeException(
                    name + ": expected a tokenizer that can be opened, found one that " + e.why() + ".", e);
        } catch (NativeEngine.RefusedException e) {
            throw e.of(name);
        }
    }

    /** The process was ended, or ended by itself. */
    static final class EndedException extends LoopscopeException {
        private static final long serialVersionUID = 1L;
        private final String why;

        EndedException(String what, String why, Throwable cause) {
            super("The tokenizer of this model was ended at this " + what + ", as one that " + why + ".", cause);
            this.why = why;
        }

        /** What it did: {@code breaks down}. */
        String why() {
            return why;
        }
    }

    /** Time of the processor that the process took so far. */
    long cpuNanos() {
        return child.cpuNanos();
    }

    @Override
    public Encoded encode(String text, boolean withSpans) throws LoopscopeException {
        return encode(text, withSpans, CALL.plusMillis(text.length() * 1000L / CHARACTERS_A_SECOND));
    }

    /** The same with another limit of time of the processor. */
    Encoded encode(String text, boolean withSpans, Duration limit) throws LoopscopeException {
        return child.ask(
                json,
                limit,
                "text",
                out -> {
                    out.writeByte(TokenizerProcess.ENCODE);
                    out.writeBoolean(withSpans);
                    TokenizerProcess.write(out, text);
                },
                in -> new Encoded(TokenizerProcess.readIds(in), TokenizerProcess.readInts(in)));
    }

    @Override
    public String decode(long... ids) throws LoopscopeException {
        Duration limit = CALL.plusMillis(ids.length * 1000L / CHARACTERS_A_SECOND);
        return child.ask(
                json,
                limit,
                "row of tokens",
                out -> {
                    out.writeByte(TokenizerProcess.DECODE);
                    TokenizerProcess.write(out, ids);
                },
                TokenizerProcess::readText);
    }

    @Override
    public void close() {
        child.close();
    }

    @FunctionalInterface
    private interface Request {
        void write(DataOutputStream out) throws IOException;
    }

    @FunctionalInterface
    private interface Reply<T> {
        T read(DataInputStream in) throws IOException;
    }

    /** The process and the two streams to it; holds nothing of the engine, so that it can be ended when the engine is gone. */
    private static final class Child {
        private @Nullable Process process;
        private @Nullable ProcessWatch watch;
        private @Nullable DataInputStream in;
        private @Nullable DataOutputStream out;

        synchronized void open(String json) throws LoopscopeException {
            if (process != null && process.isAlive()) {
                return;
            }
            long bytes = 2L * json.length();
            long most = LEAST_MEMORY + MEMORY_PER_BYTE * bytes;
            try {
                process = ProcessCommand.start(LEAST_HEAP + 6 * bytes, most + UNUSED_ADDRESSES);
            } catch (IOException e) {
                throw new LoopscopeException(NOT_STARTED, e);
            }
            watch = new ProcessWatch(process, most);
            in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
            out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
            ready();
            begin(json, bytes);
        }

        private void ready() throws LoopscopeException {
            int first;
            try {
                first = answer(START, Child::firstSign, "start");
            } catch (EndedException e) {
                throw new LoopscopeException(NOT_STARTED, e);
            }
            if (first == TokenizerProcess.NO_LIBRARY) {
                close();
                throw NativeEngine.missing(null);
            }
        }

        /** Some virtual machines write warnings of their own before the program begins; no text holds these signs. */
        private static int firstSign(DataInputStream answers) throws IOException {
            int sign = answers.readByte();
            while (sign != TokenizerProcess.READY && sign != TokenizerProcess.NO_LIBRARY) {
                sign = answers.readByte();
            }
            return sign;
        }

        private void begin(String json, long bytes) throws LoopscopeException {
            int opened = answer(
                    CALL.plusMillis(bytes * 1000 / BYTES_A_SECOND),
                    answer -> {
                        DataOutputStream to = required(out);
                        to.writeByte(TokenizerProcess.OPEN);
                        TokenizerProcess.write(to, json);
                        to.flush();
                        return answer.readByte();
                    },
                    "file");
            if (opened != TokenizerProcess.OK) {
                close();
                throw new NativeEngine.RefusedException(null);
            }
        }

        synchronized <T> T ask(String json, Duration limit, String what, Request request, Reply<T> reply)
                throws LoopscopeException {
            open(json);
            return answer(
                            limit,
                            answer -> {
                                DataOutputStream to = required(out);
                                request.write(to);
                                to.flush();
                                return answer.readByte() == TokenizerProcess.OK
                                        ? Optional.of(reply.read(answer))
                                        : Optional.<T>empty();
                            },
                            what)
                    .orElseThrow(() ->
                            new NoTokensException("The tokenizer of this model cannot express this " + what + "."));
        }

        private <T> T answer(Duration limit, Reply<T> reply, String what) throws LoopscopeException {
            DataInputStream from = required(in);
            ProcessWatch looks = required(watch);
            try {
                return looks.during(limit, () -> reply.read(from));
            } catch (IOException | RuntimeException e) {
                close();
                String why = looks.end()
                        .map(end -> end == ProcessWatch.End.TOO_LARGE ? "takes too much memory" : "takes too long")
                        .orElse("breaks down");
                throw new EndedException(what, why, e);
            }
        }

        private static <T> T required(@Nullable T part) {
            if (part == null) {
                throw new IllegalStateException("the process was not started");
            }
            return part;
        }

        synchronized long cpuNanos() {
            Process running = process;
            return running == null
                    ? 0
                    : running.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
        }

        synchronized void close() {
            Process running = process;
            process = null;
            if (running != null) {
                running.destroyForcibly();
            }
        }
    }
}
