package org.ashlar.chicory;

import com.dylibso.chicory.runtime.TagInstance;
import org.ashlar.api.wasm.WasmExtern;

record ChicoryTag(TagInstance tag) implements WasmExtern.Tag { }
