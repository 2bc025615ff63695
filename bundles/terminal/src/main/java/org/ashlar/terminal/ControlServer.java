package org.ashlar.terminal;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ashlar.control.Invocation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the control socket: one connection a command. The socket's folder belongs to the node's owner alone, and so
 * does the socket; whoever can connect may do everything.
 */
final class ControlServer implements AutoCloseable {
    /** Most commands at one time; the next one is refused with a line. */
    static final int MAX_SESSIONS = 32;
    private static final int STOP_MILLIS = 2000;
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private final Path socket;
    private final Map<String, CommandHandler> handlers;
    private final ServerSocketChannel listener;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final ExecutorService pool;
    private final Thread acceptor;

    private ControlServer(Path socket, Map<String, CommandHandler> handlers, ServerSocketChannel listener) {
        this.socket = socket;
        this.handlers = handlers;
        this.listener = listener;
        this.pool = new ThreadPoolExecutor(0, MAX_SESSIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("terminal-", 0).factory());
        this.acceptor = Thread.ofPlatform().daemon().name("terminal-accept").unstarted(this::accept);
    }

    static ControlServer open(Path socket, Map<String, CommandHandler> handlers) throws IOException {
        Files.deleteIfExists(socket); // left by a node that was killed: the lock on the home says that no other runs
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        ControlServer server = new ControlServer(socket, handlers, listener);
        server.acceptor.start();
        return server;
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                Session session = new Session(listener.accept());
                sessions.add(session);
                try {
                    pool.execute(() -> serve(session));
                } catch (RejectedExecutionException e) {
                    refuse(session);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the control socket cannot accept a connection: {}", e.getMessage());
                pauseAfterFailure();
            }
        }
    }

    /** Failures to accept (no file descriptors left) tend to repeat at once. */
    private static void pauseAfterFailure() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuse(Session session) {
        try {
            session.error("ashlar: " + MAX_SESSIONS + " commands run at this moment, the most that are served\n");
            session.exit(CommandException.FAILED);
        } catch (IOException e) {
            LOG.debug("a client went away before it was refused", e);
        } finally {
            close(session);
        }
    }

    private void serve(Session session) {
        try {
            session.start();
            session.exit(carryOut(session));
        } catch (IOException e) {
            LOG.debug("a client went away: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(session);
        }
    }

    private int carryOut(Session session) throws IOException, InterruptedException {
        try {
            Invocation invocation = session.invocation();
            CommandHandler handler = handlers.get(invocation.command());
            if (handler == null) {
                throw CommandException.wrongUsage("this node has no command \"" + invocation.command() + "\"");
            }
            handler.run(invocation, session);
            return 0;
        } catch (CommandException e) {
            session.error("ashlar: " + Printable.line(e.getMessage()) + "\n");
            return e.status();
        } catch (IOException e) {
            LOG.debug("a command failed", e); // a file or the client itself: the person is told, and that is enough
            return failed(session, e);
        } catch (RuntimeException e) {
            LOG.warn("a command failed", e);
            return failed(session, e);
        }
    }

    private static int failed(Session session, Exception e) throws IOException {
        session.error("ashlar: " + Printable.line(reason(e)) + "\n");
        return CommandException.FAILED;
    }

    /** What went wrong, for a person: of some exceptions of files the message is nothing but a path. */
    static String reason(Exception e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied: " + e.getMessage();
            case NoSuchFileException missing when missing.getReason() == null -> "there is no file " + e.getMessage();
            default -> String.valueOf(e.getMessage());
        };
    }

    private void close(Session session) {
        sessions.remove(session);
        try {
            session.close();
        } catch (IOException e) {
            LOG.debug("closing a connection failed", e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sessions.forEach(this::close);
        pool.shutdownNow();
        try {
            pool.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(socket);
    }
}
