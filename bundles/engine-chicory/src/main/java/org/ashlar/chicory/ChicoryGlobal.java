package org.ashlar.chicory;

import com.dylibso.chicory.runtime.GlobalInstance;
import org.ashlar.api.wasm.WasmExtern;

record ChicoryGlobal(GlobalInstance global) implements WasmExtern.Global { }
