/**
 * Tries every function of the SDK on the node it runs on. A Request `tour` is answered with `ok`, or with what is wrong.
 * The children that it spawns run the same code; they answer every other Request with its body, blob and particulars.
 */
import {
  Address, Blob, Capability, Grant, Kind, Mail, OnExit, Request, clearState, dropCapabilities, getBlob, getOnExit,
  getState, hasBlob, lastBlob, our, ourCapabilities, print, receive, respond, respondText, saveCapabilities, setOnExit,
  setState, spawn,
} from "ashlar";

let problems: string[] = [];

function expect(what: string, holds: bool): void {
  if (!holds) problems.push(what);
}

function bytes(text: string): ArrayBuffer {
  return String.UTF8.encode(text);
}

function text(bytes: ArrayBuffer | null): string {
  return bytes ? String.UTF8.decode(bytes) : "nothing";
}

function state(): void {
  clearState();
  expect("no state after clearState", getState() == null);
  setState(bytes("kept"));
  expect("state as set", text(getState()) == "kept");
  clearState();
}

function awaiting(child: Address, me: Address): void {
  const attached = new Blob(bytes("blob"), "text/plain");
  const answer = new Request(child).text("hé").expects(5).blob(attached).sendAndAwait();
  const blob = getBlob();
  expect("awaited body", answer.isResponse && answer.text == "hé");
  expect("awaited source", answer.source.toString() == child.toString());
  expect("awaited blob", hasBlob() && blob != null && text(blob.bytes) == "blob" && blob.mime == "text/plain");
  const gone = new Request(me.sibling("nobody")).text("lost").blob(attached).expects(5).sendAndAwait();
  expect("a failure", gone.isFailure && gone.kind == Kind.Timeout && gone.text == "lost" && gone.failedBlob != null);
  expect("no blob with a failure", getBlob() == null);
  const last = lastBlob();
  expect("the last blob", last != null && text(last.bytes) == "blob");
}

function contexts(child: Address): void {
  new Request(child).body(bytes("later")).expects(5).contextText("ctx").send();
  const answer = receive();
  expect("later answer", answer.isResponse && answer.text == "later" && answer.contextText == "ctx");
}

function particulars(child: Address, me: Address): void {
  const request = new Request(child).text("describe").metadata("{\"m\":1}").expects(7);
  const answer = request.capabilities([new Capability(me, "\"tour\"")]).sendAndAwait();
  expect("particulars: " + answer.text, answer.text == "{\"m\":1} 7 " + me.toString() + "(\"tour\")");
}

function messagingTo(child: Address): Capability | null {
  const held = ourCapabilities();
  for (let i = 0; i < held.length; i++) {
    if (held[i].issuer.processId() == child.processId() && held[i].params == "\"messaging\"") return held[i];
  }
  return null;
}

function capabilities(child: Address): void {
  const messaging = messagingTo(child);
  expect("messaging to the child", messaging != null);
  if (!messaging) return;
  saveCapabilities([messaging]);
  expect("saved", messagingTo(child) != null);
  dropCapabilities([messaging]);
  expect("dropped", messagingTo(child) == null);
}

function endings(path: string, me: Address): void {
  const blob = new Blob(bytes("blob"), "text/plain");
  expect("on-exit of the manifest", getOnExit().kind == OnExit.RESTART);
  setOnExit(OnExit.none());
  expect("on-exit none", getOnExit().kind == OnExit.NONE);
  const last = new Request(me).text("bye").expects(5).metadata("{\"m\":1}").capabilities([new Capability(me, "\"last\"")]);
  setOnExit(OnExit.send([last.blob(blob), new Request(me)]));
  const set = getOnExit();
  expect("on-exit requests", set.kind == OnExit.REQUESTS && set.requests.length == 2);
  if (set.requests.length == 2) {
    const first = set.requests[0];
    const attached = first.attached;
    expect("their target and body", first.target.toString() == me.toString() && text(first.bodyBytes) == "bye");
    expect("their particulars", first.seconds == 5 && !first.inherits && first.meta == "{\"m\":1}");
    expect("their capabilities", first.caps.length == 1 && first.caps[0].params == "\"last\"");
    expect("their blob", attached != null && text(attached.bytes) == "blob" && attached.mime == "text/plain");
    expect("the second", set.requests[1].seconds == -1 && set.requests[1].attached == null);
  }
  setOnExit(OnExit.restart());
  expect("on-exit restart", getOnExit().kind == OnExit.RESTART);

  const child = spawn(path, "mortal", OnExit.send([new Request(me).text("I am gone").blob(blob)]));
  expect("a mortal child", child != null);
  if (!child) return;
  new Request(child).text("end").send();
  const news = receive();
  const words = getBlob();
  expect("the last words", news.isRequest && news.text == "I am gone" && news.source.toString() == child.toString());
  expect("and their blob", words != null && text(words.bytes) == "blob");
}

function grants(path: string, me: Address): void {
  const child = spawn(path, "named", OnExit.none(), true, [], [new Grant(me.processId(), "\"granted\"")]);
  expect("the child's name", child != null && child.toString() == me.sibling("named").toString());
  const held = ourCapabilities();
  let found = false;
  for (let i = 0; i < held.length; i++) {
    found = found || (held[i].issuer.process == "named" && held[i].params == "\"granted\"");
  }
  expect("the child's grant", found);
}

function tour(): string {
  problems = [];
  const me = our();
  const path = "/" + me.pkg + ":" + me.publisher + "/pkg/tour.wasm";
  expect("address", Address.parse(me.toString()).toString() == me.toString());
  state();
  expect("nothing to spawn", spawn(path + "-not") == null);
  const child = spawn(path);
  if (!child) return "no child";
  awaiting(child, me);
  contexts(child);
  particulars(child, me);
  capabilities(child);
  endings(path, me);
  grants(path, me);
  print("the tour is over", 3);
  return problems.length == 0 ? "ok" : problems.join("; ");
}

function describe(mail: Mail): string {
  let description = (mail.metadata ? mail.metadata! : "") + " " + mail.expectsResponse.toString();
  for (let i = 0; i < mail.capabilities.length; i++) {
    description += " " + mail.capabilities[i].issuer.toString() + "(" + mail.capabilities[i].params + ")";
  }
  return description;
}

export function main(our: Address): void {
  while (true) {
    const mail = receive();
    if (!mail.isRequest) continue;
    if (mail.text == "end") return;
    if (mail.text == "tour") respondText(tour());
    else if (mail.text == "describe") respondText(describe(mail));
    else respond(mail.body, getBlob());
  }
}
