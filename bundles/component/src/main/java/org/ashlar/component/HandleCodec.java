package org.ashlar.component;

/** Handles of resources. What they stand for in Java is in {@link RuntimeResource}. */
final class HandleCodec extends Codec {
    private final int slot;
    private final boolean owned;

    /** @param slot where the instance has the resource type */
    HandleCodec(int slot, boolean owned) {
        super(4, 4, 1);
        this.slot = slot;
        this.owned = owned;
    }

    @Override
    Object load(Abi abi, Call call, int address) {
        return take(abi, call, abi.memory.readInt(address));
    }

    @Override
    void store(Abi abi, Call call, Object value, int address) {
        abi.memory.writeInt(address, put(abi, call, value));
    }

    @Override
    Object lift(Abi abi, Call call, long[] flat, int at) {
        return take(abi, call, (int) flat[at]);
    }

    @Override
    void lower(Abi abi, Call call, Object value, long[] flat, int at) {
        flat[at] = unsigned(put(abi, call, value));
    }

    private Object take(Abi abi, Call call, int index) {
        RuntimeResource type = abi.instance.resources[slot];
        HandleTable handles = abi.instance.handles;
        if (owned) {
            if (!handles.get(index, type).isOwned()) {
                throw new ComponentTrap("cannot lift own resource from a borrow");
            }
            return handles.remove(index, type).value;
        }
        Handle handle = handles.get(index, type);
        call.lend(handle);
        return handle.value instanceof GuestHandle guest ? guest.borrowed() : handle.value;
    }

    private int put(Abi abi, Call call, Object value) {
        RuntimeResource type = abi.instance.resources[slot];
        return switch (type) {
            case RuntimeResource.HostDefined host -> {
                Object checked = host.check(value);
                yield abi.instance.handles.add(owned ? Handle.owned(type, checked) : Handle.borrowed(type, checked, call));
            }
            case RuntimeResource.GuestDefined guest -> putGuest(abi, call, guest, (GuestHandle) value);
        };
    }

    private int putGuest(Abi abi, Call call, RuntimeResource.GuestDefined type, GuestHandle value) {
        if (value.type != type) {
            throw new IllegalArgumentException("the resource is of another type, or of another instance");
        }
        if (owned) {
            return abi.instance.handles.add(Handle.owned(type, value.give()));
        }
        // The definer gets what it knows the resource by, not a handle.
        return type.definer == abi.instance ? value.borrowed().representation
                : abi.instance.handles.add(Handle.borrowed(type, value.borrowed(), call));
    }
}
