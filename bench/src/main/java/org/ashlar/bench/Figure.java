package org.ashlar.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ashlar.bench.driver.Effort;

/** Something that is measured, under a name that the command line takes. */
record Figure(String name, Taking taking) {
    /** Runs of what a running node does. */
    static final int RUNS = Effort.runs(7);

    @FunctionalInterface
    interface Taking {
        List<Row> rows(Path root, Erlang erlang) throws IOException, InterruptedException;
    }

    /** In the order of the table. */
    static final List<Figure> ALL = List.of(
            new Figure("boot", Boots::boot),
            new Figure("restart", Boots::restart),
            new Figure("load", Boots::load),
            new Figure("pairs", Messages::pairs),
            new Figure("latency", Messages::latency),
            new Figure("fairness", Messages::fairness),
            new Figure("quiet", Messages::quiet),
            new Figure("blob", Messages::blob),
            new Figure("cpu", Computation::cpu),
            new Figure("spawn", Processes::spawn),
            new Figure("memory", Processes::memory),
            new Figure("swap", Processes::swap),
            new Figure("state", Processes::state),
            new Figure("files", Storage::files),
            new Figure("handshakes", Network::handshakes),
            new Figure("remote", Network::remote),
            new Figure("bulk", Network::bulk),
            new Figure("idle", Network::idle),
            new Figure("snapshot", Storage::snapshot),
            new Figure("signing", Signing::ed25519),
            new Figure("backups", Backups::backups));
}
