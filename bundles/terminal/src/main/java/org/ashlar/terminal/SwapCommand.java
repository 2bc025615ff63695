package org.ashlar.terminal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ashlar.control.Invocation;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code swap}: which parts of the node can be replaced; {@code swap FILE}: puts a bundle into the deploy folder and sees what
 * becomes of it; {@code swap --back [FILE]}: takes it out again.
 */
final class SwapCommand implements CommandHandler {
    /** How long a bundle has to take its place: its probation, and what comes before. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A bundle that is not active for so long has failed to start. */
    private static final Duration START = Duration.ofSeconds(4);
    private static final Duration STEP = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(SwapCommand.class);

    private final NodeView node;
    private final Parts parts;

    SwapCommand(NodeView node) {
        this.node = node;
        this.parts = new Parts(node);
    }

    @Override
    public void run(Invocation invocation, Session session) throws CommandException, IOException, InterruptedException {
        Optional<String> file = invocation.arguments().stream().findFirst();
        if (invocation.has("back")) {
            back(deployed(file), session);
        } else if (file.isPresent()) {
            swap(source(invocation.folder(), file.get()), session);
        } else if (invocation.has("json")) {
            session.line(json().toPrettyString());
        } else {
            session.out(table().render(session.screen()));
        }
    }

    private Table table() {
        Table table = new Table("SERVICE", "IN USE", "RESTARTS>", "ALTERNATIVES");
        parts.all().forEach(part -> table.row(part.name(), Parts.shown(part.inUse()), part.restarts(), alternatives(part)));
        return table;
    }

    private static String alternatives(Parts.Part part) {
        String names = Stream.concat(part.alternatives().stream().map(Parts::shown),
                part.undeployed().stream().map(BundleFile::shown)).collect(Collectors.joining(", "));
        return names.isEmpty() ? "-" : names;
    }

