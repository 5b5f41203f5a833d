package ktrace.linux.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be worked with, as a phrase: the messages of java.nio.file's exceptions are often the file name alone. */
public final class FileErrors {
    private FileErrors() {
    }

    /** What follows "cannot read FILE: ". */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException ignored -> "there is no such file";
            case AccessDeniedException ignored -> "permission denied";
            case NotDirectoryException ignored -> "it is no directory";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
