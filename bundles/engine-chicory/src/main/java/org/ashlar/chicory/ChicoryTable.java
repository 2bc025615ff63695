package org.ashlar.chicory;

import com.dylibso.chicory.runtime.TableInstance;
import org.ashlar.api.wasm.WasmExtern;

record ChicoryTable(TableInstance table) implements WasmExtern.Table { }
