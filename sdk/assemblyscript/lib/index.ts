/**
 * Ashlar SDK for AssemblyScript. A process is a file that exports `main(our: Address): void`, which receives mail and
 * answers it; when it returns, the process ends.
 *
 * Bytes are `ArrayBuffer`s. Everything received is copied to ordinary objects, so it may be kept as long as one likes.
 */

import * as abi from "./abi";
import { Lowering } from "./lower";
import * as lift from "./lift";

/** Where a process is: `node@process:package:publisher`. */
export class Address {
  constructor(public node: string, public process: string, public pkg: string, public publisher: string) {}

  /** Traps if the text is not of the form of an address. */
  static parse(text: string): Address {
    const at = text.indexOf("@");
    const parts = text.substring(at + 1).split(":");
    assert(at > 0 && parts.length == 3, "not an address: " + text);
    return new Address(text.substring(0, at), parts[0], parts[1], parts[2]);
  }

  /** The process of this name in the same package on the same node. */
  sibling(process: string): Address {
    return new Address(this.node, process, this.pkg, this.publisher);
  }

  processId(): string {
    return this.process + ":" + this.pkg + ":" + this.publisher;
  }

  toString(): string {
    return this.node + "@" + this.processId();
  }
}

/** Bytes that travel beside a message. */
export class Blob {
  constructor(public bytes: ArrayBuffer, public mime: string | null = null) {}
}

/** A right that its issuer gave: `params` is JSON text; `"messaging"` (with the quotes) allows to send to the issuer. */
export class Capability {
  constructor(public issuer: Address, public params: string) {}
}

export enum Kind {
  /** Somebody asks or tells something. */
  Request,
  /** The answer to a Request of ours. */
  Response,
  /** A Request of ours that expected a Response could not be delivered: the target is on a node that cannot be reached. */
  Offline,
  /** A Request of ours got no Response in time, or its target does not exist or may not be reached. */
  Timeout,
}

/** What `receive` yields. Of a failed Request it has that Request's own parts. */
export class Mail {
  kind: Kind = Kind.Request;
  /** Whom it came from; the target, if a Request failed. */
  source: Address = new Address("", "", "", "");
  body: ArrayBuffer = new ArrayBuffer(0);
  metadata: string | null = null;
  capabilities: Capability[] = [];
  /** What we gave along with our Request. */
  context: ArrayBuffer | null = null;
  /** Seconds; -1 if no Response is expected. */
  expectsResponse: i64 = -1;
  /** The blob of a Request of ours that failed; that of received mail is fetched with `getBlob`. */
  failedBlob: Blob | null = null;

  get isRequest(): bool {
    return this.kind == Kind.Request;
  }

  get isResponse(): bool {
    return this.kind == Kind.Response;
  }

  get isFailure(): bool {
    return this.kind == Kind.Offline || this.kind == Kind.Timeout;
  }

  /** The body as UTF-8 text. */
  get text(): string {
    return String.UTF8.decode(this.body);
  }

  /** The context as UTF-8 text; empty if there is none. */
  get contextText(): string {
    const context = this.context;
    return context ? String.UTF8.decode(context) : "";
  }
}

/** A Request to be sent. */
export class Request {
  bodyBytes: ArrayBuffer = new ArrayBuffer(0);
  inherits: bool = false;
  seconds: i64 = -1;
  meta: string | null = null;
  caps: Capability[] = [];
  contextBytes: ArrayBuffer | null = null;
  attached: Blob | null = null;

  constructor(public target: Address) {}

  body(bytes: ArrayBuffer): Request {
    this.bodyBytes = bytes;
    return this;
  }

  text(text: string): Request {
    this.bodyBytes = String.UTF8.encode(text);
    return this;
  }

  /** A Response is expected within so many seconds; without it, or on failure, mail of kind Timeout or Offline comes. */
  expects(seconds: i64): Request {
    this.seconds = seconds;
    return this;
  }

  /** Goes on with the Request being handled: the Response of this one goes to that one's sender. */
  inherit(): Request {
    this.inherits = true;
    return this;
  }

