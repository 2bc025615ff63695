// The rival for the figure "cpu": the same core module in Node's V8.   node cpu.mjs COMPONENT KIND AMOUNT RUNS
// Prints a line "ms T…", the milliseconds of each run after it was warm, and a line "sum S".
import { readFileSync } from 'node:fs';

const [path, kind, amount, runs] = [process.argv[2], ...process.argv.slice(3).map(Number)];

// The guest's own code: of a component's sections (id, length, content) the first core module, whose id is 1.
function coreModule(component) {
  for (let at = 8; ;) {
    const id = component[at++];
    let length = 0, shift = 0, byte;
    do {
      byte = component[at++];
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    if (id === 1) {
      return component.subarray(at, at + length);
    }
    at += length;
  }
}

const module = new WebAssembly.Module(coreModule(readFileSync(path)));
const absent = () => { throw new Error('the work calls nobody'); };
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  (imports[from] ??= {})[name] = absent;
}
const run = new WebAssembly.Instance(module, imports).exports.run;
const timed = () => {
  const start = process.hrtime.bigint();
  const sum = run(kind, amount) >>> 0;
  return [Number(process.hrtime.bigint() - start) / 1e6, sum];
};
const started = Date.now();
do { timed(); } while (Date.now() - started < Math.min(1000, 200 * runs)); // until its optimising compiler is done
const taken = [], sums = new Set();
for (let i = 0; i < runs; i++) {
  const [ms, sum] = timed();
  taken.push(ms);
  sums.add(sum);
}
console.log(`ms ${taken.join(' ')}\nsum ${[...sums].join(' ')}`);
