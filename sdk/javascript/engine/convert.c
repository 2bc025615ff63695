#include <string.h>
#include "engine.h"

/* ---- from the world to JavaScript ---- */

JSValue js_from_bytes(JSContext *js, ashlar_bytes bytes) { return JS_NewUint8ArrayCopy(js, bytes.data, bytes.size); }

JSValue js_from_text(JSContext *js, ashlar_bytes text) { return JS_NewStringLen(js, (char *)text.data, text.size); }

JSValue js_from_address(JSContext *js, const ashlar_address *address) {
    return js_from_text(js, ashlar_address_text(address));
}

static void set(JSContext *js, JSValueConst object, const char *name, JSValue value) {
    JS_DefinePropertyValueStr(js, object, name, value, JS_PROP_C_W_E);
}

static void set_optional_text(JSContext *js, JSValueConst object, const char *name, ashlar_optional_bytes text) {
    if (text.present) set(js, object, name, js_from_text(js, text.value));
}

JSValue js_from_blob(JSContext *js, const ashlar_optional_blob *blob) {
    if (!blob->present) return JS_NULL;
    JSValue result = JS_NewObject(js);
    set(js, result, "bytes", js_from_bytes(js, blob->value.bytes));
    set_optional_text(js, result, "mime", blob->value.mime);
    return result;
}

JSValue js_from_capabilities(JSContext *js, ashlar_capabilities capabilities) {
    JSValue result = JS_NewArray(js);
    for (size_t i = 0; i < capabilities.count; i++) {
        JSValue item = JS_NewObject(js);
        set(js, item, "issuer", js_from_address(js, &capabilities.items[i].issuer));
        set(js, item, "params", js_from_text(js, capabilities.items[i].params));
        JS_DefinePropertyValueUint32(js, result, (uint32_t)i, item, JS_PROP_C_W_E);
    }
    return result;
}

static JSValue mail_prototype;

static JSValue mail_text(JSContext *js, JSValueConst this, int kind) {
    JSValue bytes = js_property(js, this, kind == 0 ? "body" : "context");
    ashlar_bytes text;
    if (JS_IsUndefined(bytes)) return JS_UNDEFINED;
    ashlar_place began = ashlar_here();
    bool ok = js_to_bytes(js, bytes, &text);
    JS_FreeValue(js, bytes);
    JSValue result = ok ? js_from_text(js, text) : JS_EXCEPTION;
    ashlar_release(began);
    return result;
}

static JSValue mail_json(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    JSValue text = mail_text(js, this, 0);
    size_t size;
    const char *chars = JS_ToCStringLen(js, &size, text);
    JS_FreeValue(js, text);
    if (chars == NULL) return JS_EXCEPTION;
    JSValue result = JS_ParseJSON(js, chars, size, "body");
    JS_FreeCString(js, chars);
    return result;
}

static const JSCFunctionListEntry mail_functions[] = {
    JS_CGETSET_MAGIC_DEF("text", mail_text, NULL, 0),
    JS_CGETSET_MAGIC_DEF("contextText", mail_text, NULL, 1),
    JS_CFUNC_DEF("json", 0, mail_json),
};

void convert_define_mail(JSContext *js) {
    mail_prototype = JS_NewObject(js);
    JS_SetPropertyFunctionList(js, mail_prototype, mail_functions, sizeof mail_functions / sizeof mail_functions[0]);
}