    private ArrayNode json() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Parts.Part part : parts.all()) {
            ObjectNode json = list.addObject();
            json.put("service", part.name());
            json.put("bundle", part.inUse().getSymbolicName());
            json.put("version", part.inUse().getVersion().toString());
            ArrayNode alternatives = json.putArray("alternatives");
            part.alternatives().forEach(each -> alternatives.addObject().put("bundle", each.getSymbolicName())
                    .put("version", each.getVersion().toString()).put("active", each.getState() == Bundle.ACTIVE));
            part.undeployed().forEach(each -> alternatives.addObject().put("bundle", each.symbolicName())
                    .put("version", each.version()).put("active", false));
            json.put("restarts", part.restarts());
        }
        return list;
    }

    private Path folder() {
        return Path.of(node.home(), "deploy");
    }

    /** A file, or the name of a part that lies among the alternatives of the distribution. */
    private Path source(String from, String text) throws CommandException {
        Path file = Path.of(from).resolve(text).normalize();
        Optional<Path> found = Files.isRegularFile(file) ? Optional.of(file) : BundleFile.alternatives(node.context()).stream()
                .filter(each -> each.name().equals(text)).map(BundleFile::path).findFirst();
        return found.orElseThrow(() -> CommandException.failed("there is no file " + file
                + ", and no alternative of that name in the distribution"));
    }

    private void swap(Path source, Session session) throws CommandException, IOException, InterruptedException {
        BundleFile file = BundleFile.read(source);
        String name = file.symbolicName();
        List<Bundle> namesakes = Arrays.stream(node.context().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName())).toList();
        Set<String> promised = new HashSet<>();
        namesakes.forEach(bundle -> promised.addAll(parts.offered(bundle)));
        Moves moves = new Moves(parts);
        boolean restarts = Parts.runsGuests(promised) || Parts.runsGuests(file.services());
        boolean beside = promised.isEmpty();
        file.services().stream().filter(service -> Parts.runsGuests(Set.of(service))).forEach(promised::add);
        session.line(name + (beside ? " is deployed beside what runs" : " takes its predecessor's place") + "; "
                + (restarts ? moves.count() + " processes are started again: " + moves.names() : "no process is started again"));
        Path target = folder().resolve(source.getFileName().toString().endsWith(".jar") ? source.getFileName()
                : Path.of(source.getFileName() + ".jar"));
        Path whole = Files.createTempFile(Path.of(node.home(), "cache"), "swap", ".jar");
        Files.copy(source, whole, StandardCopyOption.REPLACE_EXISTING);
        Optional<Long> before = bundleOf(target).map(Bundle::getLastModified);
        Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
        Bundle bundle = awaitStart(target, before, promised, session);
        if (restarts) {
            moves.await(session);
            moves.report(session);
        }
        session.line(Parts.shown(bundle) + " is in use");
    }

    /**
     * Waits until the bundle of that file does all that its predecessor did.
     *
     * @param before when a bundle of that file was last changed
     */
    private Bundle awaitStart(Path file, Optional<Long> before, Set<String> promised, Session session)
            throws CommandException, InterruptedException {
        long begun = System.nanoTime();
        boolean ran = false;
        while (System.nanoTime() - begun < PATIENCE.toNanos() && session.pause(STEP)) {
            Optional<Bundle> bundle = bundleOf(file)
                    .filter(each -> before.filter(time -> time == each.getLastModified()).isEmpty());
            boolean runs = bundle.isPresent() && bundle.get().getState() == Bundle.ACTIVE;
            if (runs && parts.offered(bundle.get()).containsAll(promised)) {
                return bundle.get();
            }
            if (!runs && (ran || System.nanoTime() - begun > START.toNanos())) {
                break;
            }
            ran |= runs;
        }
        throw CommandException.failed(file.getFileName() + " is not in use; what was there before stays. \"ashlar log\" says why;"
                + " \"ashlar swap --back " + file.getFileName() + "\" takes the file out of the deploy folder");
    }

    private Optional<Bundle> bundleOf(Path file) {
        return Arrays.stream(node.context().getBundles()).filter(bundle -> isOf(bundle, file)).findFirst();
    }

    private static boolean isOf(Bundle bundle, Path file) {
        try {
            return Path.of(URI.create(bundle.getLocation())).equals(file);
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return false; // installed from something else than a file
        }
    }

    /** The deployed file that is meant. */
    private Path deployed(Optional<String> name) throws CommandException, IOException {
        try (Stream<Path> list = Files.list(folder())) {
            List<Path> files = list.filter(each -> each.toString().endsWith(".jar")).sorted().toList();
            if (name.isEmpty() && files.size() == 1) {
                return files.getFirst();
            }
            String names = files.stream().map(each -> each.getFileName().toString()).collect(Collectors.joining(", "));
            return files.stream().filter(each -> name.isPresent() && each.getFileName().toString().equals(name.get())).findFirst()
                    .orElseThrow(() -> CommandException.failed(files.isEmpty() ? "the deploy folder is empty"
                            : "say which file of the deploy folder is to go: " + names));
        }
    }

    private void back(Path file, Session session) throws CommandException, IOException, InterruptedException {
        Optional<Bundle> bundle = bundleOf(file);
        Set<String> offered = bundle.map(parts::offered).orElse(Set.of());
        Moves moves = new Moves(parts);
        boolean restarts = Parts.runsGuests(offered);
        session.line(file.getFileName() + " goes; "
                + (restarts ? moves.count() + " processes are started again: " + moves.names() : "no process is started again"));
        if (restarts && preferOther(bundle.get(), offered)) {
            moves.await(session);
        }
        Files.delete(file);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (bundleOf(file).isPresent() && System.nanoTime() < deadline && session.pause(STEP)) {
            continue; // until whoever watches the folder has seen it
        }
        if (restarts) {
            moves.await(session);
            moves.report(session);
        }
        for (Parts.Part part : parts.all()) {
            if (offered.contains(part.name())) {
                session.line(part.name() + ": " + Parts.shown(part.inUse()) + " is in use");
            }
        }
    }

    /** Starts anew what comes after it: the newest is preferred, so guests leave before it goes. @return false when nothing does */
    private boolean preferOther(Bundle leaving, Set<String> offered) {
        Optional<Bundle> other = parts.all().stream().filter(part -> offered.contains(part.name()) && part.inUse().equals(leaving))
                .flatMap(part -> part.alternatives().stream()).findFirst();
        if (other.isPresent()) {
            try {
                other.get().stop(Bundle.STOP_TRANSIENT);
                other.get().start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            } catch (BundleException e) {
                LOG.warn("{} could not be started; guests leave when its successor goes", Parts.shown(other.get()), e);
            }
        }
        return other.isPresent();
    }
}
