package ktrace.ctf.read;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import ktrace.ctf.CtfException;
import ktrace.ctf.TraceFileNames;
import ktrace.ctf.tsdl.TsdlLimits;
import ktrace.linux.files.FileErrors;

/** Finds the files of a trace: the directory that holds {@code metadata}, and the stream files beside it. */
record TraceFiles(Path directory) {
    private static final int DEEPEST = 6;
    private static final int MOST_VISITED = 20_000;

    /** @throws CtfException when there is no trace, or more than one */
    static TraceFiles find(Path directory) {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(directory, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new CtfException("cannot read the trace " + directory + ": there is no such directory", e);
        } catch (IOException e) {
            throw new CtfException("cannot read the trace " + directory + ": " + FileErrors.reason(e), e);
        }
        if (!attributes.isDirectory()) {
            throw new CtfException("cannot read the trace " + directory
                    + ": it is no directory; a trace is one, with a file metadata in it");
        }
        for (Path likely : List.of(directory, directory.resolve("kernel"))) {
            if (Files.isRegularFile(likely.resolve(TraceFileNames.METADATA))) {
                return new TraceFiles(likely);
            }
        }
        List<Path> denied = new ArrayList<>();
        List<Path> found = below(directory, denied);
        List<Path> ofKernel = found.stream().filter(trace -> trace.endsWith("kernel")).toList();
        if (ofKernel.size() == 1 || found.size() == 1) {
            return new TraceFiles(ofKernel.size() == 1 ? ofKernel.getFirst() : found.getFirst());
        }
        throw new CtfException("cannot read the trace " + directory + ": " + (found.isEmpty()
                ? denied.isEmpty() ? "there is no file metadata in it, nor below it" : "permission denied to look into " + denied.getFirst()
                : "there are several below it; name one, such as " + found.getFirst()));
    }

    /** @param denied is given what may not be looked into */
    private static List<Path> below(Path directory, List<Path> denied) {
        List<Path> found = new ArrayList<>();
        int[] visited = {0};
        try {
            Files.walkFileTree(directory, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEEPEST, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && file.endsWith(TraceFileNames.METADATA)) {
                        found.add(file.getParent());
                    }
                    return ++visited[0] > MOST_VISITED || found.size() > 100 ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    if (e instanceof AccessDeniedException) {
                        denied.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new CtfException("cannot read the trace " + directory + ": " + FileErrors.reason(e), e);
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    Path metadataFile() {
        return directory.resolve(TraceFileNames.METADATA);
    }

    byte[] metadata() {
        Path file = metadataFile();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(TsdlLimits.METADATA_BYTES + 1);
            if (bytes.length > TsdlLimits.METADATA_BYTES) {
                throw new CtfException("cannot read " + file + ": it is larger than " + (TsdlLimits.METADATA_BYTES >> 20)
                        + " MiB, which no tracer writes");
            }
            return bytes;
        } catch (IOException e) {
            throw new CtfException("cannot read " + file + ": " + FileErrors.reason(e), e);
        }
    }

    /**
     * The stream files, numbers in their names counted as such: cpu_2 before cpu_10. What ktrace 0.1 had asked comes first: of two
     * events with the same time that is the earlier.
     */
    List<Path> streams() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(TraceFiles::isStream).sorted(Comparator.comparing(TraceFiles::isOfCpu).thenComparing(TraceFiles::sortKey)).toList();
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private CtfException unreadable(IOException e) {
        return new CtfException("cannot read " + directory + ": " + FileErrors.reason(e), e);
    }

    private static boolean isStream(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && !name.equals(TraceFileNames.METADATA) && Files.isRegularFile(file);
    }

    private static boolean isOfCpu(Path file) {
        return !file.endsWith(TraceFileNames.DISCOVERIES);
    }

    /** Each run of digits with its length before it. */
    private static String sortKey(Path file) {
        String name = file.getFileName().toString();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < name.length(); ) {
            int end = i;
            while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
                end++;
            }
            if (end == i) {
                key.append(name.charAt(i++));
            } else {
                key.append((char) ('0' + Math.min(end - i, 1000))).append(name, i, end);
                i = end;
            }
        }
        return key.toString();
    }
}
