package org.ashlar.process;

/**
 * Sizes and offsets, in bytes, of the interface's types in linear memory: the canonical ABI's rules ("alignment",
 * "element size", "storing") applied to the types of {@code standard}.
 */
final class Layout {

    /** A list or a string: address, then length. */
    static final int LIST_SIZE = 8;
    static final int LENGTH = 4;

    /** The payload of an option, variant or result whose alignment is 4, or 8, follows its one-byte discriminant. */
    static final int PAYLOAD_4 = 4;
    static final int PAYLOAD_8 = 8;

    static final int OPTION_LIST_SIZE = PAYLOAD_4 + LIST_SIZE;

    static final int PROCESS_NAME = 0;
    static final int PACKAGE_NAME = PROCESS_NAME + LIST_SIZE;
    static final int PUBLISHER = PACKAGE_NAME + LIST_SIZE;
    static final int PROCESS_ID_SIZE = PUBLISHER + LIST_SIZE;

    static final int NODE = 0;
    static final int PROCESS = NODE + LIST_SIZE;
    static final int ADDRESS_SIZE = PROCESS + PROCESS_ID_SIZE;

    static final int ISSUER = 0;
    static final int PARAMS = ISSUER + ADDRESS_SIZE;
    static final int CAPABILITY_SIZE = PARAMS + LIST_SIZE;

    static final int MIME = 0;
    static final int BLOB_BYTES = MIME + OPTION_LIST_SIZE;
    static final int BLOB_SIZE = BLOB_BYTES + LIST_SIZE;
    static final int OPTION_BLOB_SIZE = PAYLOAD_4 + BLOB_SIZE;

    /** A request is aligned to 8, for the seconds within {@code expects-response}. */
    static final int REQUEST_INHERIT = 0;
    static final int REQUEST_EXPECTS = 8;
    static final int REQUEST_BODY = REQUEST_EXPECTS + 16;
    static final int REQUEST_METADATA = REQUEST_BODY + LIST_SIZE;
    static final int REQUEST_CAPABILITIES = REQUEST_METADATA + OPTION_LIST_SIZE;
    static final int REQUEST_SIZE = 56;

    static final int RESPONSE_INHERIT = 0;
    static final int RESPONSE_BODY = 4;
    static final int RESPONSE_METADATA = RESPONSE_BODY + LIST_SIZE;
    static final int RESPONSE_CAPABILITIES = RESPONSE_METADATA + OPTION_LIST_SIZE;
    static final int RESPONSE_SIZE = RESPONSE_CAPABILITIES + LIST_SIZE;

    /** {@code tuple<response, option<context>>}. */
    static final int RESPONSE_CONTEXT = RESPONSE_SIZE;

    static final int MESSAGE_SIZE = PAYLOAD_8 + REQUEST_SIZE;

    static final int ERROR_KIND = 0;
    static final int ERROR_TARGET = 4;
    static final int ERROR_MESSAGE = 40;
    static final int ERROR_BLOB = ERROR_MESSAGE + MESSAGE_SIZE;
    static final int SEND_ERROR_SIZE = ERROR_BLOB + OPTION_BLOB_SIZE;

    /** {@code tuple<send-error, option<context>>}. */
    static final int ERROR_CONTEXT = SEND_ERROR_SIZE;

    /** {@code tuple<address, message>}. */
    static final int DELIVERED_MESSAGE = ADDRESS_SIZE;

    /** What {@code receive} returns; the error branch, padded to 8, is the larger one. */
    static final int RECEIVE_RESULT_SIZE = PAYLOAD_8 + 144;

    /** What {@code send-and-await-response} returns. */
    static final int AWAIT_RESULT_SIZE = PAYLOAD_8 + SEND_ERROR_SIZE;

    static final int SPAWN_RESULT_SIZE = PAYLOAD_4 + PROCESS_ID_SIZE;

    static final int ON_EXIT_SIZE = PAYLOAD_4 + LIST_SIZE;

    /** {@code tuple<address, request, option<lazy-load-blob>>}, of which an on-exit has a list. */
    static final int EXIT_REQUEST = ADDRESS_SIZE;
    static final int EXIT_BLOB = EXIT_REQUEST + REQUEST_SIZE;
    static final int EXIT_SIZE = EXIT_BLOB + OPTION_BLOB_SIZE;

    /** The parameters of {@code send-request}, and the tuples of {@code send-requests}; padded to 8. */
    static final int SEND_REQUEST = ADDRESS_SIZE;
    static final int SEND_CONTEXT = SEND_REQUEST + REQUEST_SIZE;
    static final int SEND_BLOB = SEND_CONTEXT + OPTION_LIST_SIZE;
    static final int SEND_SIZE = 128;

    /** The parameters of {@code send-and-await-response}: the same without a context. */
    static final int AWAIT_BLOB = SEND_CONTEXT;
    static final int AWAIT_SIZE = AWAIT_BLOB + OPTION_BLOB_SIZE;

    /** {@code tuple<process-id, json>}. */
    static final int GRANT_PARAMS = PROCESS_ID_SIZE;
    static final int GRANT_SIZE = GRANT_PARAMS + LIST_SIZE;

    private Layout() {
    }
}
