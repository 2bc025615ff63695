/**
 * The WebAssembly Component Model on the JVM, over any core engine ({@link org.ashlar.api.wasm.WasmEngine}).
 *
 * <pre>{@code
 * Component component = Component.decode(bytes);                       // once; says what it imports and exports
 * CompiledComponent compiled = component.compile(engine);              // once an engine; shared between threads
 * Linker<MyHost> linker = Linker.<MyHost>builder()
 *         .define("wasi:random/random@0.2.0", "get-random-u64", (host, arguments) -> host.random())
 *         .build();                                                    // once; shared between threads
 * LinkedComponent<MyHost> linked = linker.link(compiled);              // once; finds missing imports
 * ComponentInstance instance = linked.instantiate(new MyHost(), MemoryBudget.of(64 << 20));
 * instance.function("run").orElseThrow().call("argument");
 * }</pre>
 *
 * <h2>Values</h2>
 * Arguments and results are plain Java objects. Never {@code null}.
 * <table>
 * <caption>Component types and their Java classes</caption>
 * <tr><th>type</th><th>lifted to (what the embedder receives)</th><th>accepted when lowered</th></tr>
 * <tr><td>bool</td><td>{@link Boolean}</td><td>the same</td></tr>
 * <tr><td>u8 s8 u16 s16 s32</td><td>{@link Integer}, its value</td><td>any integer {@link Number} within range</td></tr>
 * <tr><td>u32</td><td>{@link Long}, 0 … 2³²−1</td><td>any integer {@link Number} within range</td></tr>
 * <tr><td>s64</td><td>{@link Long}</td><td>any integer {@link Number}</td></tr>
 * <tr><td>u64</td><td>{@link Long}, two's complement ({@link Long#toUnsignedString(long)})</td>
 *     <td>any integer {@link Number}, two's complement</td></tr>
 * <tr><td>f32, f64</td><td>{@link Float}, {@link Double}; any NaN is the canonical one</td><td>the same</td></tr>
 * <tr><td>char</td><td>{@link Integer}, the code point</td><td>the same</td></tr>
 * <tr><td>string</td><td>{@link String}</td><td>the same, without unpaired surrogates</td></tr>
 * <tr><td>list&lt;u8&gt;</td><td>{@code byte[]}, owned by the receiver</td><td>the same</td></tr>
 * <tr><td>list, map</td><td>{@link java.util.List}; a map's elements are {@code Object[2]}</td><td>the same</td></tr>
 * <tr><td>record, tuple</td><td>{@code Object[]}, in the order of the fields</td><td>the same</td></tr>
 * <tr><td>variant</td><td>{@link Variant}</td><td>the same</td></tr>
 * <tr><td>enum</td><td>{@link Integer}, index of the case</td><td>the same</td></tr>
 * <tr><td>option</td><td>{@link java.util.Optional}</td><td>the same</td></tr>
 * <tr><td>result</td><td>{@link Result}</td><td>the same</td></tr>
 * <tr><td>flags</td><td>{@link Long}, bit <i>i</i> = label <i>i</i></td><td>any integer {@link Number}</td></tr>
 * <tr><td>own, borrow of a resource of the host</td><td>the host's own object</td><td>the same</td></tr>
 * <tr><td>own, borrow of a resource of a guest</td><td>{@link GuestResource}</td><td>the same</td></tr>
 * <tr><td>no payload, no result</td><td>{@link Unit#VALUE}</td><td>ignored</td></tr>
 * </table>
 *
 * <h2>Errors</h2>
 * {@link ComponentException}: bytes that are no valid component, or imports that the host does not offer.
 * {@link ComponentTrap}: a guest that broke the canonical ABI. {@link org.ashlar.api.wasm.WasmTrap}: a guest's code that
 * trapped. What a host function throws reaches the embedder unchanged. After any of the last three the instance cannot be
 * entered again.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.ashlar.component;
