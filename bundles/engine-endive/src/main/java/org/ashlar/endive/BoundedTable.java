package org.ashlar.endive;

import org.ashlar.api.wasm.MemoryBudget;
import org.ashlar.api.wasm.WasmException;
import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/**
 * A table whose entries are charged to a budget. It has limits of its own: Endive's table changes those of the module
 * when it grows, which other instances of the module would see.
 */
final class BoundedTable extends TableInstance {
    /** What an entry takes: a reference as a number, one as an object, and the instance it belongs to, in bytes. */
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
        return mayGrow(more) ? super.grow(more, value, instance) : -1;
    }

    @Override
    public int growWithRef(int more, Object value, Instance instance) {
        return mayGrow(more) ? super.growWithRef(more, value, instance) : -1;
    }

    private boolean mayGrow(int more) {
        return more >= 0 && more <= limits().max() - size() && budget.reserve((long) more * ENTRY);
    }
}
