package org.ashlar.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ashlar.api.message.ProcessId;
import org.ashlar.codec.CodecException;
import org.ashlar.codec.PeerFrame;

/** Parts of messages: those of a peer that says what it likes, and those of one that means it, over connections that break. */
class PartsFuzzTest {
    private static final int MOST = 200_000;
    private static final Machine MACHINE = new SystemMachine();

    /** Whatever numbers, lanes and marks parts have: each is taken once and in order, or refused. */
    @FuzzTest
    void anything(FuzzedDataProvider data) {
        InStream in = new InStream(new Reception(MACHINE, Limits.ROOM_BYTES), MACHINE, () -> { });
        long taken = 0;
        in.begin(data.consumeLong());
        while (data.remainingBytes() > 0) {
            PeerFrame frame;
            try {
                frame = PeerFrame.parse(data.consumeBytes(data.consumeInt(0, 200)));
                if (frame instanceof PeerFrame.Offer offer) {
                    in.offer(offer);
                    in.grant();
                } else if (frame instanceof PeerFrame.Part part && in.verdict(part.number()) == InStream.Verdict.TAKE) {
                    assertTrue(part.number() == taken + 1);
                    in.take(part);
                    in.taken(part);
                    taken++;
                }
            } catch (CodecException refused) {
                return;
            }
        }
        assertTrue(in.last() == taken);
    }

    /** Messages of several processes and sizes, over a connection that is lost where it hurts: all arrive, once, each process's in order. */
    @FuzzTest
    void cuts(FuzzedDataProvider data) {
        OutStream out = new OutStream(() -> 7);
        InStream in = new InStream(new Reception(MACHINE, Limits.ROOM_BYTES), MACHINE, () -> { });
        in.begin(out.id());
        int[] begun = new int[3];
        int[] arrived = new int[3];
        boolean more = true;
        while (more || !out.isEmpty()) {
            List<byte[]> frames = new ArrayList<>();
            more = data.remainingBytes() > 0;
            int process = data.consumeInt(0, 2);
            int size = 5 + (data.consumeBoolean() ? data.consumeInt(0, MOST) : data.consumeInt(0, 100));
            if (more && out.hasRoom() && out.takes(source(process), size)
                    && out.begin(source(process), List.of(message(process, begun[process], size)), frames)) {
                begun[process]++;
            }
            frames.addAll(out.parts());
            int through = more && data.consumeInt(0, 9) == 0 ? data.consumeInt(0, frames.size()) : frames.size();
            for (byte[] frame : frames.subList(0, through)) {
                PeerFrame.Part part = (PeerFrame.Part) PeerFrame.parse(frame);
                if (in.verdict(part.number()) == InStream.Verdict.TAKE) {
                    Optional<byte[]> whole = in.take(part);
                    in.taken(part);
                    whole.ifPresent(bytes -> assertArrayEquals(message(bytes[0], arrived[bytes[0]]++, bytes.length), bytes));
                }
            }
            if (through < frames.size()) {
                out.resume(in.last());
            } else {
                out.acknowledged(in.last());
            }
        }
        assertArrayEquals(begun, arrived);
    }

    private static ProcessId source(int number) {
        return ProcessId.parse("p" + number + ":q:r");
    }

    private static byte[] message(int process, int number, int size) {
        byte[] bytes = new byte[size];
        bytes[0] = (byte) process;
        for (int i = 1; i < size; i++) {
            bytes[i] = (byte) (number >> (i % 4 * 8));
        }
        return bytes;
    }
}
