package ktrace.decode.files;

import ktrace.decode.Family;
import ktrace.decode.Result;

/** The kinds of calls on files: paths, status, control. */
public final class FileKinds {
    public static final Family ALL = new Family(FileKinds::result, Files::kind, FileStatus::kind, FileControl::kind,
            FileAttributes::kind,
            Mounts::kind, Directories::kind, Ioctls::kind, I386Files::kind);

    private FileKinds() {
    }

    private static Result result(String name) {
        return switch (name) {
            case "fcntl" -> FileControl::result;
            default -> null;
        };
    }
}
