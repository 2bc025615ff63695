package org.ashlar.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.ashlar.api.backup.BackupTarget;
import org.junit.jupiter.api.Test;

/** How people write where a target is. */
class S3PlaceTest {
    private static S3Place place(String location, Map<String, String> options) throws IOException {
        return S3Place.of(S3Place.configuration(location, options));
    }

    @Test
    void anAddressNamesStoreBucketAndPrefix() throws IOException {
        S3Place place = place("s3:https://store.example:9000/bucket/of/alice", Map.of("region", "eu-west-1"));
        assertEquals("https://store.example:9000/bucket/", place.bucket().base().toString());
        assertEquals(List.of("bucket", "of/alice/", "eu-west-1"), List.of(place.name(), place.prefix(), place.region()));
        assertEquals("", place("s3:https://store.example/bucket", Map.of()).prefix());
        assertEquals("us-east-1", place("s3:https://store.example/bucket/", Map.of()).region());
    }

    @Test
    void withoutAStoreItIsAmazonsInThatRegion() throws IOException {
        S3Place place = place("s3://bucket/of/alice", Map.of("region", "eu-west-1"));
        assertEquals("https://s3.eu-west-1.amazonaws.com/bucket/", place.bucket().base().toString());
        assertEquals("of/alice/", place.prefix());
        assertEquals("s3://bucket/of/alice", S3Place.configuration("s3://bucket/of/alice", Map.of()).get(BackupTarget.LOCATION));
    }

    @Test
    void plainHttpIsForThisMachineUnlessToldOtherwise() throws IOException {
        assertEquals("http://127.0.0.1:9000/bucket/", place("s3:http://127.0.0.1:9000/bucket", Map.of()).bucket().base().toString());
        assertThrows(IOException.class, () -> place("s3:http://store.example/bucket", Map.of()));
        assertEquals("http://store.example/bucket/", place("s3:http://store.example/bucket", Map.of("plain-http", "")).bucket().base().toString());
    }

    @Test
    void whatCannotBeMeantIsRefusedAndASecretNotRepeated() {
        for (String location : List.of("s3://", "s3:https://store.example", "s3:https://store.example/", "s3://B_cket/x", "s3://bucket/x y",
                "s3://bucket/../x", "s3://bucket//x", "s3://bucket/x?y", "s3:https://key:secret@store.example/bucket")) {
            String why = assertThrows(IOException.class, () -> place(location, Map.of()), location).getMessage();
            assertFalse(why.contains("secret@"), why);
        }
        assertThrows(IOException.class, () -> place("s3://bucket/x", Map.of("region", "a/b")));
    }

    @Test
    void theSecretIsAskedForHidden() throws IOException {
        List<Boolean> hidden = place("s3://bucket/x", Map.of()).credential().stream().map(part -> part.secret()).toList();
        assertEquals(List.of(false, true), hidden);
        assertTrue(S3Place.configuration("s3://bucket/x", Map.of()).values().stream().noneMatch(value -> value.toString().contains("secret")));
    }
}
