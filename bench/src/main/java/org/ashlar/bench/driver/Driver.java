package org.ashlar.bench.driver;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.process.Reply;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.Snapshotable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The system process {@code driver:bench:ashlar}: a Request with the words of a {@link Measurement} is answered with its
 * figures, or with a line that begins with {@code failed}. One at a time.
 * <p>
 * Unlike the bundles of a node it needs its services for good: nothing is swapped while it measures.
 */
@Component(service = SystemProcess.class,
        property = {SystemProcess.ID + "=" + Driver.ID, SystemProcess.PUBLIC + ":Boolean=true",
                SystemProcess.NETWORK + ":Boolean=true"})
public final class Driver implements SystemProcess {
    static final String ID = "driver:bench:ashlar";
    static final ProcessId SELF = ProcessId.parse(ID);

    private final List<Snapshotable> parts = new CopyOnWriteArrayList<>();
    private final Measurements measurements;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("bench-driver").daemon().factory());

    @Activate
    public Driver(@Reference Kernel kernel, @Reference FileStore files) {
        measurements = new Measurements(new Guests(kernel, files), () -> List.copyOf(parts));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPart(Snapshotable part) {
        parts.add(part);
    }

    void removePart(Snapshotable part) {
        parts.remove(part);
    }

    @Override
    public void handle(Envelope request, Reply reply) {
        String words = new String(request.message().body(), StandardCharsets.UTF_8);
        thread.execute(() -> reply.respond(Response.of(answer(words).getBytes(StandardCharsets.UTF_8))));
    }

    private String answer(String words) {
        try {
            return measurements.take(words.strip().split(" "));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "failed: the driver was stopped";
        } catch (Exception e) {
            return "failed: " + e;
        }
    }

    @Deactivate
    void deactivate() {
        thread.shutdownNow();
    }
}
