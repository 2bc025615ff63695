package org.ashlar.noise;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One side of {@code Noise_XX_25519_ChaChaPoly_BLAKE2s} (Noise revision 34, 5.3 and 7.5): three messages, after which each
 * knows the other's static key and both have ciphers. The initiator writes the first and the third. Whatever is refused
 * ends the handshake, and its keys are wiped. Not for several threads.
 */
public final class Handshake {
    /** The protocol's name, which both sides mix into all keys. */
    public static final String PROTOCOL = "Noise_XX_25519_ChaChaPoly_BLAKE2s";

    private enum Token { E, S, EE, ES, SE }

    private static final List<List<Token>> XX = List.of(
            List.of(Token.E), List.of(Token.E, Token.EE, Token.S, Token.ES), List.of(Token.S, Token.SE));

    private final boolean initiator;
    private final NoiseKey ourStatic;
    private final NoiseKey ourEphemeral;
    private final SymmetricState state = new SymmetricState(PROTOCOL);
    private Optional<byte[]> theirStatic = Optional.empty();
    private Optional<byte[]> theirEphemeral = Optional.empty();
    private int message;
    private boolean ended;

    /**
     * @param initiator whether this side writes the first message
     * @param prologue  what both sides must agree on beforehand; nodes use none
     * @param ephemeral used in this one handshake and never again. Both pairs belong to the handshake from now on, and are
     *                  wiped when it ends
     */
    public Handshake(boolean initiator, byte[] prologue, NoiseKey ourStatic, NoiseKey ephemeral) {
        this.initiator = initiator;
        this.ourStatic = ourStatic;
        ourEphemeral = ephemeral;
        state.mixHash(prologue);
    }

    /** Whether this side writes the next message. False once all are written. */
    public boolean writes() {
        return !ended && message < XX.size() && message % 2 == (initiator ? 0 : 1);
    }

    /** Whether all three messages are written and read. */
    public boolean complete() {
        return message == XX.size();
    }

    /**
     * Writes the next message.
     *
     * @param payload what to say with it. In the first message it goes in clear; in the second only the initiator can read
     *                it, whoever that is; in the third only the responder whose static key was in the second
     * @throws NoiseException when the message would be longer than {@link CipherState#MAX_MESSAGE}
     */
    public byte[] write(byte[] payload) {
        turn(writes());
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (Token token : XX.get(message)) {
                switch (token) {
                    case E -> {
                        out.writeBytes(ourEphemeral.publicKey());
                        state.mixHash(ourEphemeral.publicKey());
                    }
                    case S -> out.writeBytes(state.encryptAndHash(ourStatic.publicKey()));
                    default -> agree(token);
                }
            }
            if (out.size() + payload.length + state.overhead() > CipherState.MAX_MESSAGE) {
                throw new NoiseException("a payload of " + payload.length + " bytes does not fit into a handshake message");
            }
            out.writeBytes(state.encryptAndHash(payload));
            message++;
            return out.toByteArray();
        } catch (NoiseException e) {
            abort();
            throw e;
        }
    }

    /** Reads the other side's next message and gives its payload. @throws NoiseException when it is not that message */
    public byte[] read(byte[] bytes) {
        turn(!writes() && !complete());
        try {
            if (bytes.length > CipherState.MAX_MESSAGE) {
                throw new NoiseException("a handshake message has at most " + CipherState.MAX_MESSAGE + " bytes, not " + bytes.length);
            }
            int at = 0;
            for (Token token : XX.get(message)) {
                switch (token) {
                    case E -> {
                        byte[] key = part(bytes, at, NoiseKey.LENGTH);
                        state.mixHash(key);
                        theirEphemeral = Optional.of(key);
                        at += key.length;
                    }
                    case S -> {
                        byte[] key = part(bytes, at, NoiseKey.LENGTH + state.overhead());
                        theirStatic = Optional.of(state.decryptAndHash(key));
                        at += key.length;
                    }
                    default -> agree(token);
                }
            }
            byte[] payload = state.decryptAndHash(part(bytes, at, bytes.length - at));
            message++;
            return payload;
        } catch (NoiseException e) {
            abort();
            throw e;
        }
    }

    /** The other side's static public key, 32 bytes, once its message was read: the second's or the third's. */
    public byte[] theirStatic() {
        return theirStatic.orElseThrow(() -> new IllegalStateException("the other side's key has not come yet")).clone();
    }

    /** The ciphers that the handshake was for. Ends it. @throws IllegalStateException when it is not complete */
    public CipherPair split() {
        turn(complete());
        CipherState[] ciphers = state.split();
        byte[] hash = state.handshakeHash();
        abort();
        return initiator ? new CipherPair(ciphers[0], ciphers[1], hash) : new CipherPair(ciphers[1], ciphers[0], hash);
    }

    /** Ends the handshake and wipes its keys. */
    public void abort() {
        ended = true;
        state.wipe();
        ourStatic.wipe();
        ourEphemeral.wipe();
    }

    private void agree(Token token) {
        byte[] theirs = switch (token) {
            case EE -> theirEphemeral.orElseThrow();
            case ES -> initiator ? theirStatic.orElseThrow() : theirEphemeral.orElseThrow();
            default -> initiator ? theirEphemeral.orElseThrow() : theirStatic.orElseThrow();
        };
        boolean ephemeral = token == Token.EE || token == (initiator ? Token.ES : Token.SE);
        state.mixKey((ephemeral ? ourEphemeral : ourStatic).agree(theirs));
    }

    private void turn(boolean permitted) {
        if (ended || !permitted) {
            throw new IllegalStateException(ended ? "the handshake has ended" : "it is not the turn for that, at message " + message);
        }
    }

    private static byte[] part(byte[] bytes, int from, int length) {
        if (length < 0 || from + length > bytes.length) {
            throw new NoiseException("a handshake message ends too early, after " + bytes.length + " bytes");
        }
        return Arrays.copyOfRange(bytes, from, from + length);
    }
}
