package org.ashlar.noise;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ashlar.api.identity.Identity;
import org.ashlar.codec.HandshakePayload;
import org.ashlar.codec.RoutingRequest;

/** Makes and checks requests to be led to a node through another (reference-modules 1.9). */
public final class Routes {
    /** How far the clocks of who asks and who is asked may differ. */
    public static final Duration SKEW = Duration.ofMinutes(2);

    private static final String BINDING = "ashlar routing request 1";

    /** What a request proves. */
    public enum Proof {
        /** That {@code source} asks this router for this target now. Who saw it can repeat it within {@link #SKEW}, not later. */
        BOUND,
        /** That {@code source} once asked this router, or one of a name that with the target's reads the same, for this target. */
        UNBOUND
    }

    private Routes() { }

    /** A request in the specification's form. */
    public static RoutingRequest unbound(Identity us, String target, String router) {
        return new RoutingRequest(HandshakePayload.VERSION, us.name(), us.sign((target + router).getBytes(UTF_8)), target,
                Optional.empty());
    }

    /** A request in the specification's form with a binding to time and both ends beside it. */
    public static RoutingRequest bound(Identity us, String target, String router, Instant now) {
        RoutingRequest plain = unbound(us, target, router);
        long time = now.getEpochSecond();
        byte[] signature = us.sign(binding(us.name(), target, router, time));
        return new RoutingRequest(plain.version(), plain.source(), plain.signature(), target,
                Optional.of(new RoutingRequest.Binding(time, signature)));
    }

    /**
     * Checks a request that came to {@code router}.
     *
     * @param key the key of the request's source
     * @throws NoiseException when it asks for its source or for the router, when a signature is wrong, or its time is over
     */
    public static Proof check(RoutingRequest request, Ed25519Key key, String router, Instant now) {
        String target = request.target();
        if (target.equals(request.source()) || target.equals(router)) {
            throw new NoiseException(request.source() + " asks to be led to " + target + ", where it is already");
        }
        if (!key.verifies((target + router).getBytes(UTF_8), request.signature())) {
            throw new NoiseException("a routing request in the name of " + request.source() + " has a wrong signature");
        }
        if (request.binding().isEmpty()) {
            return Proof.UNBOUND;
        }
        RoutingRequest.Binding binding = request.binding().get();
        if (!key.verifies(binding(request.source(), target, router, binding.time()), binding.signature())) {
            throw new NoiseException("a routing request in the name of " + request.source() + " has a wrong binding");
        }
        // Compared as numbers: the time is whatever who asks put there.
        if (binding.time() < 0 || Math.abs(binding.time() - now.getEpochSecond()) > SKEW.toSeconds()) {
            throw new NoiseException("a routing request of " + request.source() + " is not of this time: it says "
                    + Long.toUnsignedString(binding.time()) + ", here it is " + now.getEpochSecond()
                    + ". If it was sent just now, one of the two clocks is wrong.");
        }
        return Proof.BOUND;
    }

    /** No name contains a line break, so that no two statements read the same. */
    private static byte[] binding(String source, String target, String router, long time) {
        return String.join("\n", BINDING, source, target, router, Long.toUnsignedString(time)).getBytes(UTF_8);
    }
}
