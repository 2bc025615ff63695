package org.ashlar.repository;

import java.security.SecureRandom;
import java.util.HexFormat;

/** What a repository is. @param polynomial of the chunker; secret */
record Config(int version, Id id, long polynomial) {
    static final int VERSION = 2;

    static Config random(SecureRandom random) {
        byte[] id = new byte[Id.BYTES];
        random.nextBytes(id);
        return new Config(VERSION, Id.read(id, 0), Polynomial.random(random));
    }

    static Config parse(byte[] json) {
        Document document = Document.parse("config", json);
        int version = (int) document.number("version", 0, Integer.MAX_VALUE);
        if (version != VERSION) {
            throw new RepositoryException("This repository has format version " + version + "; this program knows version 2. "
                    + (version < VERSION ? "\"restic migrate upgrade_repo_v2\" brings it up to that." : "A newer program made it."));
        }
        String polynomial = document.text("chunker_polynomial");
        long value;
        try {
            value = HexFormat.fromHexDigitsToLong(polynomial);
        } catch (IllegalArgumentException e) {
            throw new DamagedException("config: the chunker polynomial is no hexadecimal number", e);
        }
        if (!Polynomial.isUsable(value)) {
            throw new DamagedException("config: the chunker polynomial " + polynomial + " is not irreducible of degree 53");
        }
        return new Config(version, document.id("id"), value);
    }

    byte[] json() {
        return Document.write(json -> {
            json.writeNumberField("version", version);
            json.writeStringField("id", id.toString());
            json.writeStringField("chunker_polynomial", Long.toHexString(polynomial));
        });
    }
}
