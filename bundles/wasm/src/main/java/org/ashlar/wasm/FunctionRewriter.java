package org.ashlar.wasm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.ashlar.wasm.TypeSection.Signature;

/**
 * Puts the counting of fuel into functions.
 * <p>
 * A function with loops keeps the fuel in a local while it runs: it takes it from the global when it is entered or comes back
 * from a call, and puts it back before a call, before it throws, and at its end. So a turn of a loop costs a subtraction and a
 * branch in registers. To have one end, its body becomes a block. An exception leaves a function where it is thrown or called
 * from, so nothing is lost by it.
 * <p>
 * Functions without loops, those that catch exceptions (where a handler may be reached from many calls) and very long ones
 * (whose compiled form must not get much longer) call a helper that pays from the global. Functions that do little, call
 * nothing and throw nothing are left as they are; who calls them pays.
 */
final class FunctionRewriter {
    /** Above it, in bytes, a body is long. */
    private static final int LONG = 8192;
    /** What a turn or an entry may cost, so that no sum overflows. */
    private static final int MOST = 1 << 24;
    /** Bytes or elements for a unit, as a power of two, where an instruction works through many. */
    private static final int MANY_SHIFT = 4;
    private static final int I32 = 0x7F;
    private static final int NO_RESULT = 0x40;

    private final byte[] module;
    private final Declarations declared;
    private final List<FunctionShape> shapes;

    FunctionRewriter(byte[] module, Declarations declared, List<FunctionShape> shapes) {
        this.module = module;
        this.declared = declared;
        this.shapes = shapes;
    }

    /** The body of one function, without its length. */
    BinaryWriter rewrite(int function, BinaryReader body) {
        FunctionShape shape = shapes.get(function);
        Signature signature = declared.signature(function);
        boolean local = shape.loops() && !shape.catches() && shape.length() <= LONG && signature.result() != 0;
        return new Body(body, local).rewrite(signature, !shape.isLeaf());
    }

    // --- the helpers

    /** {@code charge(cost)}: pays from the global. */
    BinaryWriter charge() {
        BinaryWriter to = new BinaryWriter(32).u32(0);
        to.u8(Instructions.GLOBAL_GET).u32(declared.fuelGlobal());
        to.u8(Instructions.LOCAL_GET).u32(0);
        to.u8(Instructions.I32_SUB);
        to.u8(Instructions.GLOBAL_SET).u32(declared.fuelGlobal());
        to.u8(Instructions.GLOBAL_GET).u32(declared.fuelGlobal());
        to.u8(Instructions.I32_CONST).s32(0);
        to.u8(Instructions.I32_LT_S);
        to.u8(Instructions.IF).u8(NO_RESULT);
        to.u8(Instructions.GLOBAL_GET).u32(declared.fuelGlobal());
        to.u8(Instructions.CALL).u32(declared.fuelFunction());
        to.u8(Instructions.GLOBAL_SET).u32(declared.fuelGlobal());
        return to.u8(Instructions.END).u8(Instructions.END);
    }

    /** {@code chargeForMany(n)}: pays for n bytes or elements and returns n. */
    BinaryWriter chargeForMany() {
        BinaryWriter to = new BinaryWriter(32).u32(0);
        to.u8(Instructions.LOCAL_GET).u32(0);
        to.u8(Instructions.I32_CONST).s32(MANY_SHIFT);
        to.u8(Instructions.I32_SHR_U);
        to.u8(Instructions.CALL).u32(declared.chargeFunction());
        return to.u8(Instructions.LOCAL_GET).u32(0).u8(Instructions.END);
    }

    private boolean isLeaf(Instructions call) {
        return call.opcode() == Instructions.CALL && Integer.compareUnsigned(call.function(), declared.importedFunctions()) >= 0
                && shapes.get(call.function() - declared.importedFunctions()).isLeaf();
    }

    /** One function on its way. */
    private final class Body {
        private final BinaryReader in;
        private final boolean local;
        private final BinaryWriter to;
        private int fuel;

        Body(BinaryReader in, boolean local) {
            this.in = in;
            this.local = local;
            this.to = new BinaryWriter(in.remaining() * 5 / 4 + 32);
        }

