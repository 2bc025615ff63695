package org.ashlar.packages;


import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.PackageId;
import org.ashlar.codec.PackageReport;
import org.ashlar.codec.PackagesAction;
import org.ashlar.codec.PackagesResponse;
import org.ashlar.sqlite.SqliteStateStore;
import org.ashlar.tck.RecordedReply;
import org.ashlar.vfs.Vfs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.condition.Condition;

/** Packages on real files and a real store, with {@link TableKernel} for the kernel. */
abstract class InstalledPackages {
    static final PackageId CHAT = PackageId.parse("chat:alice.os");
    static final String MAIN = Zips.process("main", false, "\"timer:distro:sys\"", "\"http-server:distro:sys\"");
    static final String HELPER = Zips.process("helper", true, "", "");
    static final Zips FIRST = Zips.chat("1.0.0", MAIN).wasm("main", "one").with("pkg/ui/index.html", "one");

    @TempDir
    Path home;
    final TableKernel kernel = new TableKernel();
    SqliteStateStore states;
    Vfs files;
    PackagesProcess packages;

    @BeforeEach
    void start() {
        states = new SqliteStateStore(home);
        files = new Vfs(home);
        kernel.addSystemProcess("http-server:distro:sys");
        begin();
    }

    final void begin() {
        packages = new PackagesProcess();
        packages.addKernel(kernel, Map.of());
        packages.addFileStore(files, Map.of());
        packages.addStateStore(states, Map.of());
        packages.addReady(Condition.INSTANCE, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        packages.close();
        files.close();
        states.close();
    }

    /** The node died and comes up again. */
    final void restart() throws Exception {
        stop();
        states = new SqliteStateStore(home);
        files = new Vfs(home);
        kernel.reboot(files);
        begin();
        list();
    }

    final PackagesResponse ask(PackagesAction action, Optional<Blob> blob) {
        RecordedReply reply = new RecordedReply();
        packages.handle(RecordedReply.request("terminal:terminal:sys", "packages:distro:sys", action.encode(), blob), reply);
        return PackagesResponse.parse(reply.answer().response().body());
    }

    final PackagesResponse install(Zips zip, boolean consent) {
        return ask(new PackagesAction.Install(Optional.empty(), consent), Optional.of(Blob.of(zip.bytes())));
    }

    final List<PackageReport> list() {
        return ((PackagesResponse.Packages) ask(new PackagesAction.ListPackages(), Optional.empty())).packages();
    }

    /** Everything that an installation may change. */
    final Map<String, String> everything() throws IOException {
        Map<String, String> all = new TreeMap<>(kernel.state());
        try (Stream<Path> tree = Files.walk(home.resolve("vfs"))) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                all.put(home.relativize(file).toString(), Files.readString(file));
            }
        }
        list().forEach(report -> all.put("installed " + report.id(), report.toString()));
        states.scan("package-pending", "", (key, value) -> all.put("pending " + key, ""));
        return all;
    }
}
