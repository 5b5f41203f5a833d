package ktrace.kernel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks a test that traces real programs on the running kernel: it is skipped, with the reason, where that is not possible. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("kernel")
@ExtendWith(RealKernel.Condition.class)
@interface RealKernel {

    /** Root, Linux, and the compiled workloads. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (!"Linux".equals(System.getProperty("os.name"))) {
                return ConditionEvaluationResult.disabled("needs Linux");
            }
            if (!isRoot()) {
                return ConditionEvaluationResult.disabled("needs root, to trace the whole machine's scheduler");
            }
            if (!Files.isExecutable(Workload.program("pipe"))) {
                return ConditionEvaluationResult.disabled("needs the workloads: make -C tests/workloads");
            }
            return ConditionEvaluationResult.enabled("root, and the workloads are there");
        }

        private static boolean isRoot() {
            try {
                return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
