// The rival for the figure "cpu": the same module in Node's V8.   node cpu.mjs MODULE KIND AMOUNT RUNS
// Prints a line "ms T…", the milliseconds of each run after it was warm, and a line "sum S".
import { readFileSync } from 'node:fs';

const [path, kind, amount, runs] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const module = new WebAssembly.Module(readFileSync(path));
const run = new WebAssembly.Instance(module).exports.run;
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