  /** Comes back with the Response or failure. */
  context(bytes: ArrayBuffer): Request {
    this.contextBytes = bytes;
    return this;
  }

  contextText(text: string): Request {
    this.contextBytes = String.UTF8.encode(text);
    return this;
  }

  metadata(json: string): Request {
    this.meta = json;
    return this;
  }

  capabilities(list: Capability[]): Request {
    this.caps = list;
    return this;
  }

  blob(blob: Blob): Request {
    this.attached = blob;
    return this;
  }

  send(): void {
    const low = new Lowering();
    const area = low.area(abi.OUTGOING);
    low.request(area, this);
    low.optionalBytes(area + abi.OUTGOING_CONTEXT, this.contextBytes);
    low.optionalBlob(area + abi.OUTGOING_BLOB, this.attached);
    abi.sendRequest(area);
    low.free();
  }

  /** Sends and waits for the Response or failure; other mail stays for later. Needs `expects`; the context is not used. */
  sendAndAwait(): Mail {
    const low = new Lowering();
    const area = low.area(abi.PLAIN);
    low.request(area, this);
    low.optionalBlob(area + abi.PLAIN_BLOB, this.attached);
    const result = low.area(abi.AWAITED);
    abi.sendAndAwaitResponse(area, result);
    const mail = load<u8>(result) ? lift.failure(result + 8) : lift.message(result + 8, result + 40);
    abi.freeReceived();
    low.free();
    return mail;
  }
}

/** Waits for the next mail. */
export function receive(): Mail {
  abi.receive(abi.receivedArea);
  const area = abi.receivedArea;
  const mail = load<u8>(area) ? lift.failure(area + 8) : lift.message(area + 8, area + 40);
  if (mail.isFailure) mail.context = lift.optionalBytes(area + abi.RECEIVED_ERROR_CONTEXT);
  abi.freeReceived();
  return mail;
}

/** Answers the Request being handled. `inherit`: with the blob that came with it, instead of `blob`. */
export function respond(
  body: ArrayBuffer, blob: Blob | null = null, inherit: bool = false, metadata: string | null = null,
  capabilities: Capability[] = [],
): void {
  const low = new Lowering();
  const meta = low.area(abi.OPTIONAL_BYTES);
  low.optionalString(meta, metadata);
  const caps = low.area(abi.LIST);
  low.capabilities(caps, capabilities);
  const attached = low.area(abi.OPTIONAL_BLOB);
  low.optionalBlob(attached, blob);
  abi.sendResponse(
    inherit, changetype<usize>(body), body.byteLength, load<u8>(meta), load<usize>(meta, 4), load<usize>(meta, 8),
    load<usize>(caps), load<usize>(caps, 4), load<u8>(attached), load<u8>(attached, 4), load<usize>(attached, 8),
    load<usize>(attached, 12), load<usize>(attached, 16), load<usize>(attached, 20),
  );
  low.free();
}

export function respondText(text: string, blob: Blob | null = null): void {
  respond(String.UTF8.encode(text), blob);
}

/** Whether the mail received last came with a blob. */
export function hasBlob(): bool {
  return abi.hasBlob() != 0;
}

/** The blob of the mail received last. Fetch it before awaiting anything. */
export function getBlob(): Blob | null {
  abi.getBlob(abi.resultArea);
  return lift.blobResult();
}

/** The most recent blob ever received. */
export function lastBlob(): Blob | null {
  abi.lastBlob(abi.resultArea);
  return lift.blobResult();
}

/** Shows text on the node's terminal. Verbosity 0 is always shown, 3 almost never. */
export function print(text: string, verbosity: u8 = 0): void {
  const bytes = String.UTF8.encode(text);
  abi.printToTerminal(verbosity, changetype<usize>(bytes), bytes.byteLength);
}

/** One value that survives restarts, per process; null if there is none. */
export function getState(): ArrayBuffer | null {
  abi.getState(abi.resultArea);
  const state = lift.optionalBytes(abi.resultArea);
  abi.freeReceived();
  return state;
}

