package org.ashlar.bench.driver;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.ashlar.api.wasm.Fuel;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmEngine;
import org.ashlar.api.wasm.WasmExtern;
import org.ashlar.api.wasm.WasmInstance;

/**
 * Wasm code that only computes ({@code guests/cpu}), on the node's engine as a guest's code runs: on a virtual thread, its fuel
 * counted, giving way after each slice.
 * <p>
 * Numbers: kind of work, how much of it a run, runs. Series: {@code ms} milliseconds a run; {@code cpu} milliseconds of
 * processor time, of the whole JVM; {@code sum} what the work gave.
 */
final class Computing implements Measurement {
    private static final long MEMORY = 64 << 20;

    private final WasmEngine engine;

    Computing(WasmEngine engine) {
        this.engine = engine;
    }

    @Override
    public Figures take(Guests guests, long[] numbers) throws Exception {
        WasmInstance instance = engine.compile(module()).instantiate(List.of(), MemoryBudget.of(MEMORY), used -> {
            Thread.yield();
            return Fuel.SLICE;
        });
        WasmExtern.Function run = (WasmExtern.Function) instance.export("run").orElseThrow();
        FutureTask<Figures> measuring = new FutureTask<>(() -> measure(run, numbers));
        Thread.ofVirtual().start(measuring);
        return measuring.get();
    }

    private static Figures measure(WasmExtern.Function run, long[] numbers) throws Exception {
        WarmUp.run(() -> 1 / timed(run, numbers, new Figures()));
        Figures figures = new Figures();
        for (int i = 0; i < numbers[2]; i++) {
            timed(run, numbers, figures);
        }
        return figures;
    }

    private static double timed(WasmExtern.Function run, long[] numbers, Figures figures) {
        long cpu = CpuTime.nanos();
        long start = System.nanoTime();
        long sum = run.call(numbers[0], numbers[1])[0];
        double ms = (System.nanoTime() - start) / 1e6;
        figures.add("ms", ms).add("cpu", (CpuTime.nanos() - cpu) / 1e6).add("sum", Integer.toUnsignedLong((int) sum));
        return ms;
    }

    private static byte[] module() throws IOException {
        try (InputStream in = Computing.class.getResourceAsStream("cpu.wasm")) {
            return in.readAllBytes();
        }
    }
}
