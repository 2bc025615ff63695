/**
 * The imports of the world `process-v1` as the canonical ABI flattens them, the sizes and offsets of its types, and the
 * memory into which the host writes.
 */

// Sizes of types, and offsets of their parts where they are not obvious.
export const LIST: usize = 8; // pointer, count; also a string
export const OPTIONAL_BYTES: usize = 12; // flag, list at 4
export const OPTIONAL_BLOB: usize = 24; // flag, then at 4: optional mime, bytes at 16
export const ADDRESS: usize = 32; // four strings
export const CAPABILITY: usize = 40; // address, params
export const OUTGOING: usize = 128; // address, request at 32
export const OUTGOING_CONTEXT: usize = 88;
export const OUTGOING_BLOB: usize = 100;
export const PLAIN: usize = 112; // as before, without the context
export const PLAIN_BLOB: usize = 88;
export const RECEIVED: usize = 152;
export const RECEIVED_ERROR_CONTEXT: usize = 136;
export const AWAITED: usize = 136;
export const GRANT: usize = 32; // process id, params
export const PROCESS_ID: usize = 24; // three strings
export const ON_EXIT_REQUESTS: usize = 4; // behind the kind; a list of the plain

/** Where `receive` writes its result. */
export const receivedArea: usize = memory.data(152, 8);
/** Where other results are written: the largest are options of blobs. */
export const resultArea: usize = memory.data(32, 8);

@external("process", "receive")
export declare function receive(result: usize): void;

@external("process", "send-request")
export declare function sendRequest(outgoing: usize): void;

@external("process", "send-and-await-response")
export declare function sendAndAwaitResponse(outgoing: usize, result: usize): void;

@external("process", "send-response")
export declare function sendResponse(
  inherit: i32, body: usize, bodySize: usize, hasMetadata: i32, metadata: usize, metadataSize: usize,
  capabilities: usize, capabilityCount: usize, hasBlob: i32, hasMime: i32, mime: usize, mimeSize: usize,
  bytes: usize, bytesSize: usize,
): void;

@external("process", "has-blob")
export declare function hasBlob(): i32;

@external("process", "get-blob")
export declare function getBlob(result: usize): void;

@external("process", "last-blob")
export declare function lastBlob(result: usize): void;

@external("process", "print-to-terminal")
export declare function printToTerminal(verbosity: i32, text: usize, size: usize): void;

@external("process", "our")
export declare function our(result: usize): void;

@external("process", "get-state")
export declare function getState(result: usize): void;

@external("process", "set-state")
export declare function setState(bytes: usize, size: usize): void;

@external("process", "clear-state")
export declare function clearState(): void;

@external("process", "get-on-exit")
export declare function getOnExit(result: usize): void;

@external("process", "set-on-exit")
export declare function setOnExit(kind: i32, requests: usize, count: usize): void;

@external("process", "spawn")
export declare function spawn(
  hasName: i32, name: usize, nameSize: usize, path: usize, pathSize: usize, onExit: i32, requests: usize,
  requestCount: usize, capabilities: usize, capabilityCount: usize, grants: usize, grantCount: usize, isPublic: i32,
  result: usize,
): void;

@external("process", "our-capabilities")
export declare function ourCapabilities(result: usize): void;

@external("process", "save-capabilities")
export declare function saveCapabilities(list: usize, count: usize): void;

@external("process", "drop-capabilities")
export declare function dropCapabilities(list: usize, count: usize): void;

/**
 * Blocks that the host allocated for the parts of what it passes in, newest first; each begins with the address of the
 * one before. They are outside the garbage collector's heap, because the host may not be interrupted by it.
 */
let newestBlock: usize = 0;
const BLOCK_HEADER: usize = 16; // keeps the alignment of heap.alloc

export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
  const block = heap.alloc(BLOCK_HEADER + size);
  store<usize>(block, newestBlock);
  newestBlock = block;
  const start = block + BLOCK_HEADER;
  if (oldSize) memory.copy(start, old, min(oldSize, size));
  return start;
}

/** Gives back all that the host allocated. Call it when the result has been copied to objects. */
export function freeReceived(): void {
  while (newestBlock) {
    const block = newestBlock;
    newestBlock = load<usize>(block);
    heap.free(block);
  }
}
