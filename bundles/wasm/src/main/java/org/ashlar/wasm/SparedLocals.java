package org.ashlar.wasm;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Keeps the call for more fuel, which lies in each loop and is seldom made, from costing each turn. HotSpot's compiler keeps a
 * value that lives across a call on the stack, in all of the loop. So the values that a loop works with end before that call,
 * and others begin behind it: each time a zero is added of which the compiler does not know that it is one.
 */
final class SparedLocals implements CodeTransform {
    private static final ClassDesc OWNER = ClassDesc.of(MemoryAccess.class.getName());
    /** What a local makes a function longer by, at most; in bytes. */
    private static final int GROWTH = 26;
    private static final Set<TypeKind> NUMBERS = EnumSet.of(TypeKind.INT, TypeKind.LONG);

    private final String next;
    /** Of each call for more fuel, in the order of the code, the locals to be spared. */
    private final Deque<SortedMap<Integer, TypeKind>> calls = new ArrayDeque<>();
    private int growth;
    /** What waits for the call's result to be stored; null without. */
    private SortedMap<Integer, TypeKind> called;

    /**
     * @param code without handlers of exceptions
     * @param next the function that gives the next slice of fuel
     */
    SparedLocals(CodeModel code, String next) {
        this.next = next;
        List<CodeElement> elements = code.elementList();
        List<Integer> places = IntStream.range(1, elements.size()).filter(i -> isNext(elements.get(i - 1))).boxed().toList();
        Map<Integer, BitSet> live = places.isEmpty() ? Map.of() : LiveLocals.behind(places, elements);
        Map<Integer, Integer> loops = loops(elements);
        for (int place : places) {
            SortedMap<Integer, TypeKind> used = usedAround(place, elements, loops);
            int fuel = elements.get(place) instanceof StoreInstruction store ? store.slot() : -1;
            used.keySet().removeIf(slot -> slot == fuel || !live.get(place).get(slot));
            calls.add(used);
            growth += GROWTH * used.size();
        }
    }

    /** How many bytes a function gets longer by, at most. */
    int growth() {
        return growth;
    }

    @Override
    public void accept(CodeBuilder to, CodeElement element) {
        SortedMap<Integer, TypeKind> waiting = called;
        called = null;
        if (isNext(element)) {
            called = calls.remove();
            renew(to, called);
        }
        to.with(element);
        if (waiting != null) {
            renew(to, waiting);
        }
    }

    private boolean isNext(CodeElement element) {
        return element instanceof InvokeInstruction call && Routines.name(call).equals(next);
    }

    private static void renew(CodeBuilder to, SortedMap<Integer, TypeKind> locals) {
        locals.forEach((slot, type) -> {
            to.loadLocal(type, slot).getstatic(OWNER, "nothing", ConstantDescs.CD_int);
            if (type == TypeKind.LONG) {
                to.i2l().ladd();
            } else {
                to.iadd();
            }
            to.storeLocal(type, slot);
        });
    }

    /** Of each loop, where it begins and where the last branch back is. */
    private static Map<Integer, Integer> loops(List<CodeElement> code) {
        Map<Label, Integer> passed = new HashMap<>();
        Map<Integer, Integer> loops = new HashMap<>();
        for (int i = 0; i < code.size(); i++) {
            if (code.get(i) instanceof LabelTarget target) {
                passed.put(target.label(), i);
            } else if (code.get(i) instanceof BranchInstruction branch && passed.containsKey(branch.target())) {
                loops.put(passed.get(branch.target()), i);
            }
        }
        return loops;
    }

    /** The numbers that the innermost loop around a place reads. */
    private static SortedMap<Integer, TypeKind> usedAround(int place, List<CodeElement> code, Map<Integer, Integer> loops) {
        int start = loops.keySet().stream().filter(each -> each < place && loops.get(each) > place)
                .mapToInt(each -> each).max().orElse(place);
        SortedMap<Integer, TypeKind> used = new TreeMap<>();
        for (int i = start; i < loops.getOrDefault(start, start); i++) {
            if (code.get(i) instanceof LoadInstruction load) {
                used.merge(load.slot(), load.typeKind(), (one, other) -> one == other ? one : TypeKind.VOID);
            }
        }
        used.values().retainAll(NUMBERS);
        return used;
    }
}
