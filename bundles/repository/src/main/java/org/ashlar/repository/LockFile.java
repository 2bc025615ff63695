package org.ashlar.repository;

import java.time.Duration;

/**
 * Says that somebody uses the repository.
 *
 * @param exclusive nobody else may use it meanwhile
 * @param time      when it was written; it is written anew while it is held
 */
record LockFile(Stamp time, boolean exclusive, String hostname, String username, long pid, long uid, long gid) {
    /** Not written anew for so long, it belongs to nobody. */
    static final Duration STALE = Duration.ofMinutes(30);

    /** Seconds by which the beginning of a process may be known wrongly. */
    private static final long SLACK = 10;

    static LockFile parse(byte[] json) {
        Document document = Document.parse("lock", json);
        return new LockFile(Stamp.parse(document.text("time")), document.bool("exclusive"), document.optionalText("hostname").orElse(""),
                document.optionalText("username").orElse(""), document.optionalNumber("pid", 0, Long.MAX_VALUE).orElse(0L),
                document.optionalNumber("uid", 0, 0xffff_ffffL).orElse(0L), document.optionalNumber("gid", 0, 0xffff_ffffL).orElse(0L));
    }

    byte[] json() {
        return Document.write(json -> {
            json.writeStringField("time", time.toString());
            json.writeBooleanField("exclusive", exclusive);
            json.writeStringField("hostname", hostname);
            json.writeStringField("username", username);
            json.writeNumberField("pid", pid);
            json.writeNumberField("uid", uid);
            json.writeNumberField("gid", gid);
        });
    }

    /** Whether its holder is gone: too old, or a process of this machine that has ended. */
    boolean isStale(Stamp now, String here) {
        return now.seconds() - time.seconds() > STALE.toSeconds() || pid > 0 && hostname.equals(here) && hasEnded();
    }

    /** Also when another has its number by now: one that began later than the lock was written. */
    private boolean hasEnded() {
        return ProcessHandle.of(pid).map(process -> process.info().startInstant()
                .map(start -> start.getEpochSecond() > time.seconds() + SLACK).orElse(false)).orElse(true);
    }

    /** For people. */
    String holder() {
        return (username.isEmpty() ? "somebody" : Text.shown(username)) + " on " + (hostname.isEmpty() ? "some machine" : Text.shown(hostname))
                + ", process " + pid + ", at " + time;
    }
}
