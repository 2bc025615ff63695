package org.ashlar.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ashlar.api.store.StateStore.Change;

/** A process of its own that writes until it is killed, or as often as told; it says each commit before and after. */
final class StoreProbe {
    private StoreProbe() { }

    /** @param args home, number of writers, commits of each */
    public static void main(String[] args) throws Exception {
        SqliteStateStore store = new SqliteStateStore(Path.of(args[0]));
        int commits = Integer.parseInt(args[2]);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            int writer = i;
            writers.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < commits; n++) {
                    say("begin " + writer + ' ' + n);
                    store.commit(List.of(Change.put("state", writer + "/" + n, new byte[100]),
                            Change.put("twin", writer + "/" + n, new byte[100])));
                    say("done " + writer + ' ' + n);
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        store.close();
    }

    private static void say(String line) {
        byte[] bytes = (line + '\n').getBytes(UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }
}
