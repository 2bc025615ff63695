package org.ashlar.lan;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.ashlar.api.net.NodeCard;
import org.ashlar.codec.CardText;
import org.ashlar.noise.CardSignature;

/** The nodes that were heard of lately. Any thread may call. */
final class Sightings {
    /** Most nodes. */
    static final int MAX = 512;
    /** Most nodes heard of from one address, so that one machine cannot keep out the rest. */
    static final int MAX_OF_SOURCE = 16;
    /** Longest time that a node is remembered without being heard of, in seconds. */
    static final long MAX_SECONDS = 4_500;

    private static final long NANOS = 1_000_000_000L;

    /** By name and key: a second key for a name does not hide the first. */
    private final Map<String, Sighting> sightings = new HashMap<>();

    private record Sighting(CardText text, InetAddress source, long until) { }

    /** Takes note of what {@code source} said. @return whether it is heeded */
    synchronized boolean heard(Records.Heard heard, InetAddress source, long now) {
        forgetOld(now);
        NodeCard card = heard.card().card();
        String id = card.name() + ' ' + HexFormat.of().formatHex(card.key());
        Sighting before = sightings.get(id);
        boolean same = before != null && before.text().toString().equals(heard.card().toString());
        if (!same && (isFull(before, source) || !CardSignature.fits(heard.card()))) {
            return false;
        }
        if (heard.seconds() <= 0) {
            sightings.remove(id);
        } else {
            sightings.put(id, new Sighting(heard.card(), source, now + Math.min(heard.seconds(), MAX_SECONDS) * NANOS));
        }
        notifyAll();
        return true;
    }

    private boolean isFull(Sighting before, InetAddress source) {
        return before == null && (sightings.size() >= MAX
                || sightings.values().stream().filter(sighting -> sighting.source().equals(source)).count() >= MAX_OF_SOURCE);
    }

    private void forgetOld(long now) {
        sightings.values().removeIf(sighting -> sighting.until() - now <= 0);
    }

    /** All of them, in order of their names. */
    synchronized List<NodeCard> list(long now) {
        forgetOld(now);
        List<NodeCard> cards = new ArrayList<>(sightings.values().stream().map(sighting -> sighting.text().card()).toList());
        cards.sort(Comparator.comparing(NodeCard::name));
        return List.copyOf(cards);
    }

    List<NodeCard> find(String name, long now) {
        return list(now).stream().filter(card -> card.name().equals(name)).toList();
    }

    /** Waits until {@code name} is among them, at most {@code nanos}. */
    synchronized void await(String name, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (find(name, System.nanoTime()).isEmpty() && end - System.nanoTime() > 0) {
            wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
    }
}
