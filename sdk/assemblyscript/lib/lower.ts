/** From objects to the canonical ABI's memory layout, for one call of the host. */

import { Address, Blob, Capability, Grant, Request } from "./index";
import { ADDRESS, CAPABILITY, GRANT, PLAIN, PLAIN_BLOB, PROCESS_ID } from "./abi";

export class Lowering {
  private areas: usize[] = [];
  /** Keeps what the areas point to from being collected before the call. */
  private kept: ArrayBuffer[] = [];

  /** Zeroed memory that lives until `free`. */
  area(size: usize): usize {
    const at = heap.alloc(size);
    memory.fill(at, 0, size);
    this.areas.push(at);
    return at;
  }

  free(): void {
    for (let i = 0; i < this.areas.length; i++) heap.free(this.areas[i]);
    this.areas.length = 0;
    this.kept.length = 0;
  }

  bytes(at: usize, bytes: ArrayBuffer): void {
    this.kept.push(bytes);
    store<usize>(at, changetype<usize>(bytes));
    store<usize>(at, bytes.byteLength, 4);
  }

  string(at: usize, text: string): void {
    this.bytes(at, String.UTF8.encode(text));
  }

  optionalBytes(at: usize, bytes: ArrayBuffer | null): void {
    if (!bytes) return;
    store<u8>(at, 1);
    this.bytes(at + 4, bytes);
  }

  optionalString(at: usize, text: string | null): void {
    if (text != null) this.optionalBytes(at, String.UTF8.encode(text));
  }

  optionalBlob(at: usize, blob: Blob | null): void {
    if (!blob) return;
    store<u8>(at, 1);
    this.optionalString(at + 4, blob.mime);
    this.bytes(at + 16, blob.bytes);
  }

  address(at: usize, address: Address): void {
    this.string(at, address.node);
    this.string(at + 8, address.process);
    this.string(at + 16, address.pkg);
    this.string(at + 24, address.publisher);
  }

  capabilities(at: usize, list: Capability[]): void {
    const items = this.area(CAPABILITY * list.length);
    for (let i = 0; i < list.length; i++) {
      this.address(items + <usize>i * CAPABILITY, list[i].issuer);
      this.string(items + <usize>i * CAPABILITY + ADDRESS, list[i].params);
    }
    store<usize>(at, items);
    store<usize>(at, list.length, 4);
  }

  grants(at: usize, list: Grant[]): void {
    const items = this.area(GRANT * list.length);
    for (let i = 0; i < list.length; i++) {
      const item = items + <usize>i * GRANT;
      const parts = list[i].process.split(":");
      assert(parts.length == 3, "not a process: " + list[i].process);
      for (let part = 0; part < 3; part++) this.string(item + <usize>part * 8, parts[part]);
      this.string(item + PROCESS_ID, list[i].params);
    }
    store<usize>(at, items);
    store<usize>(at, list.length, 4);
  }

  plainRequests(at: usize, list: Request[]): void {
    const items = this.area(PLAIN * list.length);
    for (let i = 0; i < list.length; i++) {
      this.request(items + <usize>i * PLAIN, list[i]);
      this.optionalBlob(items + <usize>i * PLAIN + PLAIN_BLOB, list[i].attached);
    }
    store<usize>(at, items);
    store<usize>(at, list.length, 4);
  }

  /** Target and request, as all ways of sending begin. */
  request(at: usize, request: Request): void {
    this.address(at, request.target);
    const content = at + ADDRESS;
    store<u8>(content, request.inherits);
    if (request.seconds >= 0) {
      store<u8>(content, 1, 8);
      store<i64>(content, request.seconds, 16);
    }
    this.bytes(content + 24, request.bodyBytes);
    this.optionalString(content + 32, request.meta);
    this.capabilities(content + 44, request.caps);
  }
}