JSValue js_from_message(JSContext *js, const ashlar_address *source, const ashlar_message *m) {
    bool is_request = m->kind == ASHLAR_REQUEST;
    JSValue mail = JS_NewObjectProto(js, mail_prototype);
    set(js, mail, "kind", JS_NewString(js, is_request ? "request" : "response"));
    set(js, mail, "source", js_from_address(js, source));
    set(js, mail, "inherit", JS_NewBool(js, is_request ? m->request.inherit : m->response.inherit));
    set(js, mail, "body", js_from_bytes(js, is_request ? m->request.body : m->response.body));
    set_optional_text(js, mail, "metadata", is_request ? m->request.metadata : m->response.metadata);
    ashlar_capabilities capabilities = is_request ? m->request.capabilities : m->response.capabilities;
    set(js, mail, "capabilities", js_from_capabilities(js, capabilities));
    if (is_request && m->request.expects_response.present)
        set(js, mail, "expects", JS_NewInt64(js, (int64_t)m->request.expects_response.value));
    if (!is_request && m->context.present) set(js, mail, "context", js_from_bytes(js, m->context.value));
    return mail;
}

JSValue js_from_error(JSContext *js, const ashlar_send_error *e) {
    JSValue mail = js_from_message(js, &e->target, &e->message);
    set(js, mail, "kind", JS_NewString(js, e->kind == ASHLAR_OFFLINE ? "offline" : "timeout"));
    if (e->blob.present) set(js, mail, "blob", js_from_blob(js, &e->blob));
    return mail;
}

JSValue js_from_on_exit(JSContext *js, const ashlar_on_exit *on_exit) {
    if (on_exit->kind != ASHLAR_EXIT_REQUESTS)
        return JS_NewString(js, on_exit->kind == ASHLAR_EXIT_RESTART ? "restart" : "none");
    JSValue result = JS_NewArray(js);
    for (size_t i = 0; i < on_exit->requests.count; i++) {
        const ashlar_outgoing_plain *each = &on_exit->requests.items[i];
        const ashlar_request *request = &each->request;
        JSValue item = JS_NewObject(js);
        set(js, item, "target", js_from_address(js, &each->target));
        set(js, item, "body", js_from_bytes(js, request->body));
        set(js, item, "inherit", JS_NewBool(js, request->inherit));
        if (request->expects_response.present)
            set(js, item, "expects", JS_NewInt64(js, (int64_t)request->expects_response.value));
        set_optional_text(js, item, "metadata", request->metadata);
        set(js, item, "capabilities", js_from_capabilities(js, request->capabilities));
        if (each->blob.present) set(js, item, "blob", js_from_blob(js, &each->blob));
        JS_DefinePropertyValueUint32(js, result, (uint32_t)i, item, JS_PROP_C_W_E);
    }
    return result;
}

/* ---- from JavaScript to the world ---- */

JSValue js_property(JSContext *js, JSValueConst object, const char *name) {
    return JS_IsObject(object) ? JS_GetPropertyStr(js, object, name) : JS_UNDEFINED;
}

static bool copy(const void *data, size_t size, ashlar_bytes *result) {
    *result = (ashlar_bytes){ashlar_alloc(size), size};
    memcpy(result->data, data, size);
    return true;
}

bool js_to_text(JSContext *js, JSValueConst value, ashlar_bytes *result) {
    size_t size;
    const char *chars = JS_ToCStringLen(js, &size, value);
    if (chars == NULL) return false;
    copy(chars, size, result);
    JS_FreeCString(js, chars);
    return true;
}

bool js_to_bytes(JSContext *js, JSValueConst value, ashlar_bytes *result) {
    size_t size;
    uint8_t *data;
    if (JS_IsUndefined(value) || JS_IsNull(value)) return copy("", 0, result);
    if (JS_IsString(value)) return js_to_text(js, value, result);
    if (JS_GetTypedArrayType(value) == JS_TYPED_ARRAY_UINT8) {
        data = JS_GetUint8Array(js, &size, value);
        return (data != NULL || size == 0) && copy(data, size, result);
    }
    if (JS_IsArrayBuffer(value)) {
        data = JS_GetArrayBuffer(js, &size, value);
        return (data != NULL || size == 0) && copy(data, size, result);
    }
    JS_ThrowTypeError(js, "bytes must be text, a Uint8Array or an ArrayBuffer");
    return false;
}

