package org.ashlar.durability;

import org.ashlar.launcher.Client;

/** Something that a client has a node do again and again, keeping book of what the node acknowledged. */
interface Work {
    /** Goes on until the node is gone. */
    void goOn(Client client);

    /** After a restart: is everything acknowledged there? What was under way is taken as it is found. */
    void check(NodeUnderTest node) throws Exception;

    /** How many acknowledgements there have been. */
    long acknowledged();
}
