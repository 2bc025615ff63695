package org.ashlar.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.spi.SLF4JServiceProvider;

class NodeLoggingTest {
    @TempDir
    Path folder;

    private final List<LoggerContext> started = new ArrayList<>();

    @BeforeEach
    void name() {
        System.setProperty(NodeLogging.FOLDER, folder.toString());
    }

    @AfterEach
    void stop() {
        started.forEach(LoggerContext::stop);
        System.clearProperty(NodeLogging.FOLDER);
        System.clearProperty(NodeLogging.CONFIGURATION);
    }

    @Test
    void isFoundAsAService() {
        assertTrue(ServiceLoader.load(SLF4JServiceProvider.class).stream().anyMatch(each -> each.type() == NodeLogging.class));
    }

    @Test
    void aLineHasTimeLevelSimpleNameAndWhatWasThrown() throws Exception {
        LoggerContext context = start();
        context.getLogger("org.ashlar.kernel.Kernel").info("{} of {}", 1, "two");
        context.getLogger("flat").warn("gone", new IllegalStateException("why", new RuntimeException("cause")));
        context.getLogger("flat").debug("not shown");
        List<String> lines = Files.readAllLines(folder.resolve("ashlar.log"));
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)";
        assertTrue(lines.get(0).matches(time + " INFO  Kernel: 1 of two"), lines.get(0));
        assertTrue(lines.get(1).matches(time + " WARN  flat: gone"), lines.get(1));
        assertEquals("java.lang.IllegalStateException: why", lines.get(2));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("Caused by: java.lang.RuntimeException: cause")), lines.toString());
        assertFalse(lines.toString().contains("not shown"));
    }

    @Test
    void aFullFileMakesRoomAndTheOldestGoes() throws Exception {
        for (int i = 0; i < NodeLogging.FILES + 1; i++) {
            LoggerContext context = start();
            context.getLogger("log").info("round {}", i); // the first line looks at the size
            context.stop();
            try (RandomAccessFile file = new RandomAccessFile(folder.resolve("ashlar.log").toFile(), "rw")) {
                file.setLength((NodeLogging.FILE_MIB << 20) + 1);
            }
        }
        try (var files = Files.list(folder)) {
            assertEquals(List.of("ashlar.1.log", "ashlar.2.log", "ashlar.3.log", "ashlar.4.log", "ashlar.log"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertTrue(firstLine("ashlar.log").contains("round " + NodeLogging.FILES));
        assertTrue(firstLine("ashlar.4.log").contains("round 1"));
    }

    private String firstLine(String name) throws Exception {
        try (var lines = Files.lines(folder.resolve(name))) {
            return lines.findFirst().orElseThrow();
        }
    }

    @Test
    void aConfigurationOfOnesOwnCounts() throws Exception {
        Path own = Files.writeString(folder.resolve("own.xml"), """
                <configuration><appender name="own" class="ch.qos.logback.core.FileAppender">
                  <file>%s</file><encoder><pattern>mine %%msg%%n</pattern></encoder></appender>
                <root level="DEBUG"><appender-ref ref="own"/></root></configuration>
                """.formatted(folder.resolve("own.log")));
        System.setProperty(NodeLogging.CONFIGURATION, own.toString());
        start().getLogger("x").debug("hello");
        assertEquals(List.of("mine hello"), Files.readAllLines(folder.resolve("own.log")));
        assertFalse(Files.exists(folder.resolve("ashlar.log")));
    }

    private LoggerContext start() {
        NodeLogging logging = new NodeLogging();
        logging.initialize();
        LoggerContext context = assertInstanceOf(LoggerContext.class, logging.getLoggerFactory());
        started.add(context);
        return context;
    }
}