        BinaryWriter rewrite(Signature signature, boolean paysItself) {
            locals(signature.parameters());
            Deque<Integer> costs = new ArrayDeque<>(costs());
            int entry = costs.pop();
            if (local) {
                readFuel();
                pay(entry);
                to.u8(Instructions.BLOCK).u8(signature.result());
            } else if (paysItself) {
                pay(entry);
            }
            instructions(costs);
            if (local) {
                writeFuel();
                to.u8(Instructions.END);
            }
            return to;
        }

        private void locals(int parameters) {
            int groups = in.count();
            int start = in.position();
            fuel = parameters;
            for (int i = groups; i > 0; i--) {
                fuel += in.u32();
                in.skipValueType();
            }
            to.u32(local ? groups + 1 : groups).copy(module, start, in.position());
            if (local) {
                to.u32(1).u8(I32);
            }
        }

        /** What the function outside of loops costs, and what a turn of each loop, in the order in which they begin. */
        private List<Integer> costs() {
            List<Integer> costs = new ArrayList<>(List.of(1));
            Deque<Integer> enclosing = new ArrayDeque<>();
            enclosing.push(0);
            Instructions code = new Instructions(in.rest());
            while (!enclosing.isEmpty()) {
                code.next();
                int where = enclosing.peek();
                int leaf = isLeaf(code) ? shapes.get(code.function() - declared.importedFunctions()).cost() : 0;
                costs.set(where, Math.min(MOST, costs.get(where) + FunctionShape.cost(code) + leaf));
                if (code.opcode() == Instructions.LOOP) {
                    enclosing.push(costs.size());
                    costs.add(1);
                } else if (code.opensBlock()) {
                    enclosing.push(where);
                } else if (code.closesBlock()) {
                    enclosing.pop();
                }
            }
            return costs;
        }

        private void instructions(Deque<Integer> loopCosts) {
            Instructions code = new Instructions(in);
            int depth = 0;
            while (depth >= 0) {
                code.next();
                boolean aroundCall = local && code.calls() && !isLeaf(code);
                if (aroundCall || local && (code.callsInstead() || code.throwsException())) {
                    writeFuel();
                }
                if (code.worksThroughMany()) {
                    payForMany();
                }
                if (local && code.opcode() == Instructions.RETURN) {
                    to.u8(Instructions.BR).u32(depth);
                } else if (code.namesFunction()) {
                    to.copy(module, code.start(), code.functionStart()).u32(declared.shifted(code.function()));
                } else {
                    to.copy(module, code.start(), code.end());
                }
                if (aroundCall) {
                    readFuel();
                }
                if (code.opcode() == Instructions.LOOP) {
                    pay(loopCosts.pop());
                }
                if (code.opensBlock()) {
                    depth++;
                } else if (code.closesBlock()) {
                    depth--;
                }
            }
        }

        private void readFuel() {
            to.u8(Instructions.GLOBAL_GET).u32(declared.fuelGlobal());
            to.u8(Instructions.LOCAL_SET).u32(fuel);
        }

        private void writeFuel() {
            to.u8(Instructions.LOCAL_GET).u32(fuel);
            to.u8(Instructions.GLOBAL_SET).u32(declared.fuelGlobal());
        }

        private void pay(int cost) {
            if (!local) {
                to.u8(Instructions.I32_CONST).s32(cost);
                to.u8(Instructions.CALL).u32(declared.chargeFunction());
                return;
            }
            to.u8(Instructions.LOCAL_GET).u32(fuel);
            to.u8(Instructions.I32_CONST).s32(cost);
            to.u8(Instructions.I32_SUB);
            to.u8(Instructions.LOCAL_TEE).u32(fuel);
            to.u8(Instructions.I32_CONST).s32(0);
            to.u8(Instructions.I32_LT_S);
            to.u8(Instructions.IF).u8(NO_RESULT);
            to.u8(Instructions.LOCAL_GET).u32(fuel);
            to.u8(Instructions.CALL).u32(declared.fuelFunction());
            to.u8(Instructions.LOCAL_SET).u32(fuel);
            to.u8(Instructions.END);
        }

        /** The count is on top of the stack and stays there. */
        private void payForMany() {
            if (local) {
                writeFuel();
            }
            to.u8(Instructions.CALL).u32(declared.chargeForManyFunction());
            if (local) {
                readFuel();
            }
        }
    }
}
