package org.ashlar.component;

import java.util.List;
import java.util.Optional;

/** How to instantiate a component: a list of actions in order. Immutable; shared between instances. */
record Plan(List<Action> actions, int slots) {
    /** One definition of the component, done. */
    @FunctionalInterface
    interface Action {
        void run(Frame frame);
    }

    /**
     * Makes an instance.
     *
     * @param parent    the instance that it is made by, if it is nested in a component
     * @param arguments what its imports are given
     * @param outer     where the component was defined
     */
    Frame instantiate(Store store, Optional<InstanceState> parent, Frame.Named arguments, Optional<Frame> outer) {
        store.countInstance();
        Frame frame = new Frame(new InstanceState(store, parent, slots), arguments, outer);
        for (Action action : actions) {
            action.run(frame);
        }
        return frame;
    }
}
