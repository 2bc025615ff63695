package org.ashlar.maven.teavm;

import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.Program;
import org.teavm.model.Variable;
import org.teavm.model.instructions.BinaryInstruction;
import org.teavm.model.instructions.BinaryOperation;
import org.teavm.model.instructions.ExitInstruction;
import org.teavm.model.instructions.LongConstantInstruction;
import org.teavm.model.instructions.NumericOperandType;
import org.teavm.runtime.GC;

/**
 * Makes TeaVM's heap grow by a little more than the object that did not fit. TeaVM 0.13.1 grows it by exactly that,
 * rounded up to 8 bytes; when rounding adds 4, the new chunk is neither as large as the object nor larger by the
 * least chunk (8 bytes), the collector cannot use it, and the process runs out of memory however far it is from the
 * maximum. Half of all arrays larger than the heap are hit.
 */
public final class HeapGrowthTransformer implements ClassHolderTransformer {

    private static final MethodDescriptor NEEDED_SIZE =
            new MethodDescriptor("computeMinRequestedSize", int.class, long.class);

    /** At least the least chunk and the rounding together. */
    private static final long SLACK = 16;

    @Override
    public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
        if (cls.getName().equals(GC.class.getName())) {
            Program program = cls.getMethod(NEEDED_SIZE).getProgram();
            for (BasicBlock block : program.getBasicBlocks()) {
                if (block.getLastInstruction() instanceof ExitInstruction exit) {
                    exit.setValueToReturn(plusSlack(program, exit));
                }
            }
        }
    }

    private static Variable plusSlack(Program program, ExitInstruction exit) {
        LongConstantInstruction slack = new LongConstantInstruction();
        slack.setConstant(SLACK);
        slack.setReceiver(program.createVariable());
        exit.insertPrevious(slack);
        BinaryInstruction sum = new BinaryInstruction(BinaryOperation.ADD, NumericOperandType.LONG);
        sum.setFirstOperand(exit.getValueToReturn());
        sum.setSecondOperand(slack.getReceiver());
        sum.setReceiver(program.createVariable());
        exit.insertPrevious(sum);
        return sum.getReceiver();
    }
}