static bool property_to_bytes(JSContext *js, JSValueConst object, const char *name, ashlar_bytes *result) {
    JSValue value = js_property(js, object, name);
    bool ok = !JS_IsException(value) && js_to_bytes(js, value, result);
    JS_FreeValue(js, value);
    return ok;
}

static bool property_to_optional(JSContext *js, JSValueConst object, const char *name, ashlar_optional_bytes *result,
                                 bool (*convert)(JSContext *, JSValueConst, ashlar_bytes *)) {
    JSValue value = js_property(js, object, name);
    *result = (ashlar_optional_bytes){.present = !JS_IsUndefined(value) && !JS_IsNull(value)};
    bool ok = !JS_IsException(value) && (!result->present || convert(js, value, &result->value));
    JS_FreeValue(js, value);
    return ok;
}

bool js_to_optional_text(JSContext *js, JSValueConst object, const char *name, ashlar_optional_bytes *result) {
    return property_to_optional(js, object, name, result, js_to_text);
}

bool js_to_flag(JSContext *js, JSValueConst object, const char *name) {
    JSValue value = js_property(js, object, name);
    bool flag = JS_ToBool(js, value) == 1;
    JS_FreeValue(js, value);
    return flag;
}

bool js_to_address(JSContext *js, JSValueConst value, ashlar_address *result) {
    ashlar_bytes text;
    if (!js_to_text(js, value, &text)) return false;
    if (ashlar_parse_address(text, result)) return true;
    JS_ThrowTypeError(js, "not an address (node@process:package:publisher): %.*s", (int)text.size, text.data);
    return false;
}

static bool property_to_address(JSContext *js, JSValueConst object, const char *name, ashlar_address *result) {
    JSValue value = js_property(js, object, name);
    bool ok = !JS_IsException(value) && js_to_address(js, value, result);
    JS_FreeValue(js, value);
    return ok;
}

bool js_to_blob(JSContext *js, JSValueConst value, ashlar_optional_blob *result) {
    *result = (ashlar_optional_blob){.present = !JS_IsUndefined(value) && !JS_IsNull(value)};
    if (!result->present) return true;
    if (JS_IsString(value) || JS_GetTypedArrayType(value) >= 0 || JS_IsArrayBuffer(value))
        return js_to_bytes(js, value, &result->value.bytes);
    return property_to_bytes(js, value, "bytes", &result->value.bytes)
        && js_to_optional_text(js, value, "mime", &result->value.mime);
}

static bool property_to_blob(JSContext *js, JSValueConst object, const char *name, ashlar_optional_blob *result) {
    JSValue value = js_property(js, object, name);
    bool ok = !JS_IsException(value) && js_to_blob(js, value, result);
    JS_FreeValue(js, value);
    return ok;
}

bool js_each(JSContext *js, JSValueConst array, size_t item_size, void **items, size_t *count,
             bool (*item)(JSContext *, JSValueConst, void *)) {
    enum { MOST_ITEMS = 65536 };
    int64_t length = 0;
    if (!JS_IsUndefined(array) && JS_GetLength(js, array, &length) < 0) return false;
    if (length > MOST_ITEMS) {
        JS_ThrowRangeError(js, "too long a list: %lld", length);
        return false;
    }
    *items = ashlar_alloc(item_size * (size_t)length);
    *count = (size_t)length;
    bool ok = true;
    for (int64_t i = 0; ok && i < length; i++) {
        JSValue value = JS_GetPropertyInt64(js, array, i);
        ok = !JS_IsException(value) && item(js, value, (uint8_t *)*items + item_size * (size_t)i);
        JS_FreeValue(js, value);
    }
    return ok;
}

static bool to_capability(JSContext *js, JSValueConst value, void *place) {
    ashlar_capability *result = place;
    return property_to_address(js, value, "issuer", &result->issuer)
        && property_to_bytes(js, value, "params", &result->params);
}

bool js_to_capabilities(JSContext *js, JSValueConst value, ashlar_capabilities *result) {
    return js_each(js, value, sizeof(ashlar_capability), (void **)&result->items, &result->count, to_capability);
}

