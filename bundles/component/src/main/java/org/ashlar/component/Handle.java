package org.ashlar.component;

/** An entry of a {@link HandleTable}. */
final class Handle {
    final RuntimeResource type;
    /** What it stands for, in the hands of the host. */
    final Object value;
    /** The call that it was borrowed for; absent when it is owned. */
    final Call borrowedBy;
    /** How many calls have it as a borrowed argument. */
    int lends;

    private Handle(RuntimeResource type, Object value, Call borrowedBy) {
        this.type = type;
        this.value = value;
        this.borrowedBy = borrowedBy;
    }

    static Handle owned(RuntimeResource type, Object value) {
        return new Handle(type, value, null);
    }

    static Handle borrowed(RuntimeResource type, Object value, Call call) {
        call.borrows++;
        return new Handle(type, value, call);
    }

    boolean isOwned() {
        return borrowedBy == null;
    }
}
