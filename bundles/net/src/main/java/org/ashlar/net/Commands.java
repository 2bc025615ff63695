package org.ashlar.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.identity.Identity;
import org.ashlar.api.net.NodeCard;
import org.ashlar.api.net.PeerBook;
import org.ashlar.codec.CardText;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.NetCommand;
import org.ashlar.codec.NetReport;
import org.ashlar.noise.CardSignature;
import org.ashlar.noise.Ed25519Key;

/** What the person who runs the node asks of its network. Does file I/O: not for virtual threads. */
final class Commands {
    private final Identity identity;
    private final Network network;
    private final AddressBook book;
    private final Actions actions;
    private final Claims claims;

    Commands(Identity identity, Network network, AddressBook book, Actions actions, Claims claims) {
        this.identity = identity;
        this.network = network;
        this.book = book;
        this.actions = actions;
        this.claims = claims;
    }

    NetReport run(NetCommand command) {
        try {
            return switch (command) {
                case NetCommand.Card it -> new NetReport.Lines(List.of(card()));
                case NetCommand.Peers it -> new NetReport.Peers(network.reports(), network.copies().seen());
                case NetCommand.Known it -> new NetReport.Lines(known());
                case NetCommand.Add(String card, boolean replace) -> add(card, replace);
                case NetCommand.Remove(String name) -> remove(name);
                case NetCommand.Block(String name) -> block(name);
                case NetCommand.Find(String name) -> claims.find(name);
                case NetCommand.Confirm(String name, String fingerprint, boolean replace) ->
                        claims.confirm(name, fingerprint, replace);
            };
        } catch (IOException e) {
            return new NetReport.Err("the list of peers cannot be written: " + e.getMessage());
        }
    }

    private String card() {
        NodeCard own = actions.own();
        return new CardText(own, Optional.of(identity.sign(CardText.signedBytes(own)))).toString();
    }

    private List<String> known() {
        List<String> lines = new ArrayList<>();
        book.list().stream().map(CardText::of).forEach(lines::add);
        book.peerBook().ifPresent(peers -> peers.blocked().forEach(name -> lines.add(name + " is blocked")));
        lines.addAll(claims.lines());
        return lines;
    }

    private NetReport add(String line, boolean replace) throws IOException {
        CardText text;
        try {
            text = CardText.parse(line);
        } catch (CodecException e) {
            return new NetReport.Err(e.getMessage());
        }
        NodeCard card = text.card();
        Optional<Ed25519Key> key = Ed25519Key.of(card.key());
        if (card.name().equals(identity.name())) {
            return new NetReport.Err("this is the card of a node with this node's own name; give it to the others");
        }
        if (key.isEmpty()) {
            return new NetReport.Err("the key in this card is none");
        }
        if (!CardSignature.fits(text)) {
            return new NetReport.Err("the signature of this card does not fit: it was changed or cut off on the way. Ask for it again");
        }
        Optional<NodeCard> before = book.find(card.name());
        if (!replace && before.isPresent() && !Arrays.equals(before.get().key(), card.key())) {
            return new NetReport.Err(card.name() + " is known here with another key. Known: " + before.get().fingerprint()
                    + "; in the card: " + card.fingerprint() + ". Ask its owner which is right; --replace takes the new one");
        }
        Optional<PeerBook> peers = book.peerBook();
        if (peers.isEmpty()) {
            return new NetReport.Err("there is no list of peers to write it into");
        }
        book.forget(card.name());
        peers.get().put(card);
        boolean otherKey = before.isPresent() && !Arrays.equals(before.get().key(), card.key());
        network.changed(card.name(), otherKey);
        return new NetReport.Lines(List.of(card.name() + " is written down; its key is " + card.fingerprint()));
    }

    private NetReport remove(String name) throws IOException {
        boolean announced = book.find(name).isPresent();
        book.forget(name);
        boolean written = book.peerBook().isPresent() && book.peerBook().get().remove(name);
        network.changed(name, true);
        return written || announced ? new NetReport.Lines(List.of(name + " is forgotten"))
                : new NetReport.Err("nothing is known here of " + name);
    }

    private NetReport block(String name) throws IOException {
        Optional<PeerBook> peers = book.peerBook();
        if (peers.isEmpty()) {
            return new NetReport.Err("there is no list of peers to write it into");
        }
        peers.get().block(name);
        network.changed(name, true);
        return new NetReport.Lines(List.of(name + " is blocked; \"ashlar peer remove " + name + "\" or adding it again lifts that"));
    }
}
