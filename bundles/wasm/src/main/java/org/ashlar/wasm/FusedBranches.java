package org.ashlar.wasm;

import static java.util.Map.entry;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Locale;
import java.util.Map;

/**
 * Compares and branches in one instruction. The compilers call a routine that gives 1 or 0 and branch on that. All guests
 * share the routine, and with it what the JVM has seen of its outcomes; so it would take the check for fuel, which hardly ever
 * strikes, for one that does so half of the time, and keep registers free for it. Also leaves out the call by which the
 * compilers look for an interrupt: fuel does that.
 */
final class FusedBranches implements CodeTransform {
    private static final String INTERRUPT_CHECK = "checkInterruption";
    private static final String COMPARE_UNSIGNED = "compareUnsigned";
    private static final Map<String, Opcode> OUTCOMES = Map.ofEntries(
            entry("EQZ", Opcode.IFEQ), entry("EQ", Opcode.IFEQ), entry("NE", Opcode.IFNE),
            entry("LT_S", Opcode.IFLT), entry("LE_S", Opcode.IFLE), entry("GT_S", Opcode.IFGT), entry("GE_S", Opcode.IFGE),
            entry("LT_U", Opcode.IFLT), entry("LE_U", Opcode.IFLE), entry("GT_U", Opcode.IFGT), entry("GE_U", Opcode.IFGE));

    /** A comparison that waits for what comes next; null without one. */
    private InvokeInstruction comparison;

    @Override
    public void accept(CodeBuilder to, CodeElement element) {
        InvokeInstruction waiting = comparison;
        comparison = null;
        if (waiting != null) {
            if (element instanceof BranchInstruction branch
                    && (branch.opcode() == Opcode.IFEQ || branch.opcode() == Opcode.IFNE)) {
                compareAndBranch(to, operation(waiting), branch);
                return;
            }
            to.with(waiting);
        }
        if (element instanceof InvokeInstruction call && Routines.isRoutine(call)) {
            if (OUTCOMES.containsKey(relation(operation(call)))) {
                comparison = call;
                return;
            } else if (Routines.name(call).equals(INTERRUPT_CHECK)) {
                return;
            }
        }
        to.with(element);
    }

    @Override
    public void atEnd(CodeBuilder to) {
        if (comparison != null) {
            to.with(comparison);
        }
    }

    /** As in {@code I32_LT_S}. Some routines have their names in small letters. */
    private static String operation(InvokeInstruction call) {
        return Routines.name(call).toUpperCase(Locale.ROOT);
    }

    private static String relation(String operation) {
        return operation.startsWith("I32_") || operation.startsWith("I64_") ? operation.substring(4) : "";
    }

    private static void compareAndBranch(CodeBuilder to, String operation, BranchInstruction branch) {
        boolean wide = operation.startsWith("I64");
        String relation = relation(operation);
        Opcode ifTrue = OUTCOMES.get(relation);
        Opcode outcome = branch.opcode() == Opcode.IFNE ? ifTrue : opposite(ifTrue);
        if (relation.endsWith("_U")) {
            compareUnsigned(to, wide ? ConstantDescs.CD_Long : ConstantDescs.CD_Integer,
                    wide ? ConstantDescs.CD_long : ConstantDescs.CD_int);
        } else if (wide) {
            if (relation.equals("EQZ")) {
                to.lconst_0();
            }
            to.lcmp();
        } else if (!relation.equals("EQZ")) {
            outcome = ofTwo(outcome);
        }
        to.branch(outcome, branch.target());
    }

    private static void compareUnsigned(CodeBuilder to, ClassDesc owner, ClassDesc type) {
        to.invokestatic(owner, COMPARE_UNSIGNED, MethodTypeDesc.of(ConstantDescs.CD_int, type, type));
    }

    private static Opcode opposite(Opcode branch) {
        return switch (branch) {
            case IFEQ -> Opcode.IFNE;
            case IFNE -> Opcode.IFEQ;
            case IFLT -> Opcode.IFGE;
            case IFGE -> Opcode.IFLT;
            case IFGT -> Opcode.IFLE;
            case IFLE -> Opcode.IFGT;
            default -> throw new IllegalArgumentException("no branch on one number: " + branch);
        };
    }

    /** The branch that compares two numbers instead of one with zero. */
    private static Opcode ofTwo(Opcode branch) {
        return switch (branch) {
            case IFEQ -> Opcode.IF_ICMPEQ;
            case IFNE -> Opcode.IF_ICMPNE;
            case IFLT -> Opcode.IF_ICMPLT;
            case IFGE -> Opcode.IF_ICMPGE;
            case IFGT -> Opcode.IF_ICMPGT;
            case IFLE -> Opcode.IF_ICMPLE;
            default -> throw new IllegalArgumentException("no branch on one number: " + branch);
        };
    }
}
