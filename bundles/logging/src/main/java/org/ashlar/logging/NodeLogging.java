package org.ashlar.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import ch.qos.logback.core.util.StatusPrinter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.Util;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * What SLF4J logs with: Logback, into {@code ashlar.log} in the folder that the system property {@value #FOLDER} names, or to
 * standard output when it names none. With the system property {@value #CONFIGURATION} Logback sets itself up from that file
 * instead.
 * <p>
 * Bounded: {@value #FILES} files of {@value #FILE_MIB} MiB each; the oldest goes. SLF4J makes it, once, on the thread that
 * logs first.
 */
public final class NodeLogging implements SLF4JServiceProvider {
    static final String FOLDER = "ashlar.log";
    static final String CONFIGURATION = "logback.configurationFile";
    static final int FILES = 5;
    static final int FILE_MIB = 8;
    /** Any version of this API; what SLF4J warns of are older ones. */
    private static final String API = "2.0.99";

    private final LoggerContext context = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter mdc = new LogbackMDCAdapter();

    @Override
    public void initialize() {
        context.setName("default");
        context.setMDCAdapter(mdc);
        if (System.getProperty(CONFIGURATION) != null) {
            configured();
        } else {
            String folder = System.getProperty(FOLDER);
            use(folder == null ? new ConsoleAppender<>() : file(Path.of(folder)));
        }
        StatusPrinter.printInCaseOfErrorsOrWarnings(context);
        context.start();
    }

    private void configured() {
        try {
            new ContextInitializer(context).autoConfig(ContextInitializer.class.getClassLoader());
        } catch (JoranException e) {
            Util.report("The logging configuration " + System.getProperty(CONFIGURATION) + " is refused", e);
        }
    }

    private RollingFileAppender<ILoggingEvent> file(Path folder) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(folder.resolve("ashlar.log").toString());
        FixedWindowRollingPolicy files = new FixedWindowRollingPolicy();
        files.setContext(context);
        files.setParent(appender);
        files.setFileNamePattern(folder.resolve("ashlar.%i.log").toString());
        files.setMinIndex(1);
        files.setMaxIndex(FILES - 1);
        files.start();
        appender.setRollingPolicy(files);
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(FILE_MIB * FileSize.MB_COEFFICIENT));
        size.start();
        appender.setTriggeringPolicy(size);
        return appender;
    }

    private void use(OutputStreamAppender<ILoggingEvent> appender) {
        LogLine line = new LogLine();
        line.setContext(context);
        line.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(line);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.start();
        appender.setContext(context);
        appender.setName("log");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return API;
    }
}
