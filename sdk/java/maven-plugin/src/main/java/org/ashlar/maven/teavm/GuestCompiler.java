package org.ashlar.maven.teavm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.teavm.diagnostics.DefaultProblemTextConsumer;
import org.teavm.diagnostics.Problem;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMToolException;
import org.teavm.vm.TeaVMOptimizationLevel;

/** Compiles the classes that a process needs to one core WebAssembly module. */
public final class GuestCompiler {

    private static final String FILE = "core.wasm";
    private static final String ENTRY = "org.ashlar.process.Entry";
    private static final int MIB = 1 << 20;

    private final List<File> classPath;
    private final Path work;
    private final int minHeapMiB;
    private final int maxHeapMiB;

    /**
     * @param classPath the guest's classes, its dependencies and TeaVM's class library
     * @param work a folder for the compiler's output
     * @param minHeapMiB heap that each instance has from the start
     * @param maxHeapMiB what it may grow to
     */
    public GuestCompiler(List<File> classPath, Path work, int minHeapMiB, int maxHeapMiB) {
        this.classPath = List.copyOf(classPath);
        this.work = work;
        this.minHeapMiB = minHeapMiB;
        this.maxHeapMiB = maxHeapMiB;
    }

    /**
     * Compiles what is reachable from the {@code main} method of that class.
     *
     * @throws CompilationException if TeaVM cannot translate the classes; the message lists every reason
     */
    public byte[] compile(String mainClass) throws CompilationException {
        TeaVMTool tool = new TeaVMTool();
        tool.setTargetType(TeaVMTargetType.WEBASSEMBLY_WASI);
        tool.setTargetDirectory(work.toFile());
        tool.setTargetFileName(FILE);
        tool.setMainClass(mainClass);
        tool.setClassPath(classPath);
        tool.setClassLoader(GuestCompiler.class.getClassLoader());
        tool.getTransformers().add(PlatformTransformer.class.getName());
        tool.getTransformers().add(HeapGrowthTransformer.class.getName());
        tool.getClassesToPreserve().add(ENTRY);
        tool.setMinHeapSize(minHeapMiB * MIB);
        tool.setMaxHeapSize(maxHeapMiB * MIB);
        tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
        // Names stay readable in stack traces of a failed process.
        tool.setObfuscated(false);
        try {
            tool.generate();
            failOnProblems(tool, mainClass);
            return Files.readAllBytes(work.resolve(FILE));
        } catch (TeaVMToolException | IOException cause) {
            throw new CompilationException("cannot compile " + mainClass + ": " + cause.getMessage(), cause);
        }
    }

    private static void failOnProblems(TeaVMTool tool, String mainClass) throws CompilationException {
        List<Problem> problems = tool.getProblemProvider().getSevereProblems();
        if (!problems.isEmpty()) {
            throw new CompilationException(problems.stream().map(GuestCompiler::describe).distinct()
                    .collect(Collectors.joining("\n  ", "cannot compile " + mainClass + ":\n  ", "")), null);
        }
    }

    private static String describe(Problem problem) {
        DefaultProblemTextConsumer text = new DefaultProblemTextConsumer();
        problem.render(text);
        String where = problem.getLocation() == null ? "" : " (" + problem.getLocation().getMethod()
                + (problem.getLocation().getSourceLocation() == null ? "" : ", "
                        + problem.getLocation().getSourceLocation()) + ")";
        return text.getText() + where;
    }
}
