package org.ashlar.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.net.Directory;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.PeerBook;
import org.ashlar.codec.NetReport;

/**
 * What directories say of nodes, before the person who runs this one: shown with its fingerprint, and accepted only by it.
 * {@link #find} and {@link #confirm} do I/O: not for virtual threads.
 */
final class Claims {
    private final Identity identity;
    private final Network network;
    private final AddressBook book;
    private final Lines lines;
    /** What was told unasked, so that it is told once. */
    private final SequencedSet<String> told = new LinkedHashSet<>();

    Claims(Identity identity, Network network, AddressBook book, Lines lines) {
        this.identity = identity;
        this.network = network;
        this.book = book;
        this.lines = lines;
    }

    /** This node's own card in a directory is none; its name with another key is one. */
    private boolean isOfOther(AddressBook.Claim claim) {
        return !claim.card().name().equals(identity.name()) || !Arrays.equals(claim.card().key(), identity.publicKey());
    }

    private List<AddressBook.Claim> of(String name) {
        return book.claims(name).stream().filter(this::isOfOther).toList();
    }

    /** All claims, a line each. */
    List<String> lines() {
        return book.claims().stream().filter(this::isOfOther).map(this::line).toList();
    }

    private String line(AddressBook.Claim claim) {
        NodeCard card = claim.card();
        String from = card.fingerprint() + " (" + String.join(", ", claim.sources()) + ")";
        if (card.name().equals(identity.name())) {
            return "another node calls itself " + card.name() + ", as this one does; its key is " + from;
        }
        Optional<NodeCard> known = book.find(card.name());
        if (known.isPresent()) {
            return card.name() + " has another key elsewhere: " + from + "; known here: " + known.get().fingerprint()
                    + ". Ask its owner; \"" + command(card) + " --replace\" takes the other one";
        }
        long keys = of(card.name()).size();
        return card.name() + " is unconfirmed: " + from + (keys > 1 ? ", one of " + keys + " keys that are given for this name" : "")
                + ". If its owner reads the same digits: " + command(card);
    }

    private static String command(NodeCard card) {
        return "ashlar peer confirm " + card.name() + " " + HexFormat.of().formatHex(card.key(), 0, Limits.CONFIRMED_DIGITS / 2);
    }

    /** Tells what is new, once: another key for a known name, whatever the verbosity. */
    void tellNews() {
        for (AddressBook.Claim claim : book.claims()) {
            boolean news;
            synchronized (told) {
                news = isOfOther(claim) && told.add(claim.card().name() + ' ' + claim.card().fingerprint());
                if (told.size() > Limits.TOLD) {
                    told.removeFirst();
                }
            }
            if (news) {
                boolean conflict = book.find(claim.card().name()).isPresent() || claim.card().name().equals(identity.name());
                lines.print(conflict ? 0 : 1, line(claim));
            }
        }
    }

    /** Asks all directories, in order, and shows what they say. */
    NetReport find(String name) {
        if (book.blocks(name)) {
            return new NetReport.Err(name + " is blocked; \"ashlar peer remove " + name + "\" lifts that");
        }
        List<Directory> asked = book.directories();
        List<String> troubles = search(asked, name);
        List<String> found = new ArrayList<>();
        book.find(name).ifPresent(card -> found.add(name + " is known here; its key is " + card.fingerprint()));
        of(name).stream().map(this::line).forEach(found::add);
        if (found.isEmpty()) {
            return new NetReport.Err("nothing is known of " + name + ". Asked: "
                    + String.join(", ", asked.stream().map(Directory::source).toList())
                    + (troubles.isEmpty() ? "" : "; " + String.join("; ", troubles)));
        }
        found.addAll(troubles);
        return new NetReport.Lines(found);
    }

    /** All at once, so that it takes as long as one. @return what went wrong */
    private static List<String> search(List<Directory> directories, String name) {
        Map<String, String> troubles = new ConcurrentHashMap<>();
        List<Thread> searches = directories.stream().map(directory -> Thread.ofPlatform().daemon().name("search-" + directory.source())
                .start(() -> {
                    try {
                        directory.search(name);
                    } catch (IOException e) {
                        troubles.put(directory.source(), String.valueOf(e.getMessage()));
                    }
                })).toList();
        long end = System.nanoTime() + Directory.SEARCH.plus(Limits.SEARCH_MARGIN).toNanos();
        for (Thread search : searches) {
            try {
                search.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return directories.stream().map(Directory::source).filter(troubles::containsKey)
                .map(source -> source + ": " + troubles.get(source)).toList();
    }

    /** Writes down the node whose key begins with {@code fingerprint}. */
    NetReport confirm(String name, String fingerprint, boolean replace) throws IOException {
        String digits = fingerprint.replaceAll("[\\s:]", "").toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{" + Limits.CONFIRMED_DIGITS + ",64}")) {
            return new NetReport.Err("a fingerprint is confirmed by at least its first " + Limits.CONFIRMED_DIGITS
                    + " digits, as \"ashlar peer list\" shows them; fewer can be forged");
        }
        if (book.blocks(name)) {
            return new NetReport.Err(name + " is blocked; \"ashlar peer remove " + name + "\" lifts that");
        }
        Optional<NodeCard> known = book.find(name);
        if (known.isPresent() && HexFormat.of().formatHex(known.get().key()).startsWith(digits)) {
            return new NetReport.Lines(List.of(name + " is known here with this key already"));
        }
        List<AddressBook.Claim> claims = of(name);
        List<NodeCard> meant = claims.stream().map(AddressBook.Claim::card)
                .filter(card -> HexFormat.of().formatHex(card.key()).startsWith(digits)).toList();
        if (meant.size() != 1 || name.equals(identity.name())) {
            return new NetReport.Err(claims.isEmpty() ? "nothing is to be confirmed of " + name + "; \"ashlar peer find " + name
                    + "\" looks for it" : "no key that is given for " + name + " begins with these digits. Given: "
                    + String.join("; ", claims.stream().map(claim -> claim.card().fingerprint() + " ("
                    + String.join(", ", claim.sources()) + ")").toList()));
        }
        NodeCard card = meant.getFirst();
        if (known.isPresent() && !replace) {
            return new NetReport.Err(name + " is known here with another key. Known: " + known.get().fingerprint()
                    + "; to be confirmed: " + card.fingerprint() + ". Ask its owner which is right; --replace takes the other one");
        }
        Optional<PeerBook> peers = book.peerBook();
        if (peers.isEmpty()) {
            return new NetReport.Err("there is no list of peers to write it into");
        }
        book.forget(name);
        peers.get().put(card);
        network.changed(name, known.isPresent());
        return new NetReport.Lines(List.of(name + " is written down; its key is " + card.fingerprint()));
    }
}
