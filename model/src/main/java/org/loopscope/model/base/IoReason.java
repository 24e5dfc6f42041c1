package org.loopscope.model.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written, in words for a person. */
public final class IoReason {
    private IoReason() {}

    /** The reason alone, without the name of the file: {@code permission denied}. */
    public static String of(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        String message = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return message == null ? "input or output failed" : ForeignText.shown(message);
    }
}
