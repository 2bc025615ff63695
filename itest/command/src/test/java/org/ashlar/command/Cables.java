package org.ashlar.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Machines that are network namespaces of this one, each with a cable to a router in their middle, which is another. The n-th machine
 * has the address 10.77.n.2, and the router 10.77.n.1 on its side of that cable. Closing it takes all away.
 */
final class Cables implements AutoCloseable {
    /** The address of a machine that is hidden. */
    static final String HIDDEN = "192.168.77.2";
    private static final String ROUTER = "router";

    private final String prefix = "ashlar-" + ProcessHandle.current().pid() + "-";
    private final List<String> machines = new ArrayList<>();
    private final List<String> hidden = new ArrayList<>();

    private Cables() { }

    /** Skips the test, with the reason, where that cannot be done. */
    static Cables lay(String... machines) throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux") && run("id", "-u").said().strip().equals("0"),
                "network namespaces need Linux and root");
        for (String program : List.of("ip", "nft")) {
            assumeTrue(run("sh", "-c", "command -v " + program).status() == 0, "there is no " + program + " here (Debian: iproute2, nftables)");
        }
        Cables cables = new Cables();
        Ended made = run("ip", "netns", "add", cables.prefix + ROUTER);
        assumeTrue(made.status() == 0, "the system makes no network namespace: " + made.said().strip());
        try {
            cables.on(ROUTER, "nft", "add", "table", "inet", "weather");
        } catch (IOException e) {
            cables.close();
            assumeTrue(false, "the system has no nftables: " + e.getMessage());
        }
        try {
            cables.on(ROUTER, "nft", "add", "chain", "inet", "weather", "forward", "{ type filter hook forward priority 0; }");
            cables.on(ROUTER, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
            for (String machine : machines) {
                cables.connect(machine);
            }
            return cables;
        } catch (IOException e) {
            cables.close();
            throw e;
        }
    }

    private void connect(String machine) throws IOException, InterruptedException {
        must("ip", "netns", "add", prefix + machine);
        machines.add(machine);
        int number = machines.size();
        must("ip", "-n", prefix + ROUTER, "link", "add", "to-" + machine, "type", "veth", "peer", "name", "cable", "netns", prefix + machine);
        on(ROUTER, "ip", "address", "add", "10.77." + number + ".1/24", "dev", "to-" + machine);
        on(ROUTER, "ip", "link", "set", "to-" + machine, "up");
        on(machine, "ip", "address", "add", address(machine) + "/24", "dev", "cable");
        on(machine, "ip", "link", "set", "cable", "up");
        on(machine, "ip", "link", "set", "lo", "up");
        on(machine, "ip", "route", "add", "default", "via", "10.77." + number + ".1");
    }

    /** A machine whose packets leave {@code gateway} as that one's own: nobody else knows a way to it. */
    void hide(String machine, String gateway) throws IOException, InterruptedException {
        must("ip", "netns", "add", prefix + machine);
        hidden.add(machine);
        must("ip", "-n", prefix + gateway, "link", "add", "inside", "type", "veth", "peer", "name", "cable", "netns", prefix + machine);
        on(gateway, "ip", "address", "add", "192.168.77.1/24", "dev", "inside");
        on(gateway, "ip", "link", "set", "inside", "up");
        on(gateway, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        on(gateway, "nft", "add", "table", "ip", "nat");
        on(gateway, "nft", "add", "chain", "ip", "nat", "out", "{ type nat hook postrouting priority 100; }");
        on(gateway, "nft", "add", "rule", "ip", "nat", "out", "oifname", "cable", "masquerade");
        on(machine, "ip", "address", "add", HIDDEN + "/24", "dev", "cable");
        on(machine, "ip", "link", "set", "cable", "up");
        on(machine, "ip", "link", "set", "lo", "up");
        on(machine, "ip", "route", "add", "default", "via", "192.168.77.1");
    }

    String address(String machine) {
        return "10.77." + (machines.indexOf(machine) + 1) + ".2";
    }

    /** Where the router takes what it is to pass on to {@code machine} by a program of its own. */
    String before(String machine) {
        return "10.77." + (machines.indexOf(machine) + 1) + ".1";
    }

    /** What a command begins with that is to run on {@code machine}. */
    List<String> on(String machine) {
        return List.of("ip", "netns", "exec", prefix + machine);
    }

    List<String> onRouter() {
        return on(ROUTER);
    }

    void cut(String machine) throws IOException, InterruptedException {
        on(ROUTER, "ip", "link", "set", "to-" + machine, "down");
    }

    void mend(String machine) throws IOException, InterruptedException {
        on(ROUTER, "ip", "link", "set", "to-" + machine, "up");
    }

    /** The router loses so many of a hundred packets from now on. */
    void lose(int percent) throws IOException, InterruptedException {
        on(ROUTER, "nft", "add", "rule", "inet", "weather", "forward", "numgen", "random", "mod", "100", "<", String.valueOf(percent),
                "counter", "drop");
    }

    /** How many packets were lost so. */
    long lost() throws IOException, InterruptedException {
        String rules = on(ROUTER, "nft", "list", "chain", "inet", "weather", "forward");
        return Long.parseLong(rules.replaceAll("(?s).*counter packets ([0-9]+).*", "$1"));
    }

    private String on(String machine, String... command) throws IOException, InterruptedException {
        return must(Stream.concat(on(machine).stream(), Arrays.stream(command)).toArray(String[]::new));
    }

    private static String must(String... command) throws IOException, InterruptedException {
        Ended ended = run(command);
        if (ended.status() != 0) {
            throw new IOException(String.join(" ", command) + ": " + ended.said());
        }
        return ended.said();
    }

    record Ended(int status, String said) { }

    static Ended run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), said);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        Stream.of(hidden.stream(), machines.stream(), Stream.of(ROUTER)).flatMap(each -> each).forEach(machine -> {
            try {
                run("ip", "netns", "delete", prefix + machine);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }
}
