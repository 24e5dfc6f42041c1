package org.loopscope.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;
import org.loopscope.model.base.LoopscopeException;

/**
 * The Hugging Face tokenizers library in this process, through the binding of the Deep Java Library. What makes the library
 * give up in earnest ends the process, so a file of others is opened here only after it was tried ({@link Trial}) and if it
 * is made of well-known parts ({@link PlainParts}). Nothing is fetched.
 */
final class NativeEngine implements Engine {
    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;
    private static final Cleaner CLEANER = Cleaner.create();

    private final long handle;

    private NativeEngine(long handle) {
        this.handle = handle;
        CLEANER.register(this, () -> LIBRARY.deleteTokenizer(handle));
    }

    /** As {@link #open(String)}, naming the file. */
    static NativeEngine open(String json, String name) throws LoopscopeException {
        try {
            return open(json);
        } catch (RefusedException e) {
            throw e.of(name);
        }
    }

    /**
     * Opens {@code json} as it is.
     *
     * @throws LoopscopeException if the library refuses it, or does not run on this machine
     */
    static NativeEngine open(String json) throws LoopscopeException {
        checkLibrary();
        long handle = create(json);
        LIBRARY.disableTruncation(handle); // asked for by the file, but a prompt is never cut nor padded
        LIBRARY.disablePadding(handle);
        return new NativeEngine(handle);
    }

    private static long create(String json) throws LoopscopeException {
        try {
            return LIBRARY.createTokenizerFromString(json);
        } catch (RuntimeException e) {
            throw new RefusedException(e);
        }
    }

    /** The library read the file and cannot use it. */
    static final class RefusedException extends LoopscopeException {
        private static final long serialVersionUID = 1L;
        private static final String SENTENCE =
                "expected a tokenizer of a known kind, found one that is damaged or of another kind.";

        RefusedException(@Nullable Throwable cause) {
            super(SENTENCE);
            initCause(cause);
        }

        /** The same, naming the file. */
        LoopscopeException of(String file) {
            return new LoopscopeException(file + ": " + SENTENCE, this);
        }
    }

    /** Binds the native library without the network, or says in a sentence that there is none. */
    static void checkLibrary() throws LoopscopeException {
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true"); // or the binding looks for CUDA builds on the network
        }
        try {
            LibUtils.checkStatus();
        } catch (LinkageError | RuntimeException e) {
            throw missing(e);
        }
    }

    static LoopscopeException missing(@Nullable Throwable cause) {
        String sentence = "The tokenizer library does not run on this machine (" + System.getProperty("os.name") + " "
                + System.getProperty("os.arch")
                + "): prompts cannot be typed as text, token ids still work.";
        return cause == null ? new LoopscopeException(sentence) : new LoopscopeException(sentence, cause);
    }

    @Override
    public Encoded encode(String text, boolean withSpans) throws LoopscopeException {
        long encoding;
        try {
            encoding = LIBRARY.encode(handle, text, false);
        } catch (RuntimeException e) {
            throw new NoTokensException("The tokenizer of this model cannot express this text.", e);
        }
        try {
            long[] ids = LIBRARY.getTokenIds(encoding);
            return new Encoded(ids, withSpans ? spans(LIBRARY.getTokenCharSpans(encoding)) : new int[0]);
        } finally {
            LIBRARY.deleteEncoding(encoding);
        }
    }

    private static int[] spans(@Nullable CharSpan[] given) {
        int[] spans = new int[2 * given.length];
        for (int i = 0; i < given.length; i++) {
            CharSpan span = given[i];
            spans[2 * i] = span == null ? 0 : span.getStart();
            spans[2 * i + 1] = span == null ? 0 : span.getEnd();
        }
        return spans;
    }

    @Override
    public String decode(long... ids) throws LoopscopeException {
        try {
            return LIBRARY.decode(handle, ids, false);
        } catch (RuntimeException e) {
            throw new NoTokensException("The tokenizer of this model cannot make a text of these tokens.", e);
        }
    }

    @Override
    public void close() {
        // the native tokenizer goes with this object: captures of a closed model are still shown
    }
}
