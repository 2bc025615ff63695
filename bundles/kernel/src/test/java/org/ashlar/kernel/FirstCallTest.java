package org.ashlar.kernel;

import static org.ashlar.kernel.TestNode.SERVICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Response;
import org.ashlar.api.process.Answer;
import org.ashlar.api.process.GuestException;
import org.ashlar.api.process.GuestHost;
import org.ashlar.api.process.GuestProgram;
import org.ashlar.api.process.GuestRuntime;
import org.ashlar.api.process.SendFailedException;
import org.ashlar.api.process.SystemProcess;
import org.ashlar.api.store.FileStore;
import org.ashlar.api.store.StateStore;
import org.ashlar.api.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Providers that throw at their first call are taken out, and what met the failure goes to those that come back. */
@Timeout(60)
class FirstCallTest {
    private static final long BUNDLE = 7;
    /** Of the service of a provider whose bundle was deployed just now. */
    private static final Map<String, Object> DEPLOYED = Map.of("service.bundleid", BUNDLE, SystemProcess.PUBLIC, true);

    private final TestNode node = new TestNode();
    private final List<Long> told = new ArrayList<>();

    @BeforeEach
    void somebodyWatches() {
        node.services.watches().add((bundle, why) -> {
            synchronized (told) {
                told.add(bundle);
            }
            return true;
        });
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void whatASystemProcessThrewAtIsAnsweredByTheOneThatComesBack() throws Exception {
        Queue<String> met = new ConcurrentLinkedQueue<>();
        SystemProcess broken = (request, reply) -> {
            met.add(text(request.message().body()));
            throw new NoClassDefFoundError("com/example/Missing");
        };
        node.node.arrive(SERVICE, broken, DEPLOYED);
        List<CompletableFuture<Answer>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(node.asking(SERVICE, Integer.toString(i), 20));
        }
        TestNode.await("it is told", () -> !told.isEmpty());
        node.node.depart(SERVICE, broken);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        node.node.arrive(SERVICE, (request, reply) -> {
            seen.add(text(request.message().body()));
            reply.respond(Response.of(text(request.message().body())));
        }, DEPLOYED);
        for (int i = 0; i < asked.size(); i++) {
            assertEquals(Integer.toString(i), text(asked.get(i).get(10, TimeUnit.SECONDS).response().body()));
        }
        assertEquals(asked.size(), seen.size(), "none twice");
        assertEquals(List.of("0"), List.copyOf(met), "nothing is given to one that is known to be broken");
        assertEquals(seen.stream().sorted((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b))).toList(),
                List.copyOf(seen), "in the order in which they were sent");
    }

    @Test
    void whatWasAnsweredBeforeItThrewIsNotAskedAgain() throws Exception {
        SystemProcess broken = (request, reply) -> {
            reply.respond(Response.of("answered"));
            throw new IllegalStateException("after all");
        };
        node.node.arrive(SERVICE, broken, DEPLOYED);
        assertEquals("answered", text(node.ask(SERVICE, "hello", 10)));
        TestNode.await("it is told", () -> !told.isEmpty());
        node.node.depart(SERVICE, broken);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        node.node.arrive(SERVICE, (request, reply) -> {
            seen.add(text(request.message().body()));
            reply.respond(Response.of(""));
        }, DEPLOYED);
        node.ask(SERVICE, "next", 10);
        assertEquals(List.of("next"), List.copyOf(seen));
    }

    @Test
    void oneThatHasAnsweredBeforeStaysWhateverItThrows() throws Exception {
        node.node.arrive(SERVICE, (request, reply) -> {
            if (text(request.message().body()).equals("bad")) {
                throw new IllegalStateException("cannot");
            }
            reply.respond(Response.of("fine"));
        }, DEPLOYED);
        assertEquals("fine", text(node.ask(SERVICE, "good", 5)));
        CompletableFuture<Answer> bad = node.asking(SERVICE, "bad", 20);
        assertThrows(ExecutionException.class, () -> bad.get(10, TimeUnit.SECONDS));
        assertEquals("fine", text(node.ask(SERVICE, "good", 5)));
        assertEquals(List.of(), told);
    }

    @Test
    void aComponentIsLoadedOnTheRuntimeBehindOneThatThrows() throws Exception {
        GuestRuntime broken = new BrokenRuntime(true);
        node.runtimes.add(broken, DEPLOYED);
        ProcessId echo = node.guest("echo", OnExit.RESTART, Scripts.ECHO);
        assertEquals("hello", text(node.ask(echo, "hello", 10)));
        assertEquals(List.of(BUNDLE), told);
        assertTrue(node.node.slots().guest(echo).orElseThrow().loaded().runtime() == node.runtime);
    }

    @Test
    void aGuestThatWasToBeMovedToARuntimeWhichFailsWhenItRunsGoesOnWhereItWas() throws Exception {
        ProcessId echo = node.guest("echo", OnExit.RESTART, Scripts.ECHO);
        node.ask(echo, "before", 5);
        GuestRuntime broken = new BrokenRuntime(false);
        node.runtimes.add(broken, DEPLOYED);
        node.node.guests().migrate();
        TestNode.await("it is told", () -> !told.isEmpty());
        for (int i = 0; i < 10; i++) {
            assertEquals("hello", text(node.ask(echo, "hello", 20)));
        }
        node.runtimes.remove(broken);
        assertTrue(node.prints.stream().noneMatch(line -> line.text().contains("ended with error")), "it did not crash");
    }

    @Test
    void aGuestThatHasTakenARequestBeforeItsRuntimeFailsHasCrashedAndTheRequestEndsAtOnce() {
        node.runtimes.add(new BrokenRuntime(false, host -> {
            host.receive();
            throw new GuestException(GuestException.Phase.ABSENT, "its engine fails", null);
        }), DEPLOYED);
        ProcessId echo = node.guest("echo", OnExit.RESTART, Scripts.ECHO);
        assertThrows(SendFailedException.class, () -> node.ask(echo, "hello", 60));
        TestNode.await("a person is told", () -> node.prints.stream().anyMatch(line ->
                line.text().endsWith("ended with error: its engine fails")));
    }

    @Test
    void theStateOfAProcessIsKeptByTheStoreBehindOneThatThrows() throws Exception {
        ProcessId keeper = node.guest("keeper", OnExit.RESTART, Scripts.serving((host, body) -> {
            host.setState(body.getBytes(StandardCharsets.UTF_8));
            respond(host, "kept");
        }));
        node.stores.add(new BrokenStore(), DEPLOYED);
        assertEquals("kept", text(node.ask(keeper, "state", 10)));
        assertEquals(List.of(BUNDLE), told);
        assertEquals("state", text(node.store.get("state", keeper.toString()).orElseThrow()));
    }

    @Test
    void aFileIsReadFromTheStoreBehindOneThatThrows() throws Exception {
        ScriptedFiles good = new ScriptedFiles(true);
        node.files.add(good, 0);
        node.files.add(brokenFiles(), DEPLOYED);
        assertTrue(node.node.workshop().read("test:sys/pkg/any.wasm").isPresent());
        assertEquals(List.of(BUNDLE), told);
    }

    private static FileStore brokenFiles() {
        return (FileStore) java.lang.reflect.Proxy.newProxyInstance(FileStore.class.getClassLoader(),
                new Class<?>[] {FileStore.class}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.invoke(FirstCallTest.class, arguments);
                    }
                    throw new IllegalStateException("broken");
                });
    }

    private static void respond(GuestHost host, String body) {
        host.respond(Response.of(body), Optional.empty());
    }

    private static String text(Answer answer) {
        return text(answer.response().body());
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * @param whenLoading whether it fails there already, or only when it is to run something
     * @param body        what it does then
     */
    private record BrokenRuntime(boolean whenLoading, Run body) implements GuestRuntime {
        interface Run {
            void run(GuestHost host) throws GuestException;
        }

        BrokenRuntime(boolean whenLoading) {
            this(whenLoading, host -> {
                throw new NoClassDefFoundError("com/example/Runner");
            });
        }

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public GuestProgram load(byte[] component, Optional<String> engine) {
            if (whenLoading) {
                throw new NoClassDefFoundError("com/example/Loader");
            }
            return new GuestProgram() {
                @Override
                public String runtime() {
                    return "broken";
                }

                @Override
                public boolean isThere() {
                    return true;
                }

                @Override
                public boolean current(Optional<String> wanted) {
                    return true;
                }

                @Override
                public Optional<String> passedOver() {
                    return Optional.empty();
                }

                @Override
                public void rehearse(Address our) { }

                @Override
                public void run(GuestHost host) throws GuestException {
                    body.run(host);
                }
            };
        }

        @Override
        public Optional<GuestProgram> loaded(byte[] component, Optional<String> engine) {
            return Optional.empty();
        }
    }

    private static final class BrokenStore implements StateStore {
        @Override
        public Optional<byte[]> get(String table, String key) {
            throw new StoreException("broken");
        }

        @Override
        public void scan(String table, String prefix, BiConsumer<String, byte[]> each) {
            throw new StoreException("broken");
        }

        @Override
        public void commit(List<Change> changes) {
            throw new StoreException("broken");
        }
    }
}
