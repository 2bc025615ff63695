package org.ashlar.endive;

import org.ashlar.api.wasm.WasmExtern;
import run.endive.runtime.TableInstance;

record EndiveTable(TableInstance table) implements WasmExtern.Table { }
