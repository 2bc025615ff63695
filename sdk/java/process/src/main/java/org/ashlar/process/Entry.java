package org.ashlar.process;

import org.teavm.interop.Export;
import org.teavm.runtime.Fiber;

/** The component's one export. It starts TeaVM's runtime, then the {@code main} method of the process. */
final class Entry {

    private Entry() {
    }

    /** The function {@code init}; its string lies in the arena. */
    @Export(name = "init")
    static void init(int our, int ourLength) {
        byte[] text = new byte[ourLength];
        new Arena().load(our, text);
        String address = Utf8.decode(text);
        initClasses();
        Fiber.start(() -> run(address), false);
    }

    private static void run(String address) {
        try {
            Process.start(Address.parse(address));
            main(new String[] {address});
        } catch (Throwable failure) {
            report(failure);
            Arena.fail();
        }
    }

    /** Prints the failure as the JVM would, without the frames that every failure has. */
    private static void report(Throwable failure) {
        Process.print(failure.toString());
        boolean thrown = false;
        for (StackTraceElement frame : failure.getStackTrace()) {
            thrown |= !frame.getMethodName().equals("<init>") && !frame.getMethodName().equals("fillInStackTrace");
            if (frame.getClassName().startsWith(Entry.class.getName())) {
                return;
            }
            if (thrown) {
                Process.print("    at " + frame.getClassName() + "." + frame.getMethodName() + ", line "
                        + frame.getLineNumber());
            }
        }
    }

    /** The Maven plugin makes this call TeaVM's own initialization of classes. */
    private static native void initClasses();

    /**
     * The Maven plugin makes this call the {@code main} method of the process. TeaVM's own way to it hides the call
     * from its analysis, which then takes the exceptions caught above for impossible.
     */
    private static native void main(String[] arguments);
}
