package org.ashlar.packages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.process.Kernel;
import org.ashlar.api.service.Providers;
import org.ashlar.api.service.Providers.Lease;
import org.ashlar.api.service.Providers.Question;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StoreException;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.PackageReport;
import org.ashlar.codec.PackagesAction;
import org.ashlar.codec.PackagesResponse;
import org.ashlar.files.Durable;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what {@code packages:distro:sys} is asked. For one platform thread. */
final class Packages {
    private static final Logger LOG = LoggerFactory.getLogger(Packages.class);

    private final Providers<Kernel> kernels;
    private final Providers<FileStore> fileStores;
    private final Providers<StateStore> stateStores;
    private final Providers<Condition> ready;
    private final Probation probation;

    Packages(Providers<Kernel> kernels, Providers<FileStore> fileStores, Providers<StateStore> stateStores,
             Providers<Condition> ready, Probation probation) {
        this.kernels = kernels;
        this.fileStores = fileStores;
        this.stateStores = stateStores;
        this.ready = ready;
        this.probation = probation;
    }

    /** What there must be for anything to be done. */
    private record Services(KernelClient kernel, FileStore files, Records records) { }

    private interface Work<T> {
        T with(Services services) throws IOException, PackageException;
    }

    PackagesResponse answerTo(Envelope request) {
        try {
            PackagesAction action = PackagesAction.parse(request.message().body());
            return with(services -> carryOut(action, request.blob(), services));
        } catch (PackageException | CodecException | StoreException e) {
            return new PackagesResponse.Err(e.getMessage());
        } catch (IOException e) {
            return new PackagesResponse.Err("the files cannot be read or written: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A request of {} failed", request.source(), e);
            return new PackagesResponse.Err("an error inside the packages bundle: " + e);
        }
    }

    /** Ends what a crash cut off; to be called when the node has become ready. */
    void recover() {
        try {
            with(services -> {
                installation(services).recover();
                return null;
            });
        } catch (IOException | PackageException | RuntimeException e) {
            LOG.error("What a crash cut off could not be ended: {}. It is tried again at the next start.", e.getMessage(), e);
        }
    }

    private <T> T with(Work<T> work) throws IOException, PackageException {
        try (Lease<Condition> started = lease(ready, "the node has not started its processes yet");
                Lease<Kernel> kernel = lease(kernels, "there is no kernel");
                Lease<FileStore> files = working(fileStores, FileStore::packages, "no file store is running");
                Lease<StateStore> states = working(stateStores, Records::lookAt, "no state store is running")) {
            return work.with(new Services(new KernelClient(kernel.service()), files.service(), new Records(states.service())));
        }
    }

    private static <T> Lease<T> lease(Providers<T> providers, String without) throws PackageException {
        return providers.lease(Providers.GRACE).orElseThrow(() -> without(without));
    }

    private static PackageException without(String what) {
        return new PackageException(what + "; try again");
    }

    /**
     * A lease on a store that has answered a question. It is asked before anything is begun, so that one that fails at its
     * first call is taken out while there is nothing to undo, and the next is used.
     */
    private static <T> Lease<T> working(Providers<T> stores, Question<T, ?, IOException> question, String without)
            throws IOException, PackageException {
        stores.ask(Providers.GRACE, question, () -> without(without));
        return lease(stores, without);
    }

    private PackagesResponse carryOut(PackagesAction action, Optional<Blob> blob, Services services)
            throws IOException, PackageException {
        return switch (action) {
            case PackagesAction.Inspect(Optional<PackageId> id) -> inspect(zip(blob), id, services);
            case PackagesAction.Install(Optional<PackageId> id, boolean consent) ->
                    install(zip(blob), id, consent, services);
            case PackagesAction.ListPackages list -> new PackagesResponse.Packages(services.records().installed());
            case PackagesAction.Remove(PackageId id) -> remove(id, services);
        };
    }

    private static Blob zip(Optional<Blob> blob) throws PackageException {
        Blob zip = blob.orElseThrow(() -> new PackageException("the request has no package in its blob"));
        if (zip.length() > PackageZip.MAX_ZIP) {
            throw new PackageException("the package has " + zip.length() + " bytes; at most " + PackageZip.MAX_ZIP
                    + " are taken");
        }
        return zip;
    }

    private static InputStream open(Blob zip) throws IOException {
        return switch (zip) {
            case Blob.InMemory(Optional<String> mime, byte[] bytes) -> new ByteArrayInputStream(bytes);
            case Blob.InFile(Optional<String> mime, Path file, long length) -> Files.newInputStream(file);
        };
    }

    private static PackagesResponse inspect(Blob zip, Optional<PackageId> id, Services services)
            throws IOException, PackageException {
        try (InputStream in = open(zip)) {
            PackageImage image = PackageReader.inspect(in, id);
            return new PackagesResponse.Inspected(Wishes.report(image, services.records().installed(image.id())));
        }
    }

    private PackagesResponse install(Blob zip, Optional<PackageId> id, boolean consent, Services services)
            throws IOException, PackageException {
        Path staging = services.files().staging();
        try (InputStream in = open(zip)) {
            PackageReader.Unpacked unpacked = PackageReader.unpack(in, id, staging);
            PackageImage image = unpacked.image();
            PackageReport report = Wishes.report(image, services.records().installed(image.id()));
            if (!consent && !report.fresh().isEmpty()) {
                return new PackagesResponse.ConsentNeeded(report);
            }
            installation(services).install(image, report, unpacked.content());
            LOG.info("Installed {} {}", image.id(), image.version());
            return new PackagesResponse.Installed(report);
        } finally {
            Durable.deleteTree(staging);
        }
    }

    private Installation installation(Services services) {
        return new Installation(services.kernel(), services.files(), services.records(), probation);
    }

    /** Files, capabilities and processes go; what the processes kept as state, and other drives, stay. */
    private static PackagesResponse remove(PackageId id, Services services) throws IOException, PackageException {
        Optional<PackageReport> installed = services.records().installed(id);
        if (installed.isEmpty() && !services.files().packages().contains(id)) {
            throw new PackageException("the package " + id + " is not installed; installed are: "
                    + services.files().packages());
        }
        Set<ProcessId> processes = new LinkedHashSet<>(installed.map(PackageReport::processes).orElse(List.of()));
        processes.addAll(services.kernel().processes(id).keySet());
        services.kernel().kill(new ArrayList<>(processes));
        services.files().remove(id, FileStore.PACKAGE_DRIVE);
        services.records().forget(id);
        LOG.info("Removed {}", id);
        return new PackagesResponse.Removed(id);
    }
}
