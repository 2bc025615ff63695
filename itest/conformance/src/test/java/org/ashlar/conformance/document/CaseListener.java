package org.ashlar.conformance.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Keeps how the tests of cases ended; the test platform finds it as a service. */
public final class CaseListener implements TestExecutionListener {
    private final List<CaseResult> results = new ArrayList<>();
    private TestPlan plan;

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        if (test.isTest()) {
            add(test, passed);
        } else if (!passed && test.getSource().orElse(null) instanceof ClassSource) {
            // The class could not be set up, so none of its tests was started.
            plan.getChildren(test).forEach(child -> add(child, false));
        }
    }

    private void add(TestIdentifier test, boolean passed) {
        if (test.getSource().orElse(null) instanceof MethodSource method) {
            String name = method.getJavaClass().getSimpleName() + "." + method.getMethodName();
            Optional<String> remark = Optional.ofNullable(method.getJavaMethod().getAnnotation(Remark.class)).map(Remark::value);
            CaseResult.of(test.getDisplayName(), name, passed, remark).ifPresent(results::add);
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan finished) {
        if (!results.isEmpty()) {
            try {
                CaseResult.write(Path.of(System.getProperty("conformance.results", "target/conformance/cases.tsv")), results);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
