package org.ashlar.backup.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.ashlar.api.backup.BackupTarget;
import org.ashlar.api.backup.RefusedException;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.NodeName;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.Kernel;
import org.ashlar.codec.BackupNodeRequest;
import org.ashlar.codec.BackupNodeResponse;
import org.ashlar.codec.CodecException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Another node as a target, one for each configuration: {@code backup-node:distro:sys} there is asked, by messages. Large objects go and come in
 * parts of {@link BackupNodeRequest#MAX_PART} bytes; the last part makes an object, so that none is seen in part.
 * <p>
 * Life cycle: holds whatever kernel is there; without one, calls fail.
 */
@Component(service = BackupTarget.class, configurationPolicy = ConfigurationPolicy.REQUIRE, configurationPid = NodeTarget.PID)
public final class NodeTarget implements BackupTarget {
    static final String PID = "org.ashlar.backup.node.NodeTarget";
    static final ProcessId PROCESS = ProcessId.parse("backup-node:distro:sys");
    private static final int SECONDS = 60;

    private final String node;
    private final Address there;
    private final List<Kernel> kernels = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    @Activate
    public NodeTarget(Map<String, Object> configuration) {
        node = NodeName.checked(String.valueOf(configuration.get(NodeTargetKind.NODE)));
        there = new Address(node, PROCESS);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addKernel(Kernel kernel) {
        kernels.add(kernel);
    }

    void removeKernel(Kernel kernel) {
        kernels.remove(kernel);
    }

    private record Said(BackupNodeResponse response, Optional<Blob> blob) { }

    private Said ask(BackupNodeRequest request, Optional<Blob> blob) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (kernels.isEmpty()) {
            throw new IOException("there is no kernel to ask " + node + " through");
        }
        try {
            Answer answer = kernels.getLast().ask(PROCESS, there, Request.of(request.encode()).expecting(SECONDS), blob).toCompletableFuture()
                    .get(2L * SECONDS, TimeUnit.SECONDS);
            return switch (BackupNodeResponse.parse(answer.response().body())) {
                case BackupNodeResponse.Refused refused -> throw new RefusedException(node + " refuses: " + refused.why());
                case BackupNodeResponse.Failed failed -> throw new IOException(node + ": " + failed.why());
                case BackupNodeResponse response -> new Said(response, answer.blob());
            };
        } catch (ExecutionException e) {
            throw new IOException(node + " cannot be reached: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(node + " did not answer", e);
        } catch (CodecException e) {
            throw new IOException(node + " answered what is not understood: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + node + " was asked", e);
        }
    }

    private IOException odd(BackupNodeResponse response) {
        return new IOException(node + " answered with what was not asked for: " + response.getClass().getSimpleName());
    }

    @Override
    public boolean put(String name, ByteBuffer content) throws IOException {
        BackupTarget.requireName(name);
        String upload = UUID.randomUUID().toString();
        ByteBuffer left = content.duplicate();
        int begin = left.position();
        while (true) {
            int offset = left.position() - begin;
            byte[] part = new byte[Math.min(left.remaining(), BackupNodeRequest.MAX_PART)];
            left.get(part);
            switch (ask(new BackupNodeRequest.Put(upload, name, content.remaining(), offset), Optional.of(Blob.of(part))).response()) {
                case BackupNodeResponse.Stored stored -> {
                    return stored.first();
                }
                case BackupNodeResponse.More more when left.hasRemaining() -> { }
                case BackupNodeResponse other -> throw odd(other);
            }
        }
    }

    @Override
    public int get(String name, long offset, ByteBuffer into) throws IOException {
        BackupTarget.requireName(name);
        int begin = into.position();
        while (true) {
            int length = Math.min(into.remaining(), BackupNodeRequest.MAX_PART);
            Said said = ask(new BackupNodeRequest.Get(name, offset + into.position() - begin, length), Optional.empty());
            if (said.response() instanceof BackupNodeResponse.Missing) {
                throw new NoSuchFileException(name);
            }
            if (!(said.response() instanceof BackupNodeResponse.Got)) {
                throw odd(said.response());
            }
            byte[] bytes = said.blob().isPresent() ? said.blob().get().bytes() : new byte[0];
            if (bytes.length > length) {
                throw new IOException(node + " sent more of " + name + " than was asked for");
            }
            into.put(bytes);
            if (bytes.length < length || !into.hasRemaining()) {
                return into.position() - begin;
            }
        }
    }

    @Override
    public void list(String folder, Consumer<Stored> each) throws IOException {
        BackupTarget.requireName(folder);
        Optional<String> after = Optional.empty();
        while (true) {
            if (!(ask(new BackupNodeRequest.List(folder, after), Optional.empty()).response() instanceof BackupNodeResponse.Listed listed)) {
                throw new IOException(node + " does not list what it has");
            }
            for (BackupNodeResponse.Listed.Item item : listed.objects()) {
                boolean inOrder = after.isEmpty() || item.name().compareTo(after.get()) > 0;
                if (!inOrder || !BackupTarget.isName(item.name()) || !item.name().startsWith(folder + "/")) {
                    throw new IOException(node + " lists what was not asked for");
                }
                after = Optional.of(item.name());
                each.accept(new Stored(item.name(), item.size()));
            }
            if (!listed.more()) {
                return;
            }
            if (listed.objects().isEmpty()) {
                throw new IOException(node + " does not come to an end of what it has");
            }
        }
    }

    @Override
    public boolean delete(String name) throws IOException {
        BackupTarget.requireName(name);
        BackupNodeResponse response = ask(new BackupNodeRequest.Delete(name), Optional.empty()).response();
        if (response instanceof BackupNodeResponse.Deleted deleted) {
            return deleted.was();
        }
        throw odd(response);
    }

    @Override
    public OptionalLong stat(String name) throws IOException {
        BackupTarget.requireName(name);
        BackupNodeResponse response = ask(new BackupNodeRequest.Stat(name), Optional.empty()).response();
        return switch (response) {
            case BackupNodeResponse.Size size -> OptionalLong.of(size.bytes());
            case BackupNodeResponse.Missing missing -> OptionalLong.empty();
            default -> throw odd(response);
        };
    }

    @Deactivate
    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return NodeTargetKind.NODE + ":" + node;
    }
}