static bool property_to_capabilities(JSContext *js, JSValueConst object, ashlar_capabilities *result) {
    JSValue value = js_property(js, object, "capabilities");
    bool ok = !JS_IsException(value) && js_to_capabilities(js, value, result);
    JS_FreeValue(js, value);
    return ok;
}

static bool property_to_seconds(JSContext *js, JSValueConst object, const char *name, ashlar_optional_u64 *result) {
    JSValue value = js_property(js, object, name);
    int64_t seconds = 0;
    *result = (ashlar_optional_u64){.present = !JS_IsUndefined(value) && !JS_IsNull(value)};
    bool ok = !JS_IsException(value) && (!result->present || JS_ToInt64(js, &seconds, value) == 0);
    JS_FreeValue(js, value);
    result->value = seconds > 0 ? (uint64_t)seconds : 0;
    return ok;
}

bool js_to_outgoing(JSContext *js, JSValueConst value, ashlar_outgoing *result) {
    ashlar_request *request = &result->request;
    request->inherit = js_to_flag(js, value, "inherit");
    return property_to_address(js, value, "target", &result->target)
        && property_to_seconds(js, value, "expects", &request->expects_response)
        && property_to_bytes(js, value, "body", &request->body)
        && js_to_optional_text(js, value, "metadata", &request->metadata)
        && property_to_capabilities(js, value, &request->capabilities)
        && property_to_optional(js, value, "context", &result->context, js_to_bytes)
        && property_to_blob(js, value, "blob", &result->blob);
}

bool js_to_response(JSContext *js, JSValueConst value, ashlar_response *result, ashlar_optional_blob *blob) {
    result->inherit = js_to_flag(js, value, "inherit");
    return property_to_bytes(js, value, "body", &result->body)
        && js_to_optional_text(js, value, "metadata", &result->metadata)
        && property_to_capabilities(js, value, &result->capabilities) && property_to_blob(js, value, "blob", blob);
}

/* A context would have nobody to come back to: it is left out. */
static bool to_plain(JSContext *js, JSValueConst value, void *place) {
    ashlar_outgoing outgoing = {0};
    if (!js_to_outgoing(js, value, &outgoing)) return false;
    *(ashlar_outgoing_plain *)place =
        (ashlar_outgoing_plain){.target = outgoing.target, .request = outgoing.request, .blob = outgoing.blob};
    return true;
}

bool js_to_on_exit(JSContext *js, JSValueConst value, ashlar_on_exit *result) {
    *result = (ashlar_on_exit){.kind = ASHLAR_EXIT_NONE};
    if (JS_IsUndefined(value)) return true;
    if (JS_IsArray(value)) {
        result->kind = ASHLAR_EXIT_REQUESTS;
        return js_each(js, value, sizeof(ashlar_outgoing_plain), (void **)&result->requests.items, &result->requests.count,
                       to_plain);
    }
    ashlar_bytes text;
    if (!js_to_text(js, value, &text)) return false;
    if (ashlar_equal(text, ASHLAR_TEXT("restart"))) result->kind = ASHLAR_EXIT_RESTART;
    else if (!ashlar_equal(text, ASHLAR_TEXT("none"))) {
        JS_ThrowTypeError(js, "on exit must be \"none\", \"restart\" or an array of Requests, not %.*s", (int)text.size,
                          text.data);
        return false;
    }
    return true;
}

bool js_to_grant(JSContext *js, JSValueConst value, void *place) {
    ashlar_grant *result = place;
    ashlar_bytes process;
    if (!property_to_bytes(js, value, "process", &process) || !property_to_bytes(js, value, "params", &result->params))
        return false;
    if (ashlar_parse_process_id(process, &result->process)) return true;
    JS_ThrowTypeError(js, "not a process (process:package:publisher): %.*s", (int)process.size, process.data);
    return false;
}
