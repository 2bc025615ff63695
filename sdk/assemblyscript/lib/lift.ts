/** From the canonical ABI's memory layout to objects. */

import { Address, Blob, Capability, Kind, Mail, OnExit, Request } from "./index";
import { ADDRESS, CAPABILITY, ON_EXIT_REQUESTS, PLAIN, PLAIN_BLOB, freeReceived, resultArea } from "./abi";

export function text(at: usize): string {
  return String.UTF8.decodeUnsafe(load<usize>(at), load<usize>(at, 4));
}

function bytes(at: usize): ArrayBuffer {
  const size = load<usize>(at, 4);
  const copy = new ArrayBuffer(<i32>size);
  memory.copy(changetype<usize>(copy), load<usize>(at), size);
  return copy;
}

function optionalString(at: usize): string | null {
  return load<u8>(at) ? text(at + 4) : null;
}

export function optionalBytes(at: usize): ArrayBuffer | null {
  return load<u8>(at) ? bytes(at + 4) : null;
}

function optionalBlob(at: usize): Blob | null {
  return load<u8>(at) ? new Blob(bytes(at + 16), optionalString(at + 4)) : null;
}

/** What get-blob or last-blob left. */
export function blobResult(): Blob | null {
  const blob = optionalBlob(resultArea);
  freeReceived();
  return blob;
}

export function processOnNode(node: string, at: usize): Address {
  return new Address(node, text(at), text(at + 8), text(at + 16));
}

export function address(at: usize): Address {
  return processOnNode(text(at), at + 8);
}

export function capabilities(at: usize): Capability[] {
  const list = new Array<Capability>();
  const end = load<usize>(at) + load<usize>(at, 4) * CAPABILITY;
  for (let item = load<usize>(at); item < end; item += CAPABILITY) {
    list.push(new Capability(address(item), text(item + ADDRESS)));
  }
  return list;
}

export function message(source: usize, at: usize): Mail {
  const mail = new Mail();
  mail.source = address(source);
  const content = at + 8; // behind the tag
  if (load<u8>(at)) response(mail, content);
  else request(mail, content);
  return mail;
}

function request(mail: Mail, at: usize): void {
  mail.kind = Kind.Request;
  if (load<u8>(at, 8)) mail.expectsResponse = load<i64>(at, 16);
  mail.body = bytes(at + 24);
  mail.metadata = optionalString(at + 32);
  mail.capabilities = capabilities(at + 44);
}

/** Target, request and blob. */
function plainRequest(at: usize): Request {
  const content = at + ADDRESS;
  const result = new Request(address(at));
  result.inherits = load<u8>(content) != 0;
  if (load<u8>(content, 8)) result.seconds = load<i64>(content, 16);
  result.bodyBytes = bytes(content + 24);
  result.meta = optionalString(content + 32);
  result.caps = capabilities(content + 44);
  result.attached = optionalBlob(at + PLAIN_BLOB);
  return result;
}

export function onExit(at: usize): OnExit {
  const result = new OnExit(load<u8>(at));
  if (result.kind != OnExit.REQUESTS) return result;
  const list = at + ON_EXIT_REQUESTS;
  const end = load<usize>(list) + load<usize>(list, 4) * PLAIN;
  for (let item = load<usize>(list); item < end; item += PLAIN) result.requests.push(plainRequest(item));
  return result;
}

function response(mail: Mail, at: usize): void {
  mail.kind = Kind.Response;
  mail.body = bytes(at + 4);
  mail.metadata = optionalString(at + 12);
  mail.capabilities = capabilities(at + 24);
  mail.context = optionalBytes(at + 32);
}

/** A send-error: kind, target, message, blob. */
export function failure(at: usize): Mail {
  const mail = message(at + 4, at + 40);
  mail.kind = load<u8>(at) ? Kind.Timeout : Kind.Offline;
  mail.failedBlob = optionalBlob(at + 104);
  return mail;
}
