package org.ashlar.wasm;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which locals are still read before they are written again, at places of a method that catches nothing. In deep nests of loops
 * it may miss some, but names none that is not.
 */
final class LiveLocals {
    /** What a loop's beginning needs is carried to its end by one pass, and from there by the next. */
    private static final int MOST_PASSES = 8;

    private final List<CodeElement> code;
    private final Map<Label, BitSet> atLabels = new HashMap<>();
    private final Map<Integer, BitSet> wanted = new HashMap<>();

    private LiveLocals(List<CodeElement> code, List<Integer> places) {
        this.code = code;
        places.forEach(place -> wanted.put(place, new BitSet()));
    }

    /** @return for each place, the number of an element, what is live behind it */
    static Map<Integer, BitSet> behind(List<Integer> places, List<CodeElement> code) {
        LiveLocals locals = new LiveLocals(code, places);
        for (int passes = 0; passes < MOST_PASSES && locals.pass();) {
            passes++;
        }
        return locals.wanted;
    }

    /** Goes through the code from its end. @return whether there was something new */
    private boolean pass() {
        boolean changed = false;
        BitSet live = new BitSet();
        for (int i = code.size() - 1; i >= 0; i--) {
            BitSet here = wanted.get(i);
            if (here != null) {
                here.or(live);
            }
            if (code.get(i) instanceof LabelTarget target) {
                BitSet known = at(target.label());
                int before = known.cardinality();
                known.or(live);
                changed |= known.cardinality() > before;
            } else {
                before(code.get(i), live);
            }
        }
        return changed;
    }

    /** Turns what is live behind an instruction into what is before it. */
    private void before(CodeElement element, BitSet live) {
        switch (element) {
            case LoadInstruction load -> live.set(load.slot());
            case StoreInstruction store -> live.clear(store.slot());
            case IncrementInstruction increment -> live.set(increment.slot());
            case BranchInstruction branch -> {
                if (branch.opcode() == Opcode.GOTO || branch.opcode() == Opcode.GOTO_W) {
                    live.clear();
                }
                live.or(at(branch.target()));
            }
            case TableSwitchInstruction choice -> choice(choice.defaultTarget(), choice.cases(), live);
            case LookupSwitchInstruction choice -> choice(choice.defaultTarget(), choice.cases(), live);
            case ReturnInstruction end -> live.clear();
            case ThrowInstruction end -> live.clear();
            default -> { }
        }
    }

    private void choice(Label otherwise, List<SwitchCase> cases, BitSet live) {
        live.clear();
        live.or(at(otherwise));
        cases.forEach(each -> live.or(at(each.target())));
    }

    private BitSet at(Label label) {
        return atLabels.computeIfAbsent(label, any -> new BitSet());
    }
}
