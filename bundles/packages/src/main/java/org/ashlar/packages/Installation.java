package org.ashlar.packages;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StoreException;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.KernelCommand.Definition;
import org.ashlar.codec.KernelCommand.DropCapabilities;
import org.ashlar.codec.KernelCommand.GrantCapabilities;
import org.ashlar.codec.PackageManifest;
import org.ashlar.codec.PackageMetadata;
import org.ashlar.codec.PackageReport;
import org.ashlar.codec.ProcessEntry;
import org.ashlar.packages.Records.Pending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a package in the place of what is installed of it, wholly or not at all.
 * <p>
 * How to undo it is written down first; then files, processes and grants change; then the new processes stand their
 * probation. Only when they have, the old files go, and with them the note. Whatever fails before that, also the node
 * itself, ends in undoing: at once, or at the next start. The marker {@link #MARK} among the new files says at a start on
 * which side of that moment a crash fell.
 * <p>
 * An update replaces a process in place: its mail, its open Requests and its state stay. Processes that the new version
 * does not have any more are ended last, when nothing can fail any more; then, too, goes what the new version no longer asks
 * for or grants.
 */
final class Installation {
    /** Holds the hash of the package, in the package drive. */
    static final String MARK = ".package-hash";
    private static final Logger LOG = LoggerFactory.getLogger(Installation.class);
    private static final int MAX_COMPONENT = (int) PackageZip.MAX_FILE;

    private final KernelClient kernel;
    private final FileStore files;
    private final Records records;
    private final Probation probation;

    Installation(KernelClient kernel, FileStore files, Records records, Probation probation) {
        this.kernel = kernel;
        this.files = files;
        this.records = records;
        this.probation = probation;
    }

    /** @throws PackageException when it could not be installed; all is as it was then */
    void install(PackageImage image, PackageReport report, Path content) throws IOException, PackageException {
        Files.write(content.resolve(MARK), image.hash().getBytes(UTF_8));
        Pending pending = pending(image, report);
        records.begin(pending);
        FileStore.Replacement drive;
        try {
            drive = files.replace(image.id(), FileStore.PACKAGE_DRIVE, content);
        } catch (IOException e) {
            records.undone(pending);
            throw new PackageException("the files of " + image.id() + " cannot be put in place: " + e.getMessage(), e);
        }
        try {
            start(image, pending);
            drive.keep();
        } catch (IOException | PackageException | RuntimeException e) {
            undo(drive, pending, e);
            throw new PackageException(image.id() + " " + image.version() + " was not installed, and all is as it was: "
                    + e.getMessage(), e);
        }
        complete(pending);
    }

    private Pending pending(PackageImage image, PackageReport report) throws PackageException {
        Map<ProcessId, Optional<ProcessEntry>> former = new TreeMap<>();
        for (ProcessId id : image.processes()) {
            former.put(id, kernel.entry(id));
        }
        List<DropCapabilities> drops = new ArrayList<>();
        for (GrantCapabilities grant : Wishes.grants(image.manifest(), kernel.node())) {
            List<Capability> missing = new ArrayList<>();
            for (Capability capability : grant.capabilities()) {
                if (!kernel.holds(grant.target(), capability)) {
                    missing.add(capability);
                }
            }
            if (!missing.isEmpty()) {
                drops.add(new DropCapabilities(grant.target(), missing));
            }
        }
        return new Pending(report, former, drops, withdrawals(image));
    }

    /** What the version that is there asked for and gave, and the new one does not. */
    private List<DropCapabilities> withdrawals(PackageImage image) {
        String path = image.id() + "/" + FileStore.PACKAGE_DRIVE + "/" + PackageReader.MANIFEST;
        try {
            PackageManifest before = PackageManifest.parse(image.id(), files.read(path, PackageManifest.MAX_BYTES));
            return Wishes.withdrawn(before, image.manifest(), kernel.node());
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | CodecException e) {
            LOG.warn("The manifest of the installed {} cannot be read, so the update takes no capability away: {}", image.id(),
                    e.getMessage());
            return List.of();
        }
    }

    private void start(PackageImage image, Pending pending) throws IOException, PackageException {
        for (PackageManifest.Process process : image.manifest().processes()) {
            byte[] component = files.read(image.handle(process), MAX_COMPONENT);
            Definition definition = new Definition(process.id(), image.handle(process),
                    image.metadata().flatMap(PackageMetadata::witVersion), process.onExit(),
                    Wishes.capabilities(process, kernel.node()), process.isPublic());
            if (pending.former().get(process.id()).isPresent()) {
                kernel.replace(definition, component);
            } else {
                kernel.initialize(definition, component);
            }
        }
        Wishes.grants(image.manifest(), kernel.node()).forEach(kernel::tell);
        for (ProcessId id : image.processes()) {
            kernel.run(id);
        }
        probation.pass(kernel, image.id(), image.processes());
    }

    private void undo(FileStore.Replacement drive, Pending pending, Exception cause) throws PackageException {
        try {
            Files.deleteIfExists(files.drive(pending.id(), FileStore.PACKAGE_DRIVE).resolve(MARK));
            drive.undo();
            undoProcesses(pending, false);
            records.undone(pending);
        } catch (IOException | PackageException | StoreException e) {
            LOG.error("Undoing the installation of {} failed", pending.id(), e);
            throw new PackageException(pending.id() + " was not installed (" + cause.getMessage() + "), and what was there"
                    + " before could not be brought back wholly: " + e.getMessage() + ". Restart the node: it tries again.", e);
        }
    }

    private void undoProcesses(Pending pending, boolean restarted) throws IOException, PackageException {
        List<ProcessId> fresh = new ArrayList<>();
        for (Map.Entry<ProcessId, Optional<ProcessEntry>> former : pending.former().entrySet()) {
            if (former.getValue().isPresent()) {
                bringBack(former.getKey(), former.getValue().get(), restarted);
            } else {
                fresh.add(former.getKey());
            }
        }
        kernel.kill(fresh);
        pending.drops().forEach(kernel::tell);
    }

    /** @param restarted whether the node was, so that what does not outlive it is rightly gone */
    private void bringBack(ProcessId id, ProcessEntry former, boolean restarted) throws IOException, PackageException {
        Optional<ProcessEntry> now = kernel.entry(id);
        if (restarted && now.isEmpty() && former.onExit() instanceof OnExit.None) {
            return;
        }
        byte[] component = files.read(former.wasmBytesHandle(), MAX_COMPONENT);
        Definition definition = new Definition(id, former.wasmBytesHandle(), former.witVersion(), former.onExit(),
                former.capabilities(), former.isPublic());
        if (now.isPresent()) {
            kernel.replace(definition, component);
            List<Capability> added = new ArrayList<>(now.get().capabilities());
            added.removeAll(former.capabilities());
            kernel.drop(id, added);
        } else {
            // It ended meanwhile, or could not be started at boot with the files that were there then.
            kernel.kill(List.of(id));
            kernel.initialize(definition, component);
        }
        kernel.run(id);
    }

    /** The new files are in place for good. Ends the processes, and takes the capabilities, that the package no longer has. */
    private void complete(Pending pending) {
        List<ProcessId> gone = new ArrayList<>(
                records.installed(pending.id()).map(PackageReport::processes).orElse(List.of()));
        gone.removeAll(pending.report().processes());
        try {
            kernel.kill(gone);
        } catch (PackageException e) {
            LOG.warn("{} is installed, but not all of its former processes have ended: {}", pending.id(), e.getMessage());
        }
        pending.withdrawals().forEach(kernel::tell);
        records.complete(pending);
    }

    /** Ends what a crash cut off, forwards or backwards. */
    void recover() throws IOException, PackageException {
        for (Pending pending : records.pending()) {
            if (isInPlace(pending)) {
                complete(pending);
                LOG.warn("The installation of {} {} was complete when the node stopped.", pending.id(), pending.report().version());
            } else {
                undoProcesses(pending, true);
                records.undone(pending);
                LOG.warn("The installation of {} {} was cut off when the node stopped, and has been undone.", pending.id(),
                        pending.report().version());
            }
        }
    }

    private boolean isInPlace(Pending pending) throws IOException {
        try {
            byte[] mark = files.read(pending.id() + "/" + FileStore.PACKAGE_DRIVE + "/" + MARK, 1024);
            return new String(mark, UTF_8).equals(pending.report().hash());
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
