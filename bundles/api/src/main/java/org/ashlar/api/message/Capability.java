package org.ashlar.api.message;

/**
 * The unforgeable right that {@code issuer} gives; what it allows is the issuer's affair and stands in {@code params}.
 * <p>
 * Two capabilities are equal when their issuers are and their params are the same <em>JSON value</em>: neither the order
 * of keys nor white space counts, {@code 1} and {@code 1.0} differ, and a text that is no JSON equals {@code null}
 * (reference-kernel 5.1).
 *
 * @param issuer the process that issued it
 * @param params JSON text, kept exactly as given because signatures cover the text
 */
public record Capability(Address issuer, String params) {
    /** Params of the capability to send messages to its issuer. */
    public static final String MESSAGING = "\"messaging\"";
    /** Params of the kernel's capability to exchange messages with other nodes. */
    public static final String NETWORK = "\"network\"";

    /** The capability to send messages to {@code target}. */
    public static Capability messaging(Address target) {
        return new Capability(target, MESSAGING);
    }

    /** A text that two capabilities share exactly when they are equal. */
    public String canonical() {
        return issuer + "(" + CanonicalJson.of(params) + ")";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Capability that && issuer.equals(that.issuer)
                && (params.equals(that.params) || CanonicalJson.of(params).equals(CanonicalJson.of(that.params)));
    }

    @Override
    public int hashCode() {
        return 31 * issuer.hashCode() + CanonicalJson.of(params).hashCode();
    }

    /** {@code issuer(params)}. */
    @Override
    public String toString() {
        return issuer + "(" + params + ")";
    }
}
