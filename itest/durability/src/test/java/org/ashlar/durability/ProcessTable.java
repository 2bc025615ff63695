package org.ashlar.durability;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The processes that a node has. */
final class ProcessTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ProcessTable() { }

    static Set<String> of(NodeUnderTest node) throws JsonProcessingException {
        Set<String> ids = new TreeSet<>();
        for (JsonNode process : JSON.readTree(node.client().run("ps", Map.of("json", "")).orElseThrow().text())) {
            ids.add(process.get("id").textValue());
        }
        return ids;
    }
}
