package org.ashlar.endive;

import org.ashlar.api.wasm.WasmExtern;
import run.endive.runtime.GlobalInstance;

record EndiveGlobal(GlobalInstance global) implements WasmExtern.Global { }
