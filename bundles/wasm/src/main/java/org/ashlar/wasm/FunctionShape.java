package org.ashlar.wasm;

/**
 * What a function's body is like, before anything is decided about it.
 *
 * @param cost    of its instructions outside of loops; a call costs {@link #CALL}, whatever is called
 * @param loops   whether it has loops
 * @param leaves  whether it calls, throws, or works through many bytes or elements: before those, what was used is written down
 * @param catches whether it catches exceptions
 * @param length  of the body in bytes
 */
record FunctionShape(int cost, boolean loops, boolean leaves, boolean catches, int length) {
    /** What a call costs besides what the callee pays for itself. */
    static final int CALL = 5;
    /** Above it a function pays for itself, however simple. */
    private static final int LEAF = 200;

    static FunctionShape of(BinaryReader body) {
        int length = body.remaining();
        skipLocals(body);
        Instructions code = new Instructions(body);
        int cost = 0;
        int depth = 0;
        int loop = -1;
        boolean loops = false;
        boolean leaves = false;
        boolean catches = false;
        while (depth >= 0) {
            code.next();
            leaves |= code.calls() || code.callsInstead() || code.throwsException() || code.worksThroughMany();
            catches |= code.catches();
            if (code.opcode() == Instructions.LOOP && loop < 0) {
                loops = true;
                loop = depth;
            }
            if (loop < 0) {
                cost += cost(code);
            }
            if (code.opensBlock()) {
                depth++;
            } else if (code.closesBlock()) {
                depth--;
                loop = depth == loop ? -1 : loop;
            }
        }
        return new FunctionShape(cost, loops, leaves, catches, length);
    }

    /** Whether it is so simple that its callers pay for it. */
    boolean isLeaf() {
        return !loops && !leaves && cost <= LEAF;
    }

    private static void skipLocals(BinaryReader body) {
        for (int i = body.count(); i > 0; i--) {
            body.u32();
            body.skipValueType();
        }
    }

    static int cost(Instructions code) {
        return switch (code.opcode()) {
            case Instructions.BLOCK, Instructions.LOOP, Instructions.END, Instructions.ELSE, 0x01 -> 0;
            case Instructions.CALL, Instructions.CALL_INDIRECT, Instructions.CALL_REF, Instructions.RETURN_CALL,
                    Instructions.RETURN_CALL_INDIRECT, Instructions.RETURN_CALL_REF -> CALL;
            default -> 1;
        };
    }
}
