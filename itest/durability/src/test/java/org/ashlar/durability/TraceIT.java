package org.ashlar.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.DatabaseKey;
import org.ashlar.codec.DatabaseRequest;
import org.ashlar.codec.DatabaseResponse;
import org.ashlar.codec.KernelCommand;
import org.ashlar.codec.KvAction;
import org.ashlar.codec.SqliteAction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a node acknowledges is on disk, shown by its system calls: what was to be kept had been written, and of everything
 * that matters in the home nothing was left to be synced, before the answer was written to the control socket.
 */
class TraceIT {
    private static final String ONE = ProbePackage.process("one");
    private static final String TWO = ProbePackage.process("two");
    private static final Address KERNEL = Address.parse("our@kernel:distro:sys");
    private static final DatabaseKey DATABASE = new DatabaseKey(PackageId.parse(ProbePackage.ID), "traced");
    private static final int SYNC_MILLIS = 20;
    private static final String LOG = "/store/state.db-wal";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;
    private static Path home;
    private static ProbePackage probes;
    private static Trace trace;

    @BeforeAll
    static void aNodeDoesEverythingUnderTheEyesOfStrace() throws Exception {
        Strace.assumeItCanBeUsed(folder);
        home = folder.toRealPath().resolve("home");
        Path lines = folder.resolve("trace");
        probes = ProbePackage.write(folder.resolve("probes"), "1.0.0", List.of("one", "two"), 100_000);
        try (NodeUnderTest node = new NodeUnderTest(folder, home)) {
            Process traced = node.command(Strace.tracing(lines, SYNC_MILLIS), "up", "--foreground", "--name", "tester")
                    .redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile()).start();
            Patience.until("the node is ready", () -> isReady(node) || !traced.isAlive());
            node.ok("start", probes.folder().toString(), "--yes");
            setStates(node);
            makeProcess(node);
            grant(node);
            save(node);
            keep(node);
            write(node);
            node.ok("kill", ProbePackage.process("made"));
            node.ok("down");
            assertTrue(traced.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS), "the traced node ends");
        }
        trace = Trace.read(lines);
    }

    private static boolean isReady(NodeUnderTest node) {
        return node.client().run("ready", Map.of()).filter(answer -> answer.status() == 0).isPresent();
    }

    private static void setStates(NodeUnderTest node) throws Exception {
        for (int i = 1; i <= 3; i++) {
            assertEquals("kept-state-" + i, node.ask(ONE, "!set-state value=value-of-state-" + i + ";respond body=kept-state-" + i));
        }
    }

    private static void makeProcess(NodeUnderTest node) throws Exception {
        KernelCommand command = new KernelCommand.InitializeProcess(new KernelCommand.Definition(
                ProcessId.parse(ProbePackage.process("made")), ProbePackage.ID + "/pkg/small.wasm", Optional.of(1L), OnExit.RESTART,
                List.of(), true));
        String journal = node.ask(ONE, "!await to=" + KERNEL + " expects=60 body=" + encoded(command.encode()) + " blob="
                + encoded(ProbePackage.smallComponent()) + ";report");
        assertTrue(journal.contains("InitializedProcess"), journal);
    }

    private static void grant(NodeUnderTest node) throws Exception {
        Capability granted = new Capability(Address.parse("tester@" + TWO), "\"granted-right\"");
        ProcessId one = ProcessId.parse(ONE);
        node.ok("m", KERNEL.toString(), new String(new KernelCommand.GrantCapabilities(one, List.of(granted)).encode(), UTF_8));
        String holds = node.ok("m", KERNEL.toString(), new String(new KernelCommand.DebugHasCap(one, granted).encode(), UTF_8), "-a", "60");
        assertEquals("{\"Debug\":{\"HasCap\":true}}", holds);
    }

    private static void save(NodeUnderTest node) throws Exception {
        String right = "tester@" + ONE + "|" + encoded("\"saved-right\"".getBytes(UTF_8));
        String inner = "!save-caps cap=" + right + ";respond body=kept-right";
        String journal = node.ask(ONE, "!await to=our@" + TWO + " expects=60 cap=" + right + " body=" + encoded(inner.getBytes(UTF_8)) + ";report");
        assertTrue(journal.contains("kept-right"), journal);
    }

    /** Sets a value alone, another one in a transaction, and removes the first. */
    private static void keep(NodeUnderTest node) throws Exception {
        askDatabase(node, "kv", "opened", DatabaseRequest.encode(DATABASE, new KvAction.Open()), "");
        askDatabase(node, "kv", "alone", DatabaseRequest.encode(DATABASE, new KvAction.Set(bytes("key-alone"), Optional.empty())), "value-alone");
        long id = begun(askDatabase(node, "kv", "begun", DatabaseRequest.encode(DATABASE, new KvAction.BeginTx()), ""));
        askDatabase(node, "kv", "changed", DatabaseRequest.encode(DATABASE, new KvAction.Set(bytes("key-together"), Optional.of(id))),
                "value-together");
        askDatabase(node, "kv", "together", DatabaseRequest.encode(DATABASE, new KvAction.Commit(id)), "");
        askDatabase(node, "kv", "deleted", DatabaseRequest.encode(DATABASE, new KvAction.Delete(bytes("key-alone"), Optional.empty())), "");
    }

    private static void write(NodeUnderTest node) throws Exception {
        askDatabase(node, "sqlite", "opened", DatabaseRequest.encode(DATABASE, new SqliteAction.Open()), "");
        writeRow(node, "made", "create table made_table (v)", Optional.empty());
        writeRow(node, "alone", "insert into made_table values ('row-alone')", Optional.empty());
        long id = begun(askDatabase(node, "sqlite", "begun", DatabaseRequest.encode(DATABASE, new SqliteAction.BeginTx()), ""));
        writeRow(node, "changed", "insert into made_table values ('row-together')", Optional.of(id));
        askDatabase(node, "sqlite", "together", DatabaseRequest.encode(DATABASE, new SqliteAction.Commit(id)), "");
    }

    private static void writeRow(NodeUnderTest node, String what, String sql, Optional<Long> transaction) throws Exception {
        askDatabase(node, "sqlite", what, DatabaseRequest.encode(DATABASE, new SqliteAction.Write(sql, transaction)), "");
    }

    /** Has a guest ask; when it is answered it answers in turn, with {@code KIND-WHAT} in it. @return the answer to the guest */
    private static String askDatabase(NodeUnderTest node, String kind, String what, byte[] body, String blob) throws Exception {
        String with = blob.isEmpty() ? "" : " blob=" + blob;
        String journal = node.ask(TWO, "!clear;await to=our@" + kind + ":distro:sys expects=60 body=" + encoded(body) + with + ";note text="
                + kind + "-" + what + ";report");
        Matcher answer = Pattern.compile("^awaited .*body=(\\S+)", Pattern.MULTILINE).matcher(journal);
        assertTrue(answer.find() && !answer.group(1).contains("Err"), journal);
        return URLDecoder.decode(answer.group(1), UTF_8);
    }

    private static long begun(String answer) {
        return ((DatabaseResponse.Begun) DatabaseResponse.parse(bytes(answer))).transaction();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** Percent-encoded, as a value in a script. */
    private static String encoded(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) {
            text.append('%').append(String.format("%02X", each));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aStateIsOnDiskWhenTheGuestGoesOn(int i) {
        assertOnDisk(LOG, "value-of-state-" + i, "kept-state-" + i);
    }

    @Test
    void thePackageAndItsProcessesAreOnDiskWhenStartSaysTheyRun() {
        String answer = ProbePackage.ID + " 1.0.0 runs";
        assertOnDisk(LOG, ONE, answer);
        assertOnDisk(LOG, TWO, answer);
        for (String file : Set.of("manifest.json", "probe.wasm", "small.wasm", "ballast")) {
            assertOnDisk("/pkg/" + file, "", answer);
        }
    }

    @Test
    void aProcessMadeToRestartIsOnDiskWhenTheKernelSaysItIsMade() {
        assertOnDisk(LOG, ProbePackage.process("made"), "InitializedProcess");
    }

    @Test
    void aGrantedCapabilityIsOnDiskWhenTheKernelAnswersTheNextCommand() {
        assertOnDisk(LOG, "granted-right", "HasCap");
    }

    @Test
    void savedCapabilitiesAreOnDiskWhenTheGuestGoesOn() {
        assertOnDisk(LOG, "saved-right", "kept-right");
    }

    /** Both kinds make a file when they open one, and a change is what the guest was answered, alone or at the end of its transaction. */
    @ParameterizedTest
    @CsvSource({"kv, value-alone, kv-alone", "kv, value-together, kv-together", "sqlite, made_table, sqlite-made",
        "sqlite, row-alone, sqlite-alone", "sqlite, row-together, sqlite-together"})
    void aChangeOfADatabaseIsOnDiskWhenTheGuestGoesOn(String kind, String content, String answer) {
        assertOnDisk("/" + kind + "/" + ProbePackage.ID + "/" + DATABASE.name() + "/" + DATABASE.name() + ".db-wal", content, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kv-opened", "sqlite-opened", "kv-deleted"})
    void aNewDatabaseAndARemovedValueAreOnDiskWhenTheGuestGoesOn(String answer) {
        assertOnDisk(DATABASE.name() + ".db" + (answer.endsWith("deleted") ? "-wal" : ""), "", answer);
    }

    /** That the node wrote {@code content} to a file of this name, and synced it and all else that matters, before it answered. */
    private static void assertOnDisk(String file, String content, String answer) {
        Call answered = trace.answer(answer);
        assertFalse(trace.writes(content, file, answered).isEmpty(), "before it answered with \"" + answer + "\" (" + answered
                + ") the node wrote no \"" + content + "\" to " + file);
        assertEquals(Set.of(), trace.diskAt(answered).notSynced(TraceIT::matters), "not on disk when the node answered with \""
                + answer + "\" (" + answered + ")");
    }

    /** Whether a start needs it: not what is thrown away then, what says who runs, and the index that SQLite makes anew. */
    private static boolean matters(Path path) {
        String name = path.getFileName().toString();
        return path.startsWith(home) && !path.startsWith(home.resolve("cache")) && !path.startsWith(home.resolve("log"))
                && !path.startsWith(home.resolve("vfs/.staging")) && !name.equals("lock") && !name.endsWith("-shm");
    }
}
