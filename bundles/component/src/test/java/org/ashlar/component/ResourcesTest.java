package org.ashlar.component;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

/** Who holds what, and who has to let go of it. */
class ResourcesTest {
    private record Thing(long size) { }

    private final List<Thing> dropped = new ArrayList<>();
    private final List<Thing> swallowed = new ArrayList<>();
    private final ComponentInstance guest = start();

    private ComponentInstance start() {
        return TestComponents.start("resources", Linker.<ResourcesTest>builder()
                .resource("test:host/things@0.2.0", "thing",
                        HostResource.<ResourcesTest, Thing>of(Thing.class, (test, thing) -> test.dropped.add(thing)))
                .define("test:host/things@0.2.0", "[constructor]thing", (_, arguments) -> new Thing((Long) arguments[0]))
                .define("test:host/things@0.2.0", "[method]thing.size", (_, arguments) -> ((Thing) arguments[0]).size())
                .define("test:host/things@0.2.0", "swallow", (test, arguments) -> test.swallowed.add((Thing) arguments[0]))
                .build(), this);
    }

    private Object call(String function, Object... arguments) {
        return guest.function(function).orElseThrow().call(arguments);
    }

    @Test
    void aGuestUsesAndDropsWhatTheHostMade() {
        assertEquals(42L, call("use-thing", 21));
        assertEquals(List.of(new Thing(21)), dropped);
    }

    @Test
    void whatIsGivenAwayIsNotDropped() {
        call("give-thing", 5);
        assertEquals(List.of(new Thing(5)), swallowed);
        assertEquals(List.of(), dropped);
    }

    @Test
    void aDroppedHandleIsUnknown() {
        ComponentTrap trap = assertThrows(ComponentTrap.class, () -> call("use-after-drop"));
        assertEquals("unknown handle index 1", trap.getMessage());
    }

    @Test
    void aBorrowedHandleMustBeGivenBack() {
        call("return-borrow", new Thing(1));
        assertEquals(List.of(), dropped, "what was only borrowed is not the guest's to destroy");
        ComponentTrap trap = assertThrows(ComponentTrap.class, () -> call("keep-borrow", new Thing(1)));
        assertEquals("borrow handles still remain at the end of the call", trap.getMessage());
    }

    @Test
    void theHostHoldsWhatAGuestMade() {
        GuestResource counter = (GuestResource) call("[constructor]counter", 7);
        assertEquals(1007L, call("[method]counter.count", counter));
        assertEquals(7L, call("[static]counter.take", counter));
        assertEquals(7L, call("dropped"));
        ComponentException e = assertThrows(ComponentException.class, () -> call("[static]counter.take", counter));
        assertTrue(e.getMessage().contains("given away before"), e.getMessage());
        assertThrows(ComponentException.class, () -> call("[method]counter.count", counter));
    }

    @Test
    void droppingAGuestsResourceRunsItsDestructorOnce() {
        GuestResource counter = (GuestResource) call("[constructor]counter", 3);
        counter.drop();
        counter.drop();
        assertEquals(3L, call("dropped"));
    }

    @Test
    void aResourceBelongsToItsInstance() {
        GuestResource counter = (GuestResource) call("[constructor]counter", 3);
        ComponentFunction other = start().function("[method]counter.count").orElseThrow();
        ComponentException e = assertThrows(ComponentException.class, () -> other.call(counter));
        assertTrue(e.getMessage().contains("another instance"), e.getMessage());
    }

    @Test
    void theWrongKindOfHostObjectIsRefused() {
        assertThrows(ComponentException.class, () -> call("return-borrow", "no thing"));
    }
}
