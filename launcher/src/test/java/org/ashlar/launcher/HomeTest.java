package org.ashlar.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path folder;

    @Test
    void theOptionCountsBeforeTheEnvironmentAndThatBeforeTheDefault() {
        Map<String, String> environment = Map.of("ASHLAR_HOME", "/from/environment", "XDG_DATA_HOME", "/data");
        assertEquals(Path.of("/given"), Home.of(Optional.of("/given"), environment).path());
        assertEquals(Path.of("/from/environment"), Home.of(Optional.empty(), environment).path());
        assertEquals(Path.of("/data/ashlar"), Home.of(Optional.empty(), Map.of("XDG_DATA_HOME", "/data")).path());
        assertEquals(Path.of(System.getProperty("user.home"), ".local/share/ashlar"),
                Home.of(Optional.empty(), Map.of()).path());
    }

    @Test
    void aNewHomeIsLaidOutForItsOwnerAlone() throws Exception {
        Home home = new Home(folder.resolve("new/home")).createFolder();
        home.prepare();
        assertEquals("1", Files.readString(home.folder("VERSION")).strip());
        for (String name : new String[] {".", "config", "deploy", "identity", "store", "vfs", "cache", "log"}) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.folder(name))), name);
        }
    }

    @Test
    void aHomeIsPreparedAgainWithoutHarm() throws Exception {
        Home home = prepared();
        Files.writeString(home.folder("config").resolve("mine.json"), "{}");
        home.prepare();
        assertTrue(Files.exists(home.folder("config").resolve("mine.json")));
    }

    @Test
    void aStartThatWasCutOffBeforeTheVersionWasWrittenIsTakenUp() throws Exception {
        Home home = new Home(folder).createFolder();
        Files.createFile(home.folder("lock"));
        Files.createFile(home.folder("lock.VERSION"));
        home.prepare();
        assertTrue(Files.exists(home.folder("VERSION")));
    }

    @Test
    void aUsedHomeWhoseStoreIsGoneIsRefusedAndNotMadeAnew() throws Exception {
        Home home = prepared();
        Files.delete(home.folder("store"));
        home.prepare();
        Files.writeString(home.folder("identity").resolve("node"), "a node has run");
        for (String name : new String[] {"store", "vfs"}) {
            Files.delete(home.folder(name));
            LaunchException refused = assertThrows(LaunchException.class, home::prepare);
            assertTrue(refused.getMessage().contains(home.folder(name) + " is gone"), refused.getMessage());
            assertFalse(Files.exists(home.folder(name)));
            Files.createDirectory(home.folder(name));
            home.prepare();
        }
    }

    @Test
    void theHomeOfANewerVersionIsRefused() throws Exception {
        Home home = prepared();
        Files.writeString(home.folder("VERSION"), "2\n");
        String message = assertThrows(LaunchException.class, home::prepare).getMessage();
        assertTrue(message.contains("has layout 2") && message.contains("knows 1"), message);
    }

    @Test
    void aVersionThatIsNoNumberIsRefused() throws Exception {
        Home home = prepared();
        Files.writeString(home.folder("VERSION"), "banana\n");
        assertTrue(assertThrows(LaunchException.class, home::prepare).getMessage().contains("\"banana\""));
    }

    @Test
    void aFolderWithOtherThingsInItIsRefusedAndLeftAlone() throws Exception {
        Files.writeString(folder.resolve("thesis.txt"), "years of work");
        String message = assertThrows(LaunchException.class, () -> new Home(folder).prepare()).getMessage();
        assertTrue(message.contains("thesis.txt"), message);
        assertFalse(Files.exists(folder.resolve("config")));
    }

    @Test
    void aDeployFolderThatOthersMayUseIsRefused() throws Exception {
        Home home = prepared();
        Files.setPosixFilePermissions(home.folder("deploy"), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertTrue(assertThrows(LaunchException.class, home::prepare).getMessage().contains("chmod 700"));
    }

    @Test
    void aHomeIsLockedOnceAndTheHolderIsNamed() throws Exception {
        Home home = prepared();
        assertFalse(HomeLock.isHeld(home));
        try (HomeLock lock = HomeLock.take(home)) {
            assertTrue(HomeLock.isHeld(home));
            String message = assertThrows(LaunchException.class, () -> HomeLock.take(home)).getMessage();
            assertTrue(message.contains("process " + ProcessHandle.current().pid()), message);
        }
        HomeLock.take(home).close();
    }

    @Test
    void aSocketPathIsShortHoweverLongTheHomeIs() throws Exception {
        Path deep = folder.resolve("x".repeat(200)).resolve("y".repeat(200));
        Home home = new Home(deep).createFolder();
        Path runtime = folder.resolve("run");
        Files.createDirectory(runtime);
        Path socket = RuntimeFolder.socketFor(home, Map.of("XDG_RUNTIME_DIR", runtime.toString()));
        assertTrue(socket.toString().length() <= RuntimeFolder.MAX_PATH, socket.toString());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
    }

    @Test
    void aSocketPathOfEachLengthThatIsTakenCanBeBound() throws Exception {
        Home home = prepared();
        for (int length = 1; length < RuntimeFolder.MAX_PATH; length++) {
            Path runtime = Path.of(folder + "/" + "r".repeat(length));
            Path socket = RuntimeFolder.socketFor(home, Map.of("XDG_RUNTIME_DIR", Files.createDirectory(runtime).toString()));
            if (!socket.startsWith(folder)) {
                return; // too long
            }
            try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.bind(UnixDomainSocketAddress.of(socket));
            }
        }
        throw new AssertionError("every path was taken");
    }

    @Test
    void aRuntimeFolderThatIsTooDeepGivesWayToTheOneBelowTmp() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("z".repeat(120)));
        Path socket = RuntimeFolder.socketFor(prepared(), Map.of("XDG_RUNTIME_DIR", deep.toString()));
        assertTrue(socket.startsWith("/tmp"), socket.toString());
    }

    @Test
    void aRuntimeFolderThatOthersMayUseIsNotTrusted() throws Exception {
        Path runtime = Files.createDirectory(folder.resolve("run"));
        Home home = prepared();
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", runtime.toString());
        Path socket = RuntimeFolder.socketFor(home, environment);
        Files.createFile(socket);
        assertEquals(Optional.of(socket), RuntimeFolder.socketOf(home, environment));
        Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwxrwx---"));
        assertEquals(Optional.empty(), RuntimeFolder.socketOf(home, environment));
    }

    private Home prepared() throws Exception {
        Home home = new Home(folder.resolve("home")).createFolder();
        home.prepare();
        return home;
    }
}
