package ktrace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes {@code target/kernel-tests.txt}: for each test tagged {@code kernel} one line, {@code ran NAME} or
 * {@code skipped NAME: REASON}. Surefire's reports carry no tags, and {@code .ci/run} must know whether one of these
 * was skipped.
 */
public final class KernelTestReport implements TestExecutionListener {

    private static final TestTag KERNEL = TestTag.create("kernel");
    private static final Path REPORT = Path.of("target/kernel-tests.txt");

    private final List<String> lines = new ArrayList<>();
    private TestPlan plan;

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        if (concernsKernel(test)) {
            lines.add("skipped " + name(test) + ": " + oneLine(reason));
        }
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (!concernsKernel(test)) {
            return;
        }
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            String reason = result.getThrowable().map(Throwable::getMessage).orElse("no reason given");
            lines.add("skipped " + name(test) + ": " + oneLine(reason));
        } else if (test.isTest()) {
            lines.add("ran " + name(test));
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan finished) {
        if (lines.isEmpty()) {
            // A part of the suite without the kernel, which runs after the whole, takes nothing back.
            return;
        }
        try {
            Files.createDirectories(REPORT.getParent());
            Files.write(REPORT, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A class that is skipped as a whole reports none of its methods, whose tags then speak for it. */
    private boolean concernsKernel(TestIdentifier test) {
        return test.getTags().contains(KERNEL)
                || plan.getDescendants(test).stream().anyMatch(child -> child.getTags().contains(KERNEL));
    }

    private String name(TestIdentifier test) {
        String parent = plan.getParent(test).map(TestIdentifier::getDisplayName).orElse("");
        return parent + " " + test.getDisplayName();
    }

    private static String oneLine(String reason) {
        return reason == null ? "no reason given" : reason.strip().replaceAll("\\s+", " ");
    }
}
