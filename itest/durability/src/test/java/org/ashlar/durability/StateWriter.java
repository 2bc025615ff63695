package org.ashlar.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ashlar.launcher.Client;

/** Has a probe set its state to one value after the other; the probe says so when {@code set-state} has returned. */
final class StateWriter implements Work {
    private static final Pattern STATE = Pattern.compile("^state value=(([0-9]+)x*)$", Pattern.MULTILINE);
    private static final int LONGEST = 9_000;

    private final String process;
    private final Supplier<String> version;
    /** Numbers of values; what is on disk is the last acknowledged one or one attempted since. */
    private long acknowledged;
    private long attempted;
    private volatile long count;

    /** @param version of the package that the probe must be of after a restart */
    StateWriter(String process, Supplier<String> version) {
        this.process = process;
        this.version = version;
    }

    /** From a few bytes to several pages of the database. */
    private static String value(long number) {
        return number + "x".repeat((int) (number * 7_919 % LONGEST));
    }

    @Override
    public void goOn(Client client) {
        Optional<Client.Answer> answer;
        do {
            attempted++;
            answer = client.run("m", Map.of("a", "600"), "our@" + process,
                    "!set-state value=" + value(attempted) + ";respond body=" + attempted);
            if (answer.isPresent() && answer.get().status() == 0) {
                assertEquals(String.valueOf(attempted), answer.get().text());
                acknowledged = attempted;
                count++;
            }
        } while (answer.isPresent());
    }

    @Override
    public void check(NodeUnderTest node) throws Exception {
        String journal = node.client().run("m", Map.of("a", "600"), "our@" + process, "!get-state;report").orElseThrow().text();
        assertTrue(journal.contains("note text=" + version.get() + "\n"), process + " is not of " + version.get() + ": " + journal);
        Matcher state = STATE.matcher(journal);
        long found = state.find() ? Long.parseLong(state.group(2)) : 0;
        assertTrue(found >= acknowledged && found <= attempted, process + " has the state " + found + "; acknowledged was "
                + acknowledged + ", attempted " + attempted);
        assertTrue(found == 0 || state.group(1).equals(value(found)), "the state " + found + " of " + process + " is not whole");
        acknowledged = found;
    }

    @Override
    public long acknowledged() {
        return count;
    }
}
