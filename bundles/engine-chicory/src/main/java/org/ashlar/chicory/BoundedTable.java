package org.ashlar.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;
import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmException;

/**
 * A table whose entries are charged to a budget. It has limits of its own: Chicory's table changes those of the module
 * when it grows, which other instances of the module would see.
 */
final class BoundedTable extends TableInstance {
    /** What an entry takes: a reference number and the instance it belongs to, in bytes. */
    private static final int ENTRY = 12;

    private final MemoryBudget budget;

    private BoundedTable(Table table, int initialValue, MemoryBudget budget) {
        super(table, initialValue);
        this.budget = budget;
    }

    /** @throws WasmException when the budget refuses the initial size */
    static BoundedTable create(Table table, int initialValue, MemoryBudget budget) {
        TableLimits limits = table.limits();
        if (!budget.reserve(limits.min() * ENTRY)) {
            throw new WasmException("the module asks for a table of " + limits.min()
                    + " entries, more than this process may have");
        }
        TableLimits own = new TableLimits(limits.min(), limits.max(), limits.shared());
        return new BoundedTable(new Table(table.elementType(), own, table.initialize()), initialValue, budget);
    }

    @Override
    public int grow(int more, int value, Instance instance) {
        if (more < 0 || more > limits().max() - size() || !budget.reserve((long) more * ENTRY)) {
            return -1;
        }
        return super.grow(more, value, instance);
    }
}
