package org.ashlar.terminal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the framework and its services log into the node's log: above all, why a bundle that was moved into the
 * deploy folder does not start. Called on the log service's thread.
 */
@Component(service = {}, immediate = true)
public final class FrameworkLog implements LogListener {
    private final LogReaderService source;

    @Activate
    public FrameworkLog(@Reference LogReaderService source) {
        this.source = source;
        source.addLogListener(this);
    }

    @Deactivate
    void deactivate() {
        source.removeLogListener(this);
    }

    @Override
    public void logged(LogEntry entry) {
        String bundle = entry.getBundle() == null ? "framework" : entry.getBundle().getSymbolicName();
        Logger log = LoggerFactory.getLogger(bundle);
        LogLevel level = entry.getLogLevel();
        String message = Printable.line(String.valueOf(entry.getMessage()));
        if (level == LogLevel.ERROR || level == LogLevel.AUDIT) {
            log.error(message, entry.getException());
        } else if (level == LogLevel.WARN) {
            log.warn(message, entry.getException());
        } else {
            log.debug(message, entry.getException());
        }
    }
}
