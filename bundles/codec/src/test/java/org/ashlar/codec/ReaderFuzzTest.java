package org.ashlar.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ashlar.api.message.Envelope;
import org.ashlar.api.message.PackageId;

/**
 * Whatever comes in: a reader gives a value or a {@link CodecException}, and a value survives being written and read
 * again. With {@code JAZZER_FUZZ=1} Jazzer searches; without, it runs the inputs kept beside the test.
 */
class ReaderFuzzTest {
    private static final PackageId OWNER = PackageId.parse("a:b.os");
    private static final List<Function<byte[], Object>> READERS = List.of(KernelResponse::parse, StateAction::parse,
            StateResponse::parse, TimerAction::parse, VfsRequest::parse, VfsResponse::parse, DatabaseRequest::kv,
            DatabaseRequest::sqlite, DatabaseResponse::parse, PackagesAction::parse,
            PackagesResponse::parse, PackageMetadata::parse, NetCommand::parse, NetReport::parse,
            BackupNodeRequest::parse, BackupNodeResponse::parse,
            DirectoryAction::parse, DirectoryAnswer::parse, bytes -> PackageManifest.parse(OWNER, bytes));

    /** Reads, and writes what was read. */
    private static final List<Function<byte[], byte[]>> PACKS = List.of(bytes -> NetAction.parse(bytes).encode(),
            bytes -> NetResponse.parse(bytes).encode(), bytes -> HandshakePayload.parse(bytes).encode(),
            bytes -> RoutingRequest.parse(bytes).encode(), bytes -> PeerFrame.parse(bytes).encode());

    @FuzzTest
    void json(byte[] input) {
        try {
            KernelCommand command = KernelCommand.parse(input);
            assertEquals(command, KernelCommand.parse(command.encode()));
        } catch (CodecException refused) {
            // the other permitted end
        }
        for (Function<byte[], Object> reader : READERS) {
            try {
                reader.apply(input);
            } catch (CodecException refused) {
                // the other permitted end
            }
        }
    }

    @FuzzTest
    void card(byte[] input) {
        CardText card;
        try {
            card = CardText.parse(new String(input, StandardCharsets.UTF_8));
        } catch (CodecException refused) {
            return;
        }
        assertEquals(card.toString(), CardText.parse(card.toString()).toString());
    }

    /** The input is cut into strings as the wire has them: a length before each. */
    @FuzzTest
    void cardRecord(byte[] input) {
        List<byte[]> strings = new ArrayList<>();
        for (int at = 0; at < input.length; at += 1 + strings.getLast().length) {
            int end = Math.min(input.length, at + 1 + (input[at] & 0xff));
            strings.add(Arrays.copyOfRange(input, at + 1, end));
        }
        CardText card;
        try {
            card = CardRecord.parse(strings);
        } catch (CodecException refused) {
            return;
        }
        assertEquals(card.toString(), CardRecord.parse(CardRecord.of(card)).toString());
    }

    @FuzzTest
    void messagePack(byte[] input) throws IOException {
        for (Function<byte[], byte[]> again : PACKS) {
            byte[] once;
            try {
                once = again.apply(input);
            } catch (CodecException refused) {
                continue;
            }
            assertArrayEquals(once, again.apply(once));
        }
        Envelope envelope;
        try {
            envelope = MessagePackCodec.decode(input);
        } catch (CodecException refused) {
            return;
        }
        assertEquals(envelope, MessagePackCodec.decode(MessagePackCodec.encode(envelope)));
        ByteArrayOutputStream compact = new ByteArrayOutputStream();
        MessagePackCodec.encodeCompact(envelope, Long.MAX_VALUE).forEach(compact::writeBytes);
        assertEquals(envelope, MessagePackCodec.decode(compact.toByteArray()));
    }
}
