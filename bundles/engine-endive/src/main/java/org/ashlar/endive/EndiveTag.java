package org.ashlar.endive;

import org.ashlar.api.wasm.WasmExtern;
import run.endive.runtime.TagInstance;

record EndiveTag(TagInstance tag) implements WasmExtern.Tag { }