/** Durable when it returns. */
export function setState(bytes: ArrayBuffer): void {
  abi.setState(changetype<usize>(bytes), bytes.byteLength);
}

export function clearState(): void {
  abi.clearState();
}

/** What happens when a process ends, by returning or by failing. */
export class OnExit {
  static readonly NONE: u8 = 0;
  static readonly RESTART: u8 = 1;
  static readonly REQUESTS: u8 = 2;

  /** What is sent, in this order; of kind REQUESTS only. */
  requests: Request[] = [];

  constructor(public kind: u8) {}

  /** Nothing: the process is gone. */
  static none(): OnExit {
    return new OnExit(OnExit.NONE);
  }

  /** The process is started again, its state kept; after repeated failures later and later. */
  static restart(): OnExit {
    return new OnExit(OnExit.RESTART);
  }

  /** These are sent in its name. Their contexts are not used: nobody would see a Response. */
  static send(requests: Request[]): OnExit {
    const result = new OnExit(OnExit.REQUESTS);
    result.requests = requests;
    return result;
  }
}

export function getOnExit(): OnExit {
  abi.getOnExit(abi.resultArea);
  const result = lift.onExit(abi.resultArea);
  abi.freeReceived();
  return result;
}

export function setOnExit(onExit: OnExit): void {
  const low = new Lowering();
  const requests = low.area(abi.LIST);
  low.plainRequests(requests, onExit.requests);
  abi.setOnExit(onExit.kind, load<usize>(requests), load<usize>(requests, 4));
  low.free();
}

/** Gives a process (`process:package:publisher`) the capability with these params that the spawned child issues. */
export class Grant {
  constructor(public process: string, public params: string) {}
}

/** Starts a process of the own package from a file of its drive; null if that failed. */
export function spawn(
  wasmPath: string, name: string | null = null, onExit: OnExit = OnExit.none(), isPublic: bool = false,
  requested: Capability[] = [], granted: Grant[] = [],
): Address | null {
  const node = our().node;
  const low = new Lowering();
  const given = low.area(abi.OPTIONAL_BYTES);
  low.optionalString(given, name);
  const path = low.area(abi.LIST);
  low.string(path, wasmPath);
  const requests = low.area(abi.LIST);
  low.plainRequests(requests, onExit.requests);
  const caps = low.area(abi.LIST);
  low.capabilities(caps, requested);
  const grants = low.area(abi.LIST);
  low.grants(grants, granted);
  abi.spawn(
    load<u8>(given), load<usize>(given, 4), load<usize>(given, 8), load<usize>(path), load<usize>(path, 4),
    onExit.kind, load<usize>(requests), load<usize>(requests, 4), load<usize>(caps), load<usize>(caps, 4),
    load<usize>(grants), load<usize>(grants, 4), isPublic, abi.resultArea,
  );
  low.free();
  let child: Address | null = null;
  if (!load<u8>(abi.resultArea)) child = lift.processOnNode(node, abi.resultArea + 4);
  abi.freeReceived();
  return child;
}

export function our(): Address {
  const area = heap.alloc(abi.ADDRESS);
  abi.our(area);
  const address = lift.address(area);
  abi.freeReceived();
  heap.free(area);
  return address;
}

export function ourCapabilities(): Capability[] {
  abi.ourCapabilities(abi.resultArea);
  const list = lift.capabilities(abi.resultArea);
  abi.freeReceived();
  return list;
}

export function saveCapabilities(list: Capability[]): void {
  const low = new Lowering();
  const area = low.area(abi.LIST);
  low.capabilities(area, list);
  abi.saveCapabilities(load<usize>(area), load<usize>(area, 4));
  low.free();
}

export function dropCapabilities(list: Capability[]): void {
  const low = new Lowering();
  const area = low.area(abi.LIST);
  low.capabilities(area, list);
  abi.dropCapabilities(load<usize>(area), load<usize>(area, 4));
  low.free();
}

/** What the compiler calls when an assertion fails or an exception is thrown: says it on the terminal, then traps. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  print((message ? message : "aborted") + " at " + (file ? file : "?") + ":" + line.toString() + ":" + column.toString());
  unreachable();
}
