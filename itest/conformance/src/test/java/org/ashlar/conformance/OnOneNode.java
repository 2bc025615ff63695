package org.ashlar.conformance;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Cases that share a node, which runs as long as their class, and have a tester each. Classes run one after the other. */
abstract class OnOneNode {
    @TempDir
    static Path home;
    static TestNode node;
    Tester t;

    @BeforeAll
    static void startNode() {
        node = TestNode.start(home);
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @BeforeEach
    void newTester() {
        t = node.tester();
    }
}
