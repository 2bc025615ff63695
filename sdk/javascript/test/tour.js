// Tries every function of the SDK on the node it runs on. A Request `tour` is answered with `ok`, or with what is wrong.
// The children that it spawns run the same code; they answer every other Request with its body, blob and particulars.
const [node, id] = our.split("@");
const [, pkg, publisher] = id.split(":");
const path = `/${pkg}:${publisher}/pkg/tour.wasm`;
let problems = [];

function expect(what, holds) {
  if (!holds) problems.push(what);
}

function thrown(action) {
  try {
    action();
    return "nothing";
  } catch (error) {
    return String(error);
  }
}

function state() {
  clearState();
  expect("no state after clearState", getState() === null);
  setState("kept");
  expect("state as set", decode(getState()) === "kept");
  clearState();
}

function awaiting(child) {
  const blob = { bytes: "blob", mime: "text/plain" };
  const answer = sendAndAwait({ target: child, body: "hé", expects: 5, blob });
  const got = getBlob();
  expect("awaited body", answer.kind === "response" && answer.text === "hé" && answer.source === child);
  expect("awaited blob", hasBlob() && decode(got.bytes) === "blob" && got.mime === "text/plain");
  const gone = sendAndAwait({ target: `${node}@nobody:${pkg}:${publisher}`, body: "lost", expects: 5, blob });
  expect("a failure", gone.kind === "timeout" && gone.text === "lost" && decode(gone.blob.bytes) === "blob");
  expect("no blob with a failure", getBlob() === null && decode(lastBlob().bytes) === "blob");
}

function contexts(child) {
  const target = child;
  sendAll([1, 2].map((n) => ({ target, body: JSON.stringify({ n }), expects: 5, context: `ctx ${n}` })));
  for (const n of [1, 2]) {
    const answer = receive();
    expect(`later answer ${n}`, answer.json().n === n && answer.contextText === `ctx ${n}`);
  }
}

function particulars(child) {
  const capabilities = [{ issuer: our, params: '"tour"' }];
  const answer = sendAndAwait({ target: child, body: "describe", metadata: '{"m":1}', expects: 7, capabilities });
  expect(`particulars: ${answer.text}`, answer.text === `{"m":1} 7 ${our}("tour")`);
}

function capabilities(child) {
  const toChild = () => ourCapabilities().filter((c) => c.issuer === child && c.params === '"messaging"');
  const messaging = toChild();
  expect("messaging to the child", messaging.length === 1);
  saveCapabilities(messaging);
  expect("saved", toChild().length === 1);
  dropCapabilities(messaging);
  expect("dropped", toChild().length === 0);
}

function endings() {
  const before = getOnExit();
  expect("on-exit of the manifest", before === "restart");
  setOnExit("none");
  expect("on-exit none", getOnExit() === "none");
  const capabilities = [{ issuer: our, params: '"last"' }];
  const blob = { bytes: "blob", mime: "text/plain" };
  const last = { target: our, body: "bye", expects: 5, metadata: '{"m":1}', capabilities, blob };
  setOnExit([last, { target: our }]);
  const [first, second] = getOnExit();
  expect("on-exit requests", first.target === our && decode(first.body) === "bye" && first.expects === 5 && !first.inherit);
  expect("and their parts", first.metadata === '{"m":1}' && first.capabilities[0].params === '"last"'
    && decode(first.blob.bytes) === "blob" && first.blob.mime === "text/plain");
  expect("the second", second.target === our && second.body.length === 0 && !("blob" in second));
  setOnExit(before);
  expect("on-exit restart", getOnExit() === "restart");

  const child = spawn({ path, name: "mortal", onExit: [{ target: our, body: "I am gone", blob }] });
  send({ target: child, body: "end" });
  const news = receive();
  expect("the last words", news.kind === "request" && news.text === "I am gone" && news.source === child);
  expect("and their blob", decode(getBlob().bytes) === "blob");
}

function grants() {
  const child = spawn({ path, name: "named", public: true, grants: [{ process: id, params: '"granted"' }] });
  expect("the child's name", child === `${node}@named:${pkg}:${publisher}`);
  expect("the child's grant", ourCapabilities().some((c) => c.issuer === child && c.params === '"granted"'));
  expect("no process", thrown(() => spawn({ path, grants: [{ process: "x", params: "" }] })).includes("not a process"));
}

function mistakes() {
  expect("no on-exit", thrown(() => setOnExit("perhaps")).startsWith("TypeError: on exit must be"));
  expect("no such file", thrown(() => spawn({ path: `${path}-not` })).includes("no file at the path"));
  expect("no target", thrown(() => send({})).startsWith("TypeError: not an address"));
  expect("no bytes", thrown(() => respond({ body: {} })).startsWith("TypeError: bytes must be"));
  expect("too many", thrown(() => sendAll({ length: 2 ** 33 })).startsWith("RangeError: too long"));
  const endless = () => endless();
  expect("too deep", thrown(endless).startsWith("RangeError: Maximum call stack"));
}

function tour() {
  problems = [];
  state();
  mistakes();
  const child = spawn({ path });
  awaiting(child);
  contexts(child);
  particulars(child);
  capabilities(child);
  endings();
  grants();
  expect("UTF-8", decode(encode("žluť")) === "žluť");
  expect("a clock", Date.now() > 1e12);
  print("the tour is over", 3);
  return problems.length === 0 ? "ok" : problems.join("; ");
}

function describe(mail) {
  const capabilities = mail.capabilities.map((c) => ` ${c.issuer}(${c.params})`).join("");
  return `${mail.metadata ?? ""} ${mail.expects}${capabilities}`;
}

for (;;) {
  const mail = receive();
  if (mail.kind !== "request") continue;
  if (mail.text === "end") break;
  if (mail.text === "tour") respond(tour());
  // By way of a promise: its job runs when the script next receives.
  else if (mail.text === "describe") Promise.resolve(describe(mail)).then(respond);
  else respond({ body: mail.body, blob: getBlob() });
}
