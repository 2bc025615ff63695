/* The process world as global functions of a script; README.md lists them. */
#include "engine.h"

/* Ends a call: what was taken since it began is given back. */
static JSValue done(ashlar_place began, JSValue result) {
    ashlar_release(began);
    return result;
}

/* ---- messages ---- */

static JSValue receive(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    engine_run_jobs(js);
    ashlar_received mail;
    ashlar_receive(&mail);
    if (!mail.failed) return done(began, js_from_message(js, &mail.source, &mail.message));
    JSValue result = js_from_error(js, &mail.error);
    if (mail.error_context.present)
        JS_SetPropertyStr(js, result, "context", js_from_bytes(js, mail.error_context.value));
    return done(began, result);
}

static JSValue send(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_outgoing outgoing;
    if (!js_to_outgoing(js, argv[0], &outgoing)) return done(began, JS_EXCEPTION);
    ashlar_send(&outgoing);
    return done(began, JS_UNDEFINED);
}

static bool to_outgoing(JSContext *js, JSValueConst value, void *place) { return js_to_outgoing(js, value, place); }

static JSValue send_all(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    void *items;
    size_t count;
    if (!js_each(js, argv[0], sizeof(ashlar_outgoing), &items, &count, to_outgoing)) return done(began, JS_EXCEPTION);
    ashlar_send_all(items, count);
    return done(began, JS_UNDEFINED);
}

static JSValue send_and_await(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_outgoing o;
    ashlar_awaited result;
    if (!js_to_outgoing(js, argv[0], &o)) return done(began, JS_EXCEPTION);
    ashlar_outgoing_plain plain = {.target = o.target, .request = o.request, .blob = o.blob};
    ashlar_send_and_await(&plain, &result);
    return done(began, result.failed ? js_from_error(js, &result.error)
                              : js_from_message(js, &result.source, &result.message));
}

/* respond("text") or respond(bytes) is short for respond({body: …}). */
static JSValue respond(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_response response = {0};
    ashlar_optional_blob blob = {0};
    bool is_body = JS_IsString(argv[0]) || JS_GetTypedArrayType(argv[0]) >= 0 || JS_IsArrayBuffer(argv[0]);
    if (is_body ? !js_to_bytes(js, argv[0], &response.body) : !js_to_response(js, argv[0], &response, &blob))
        return done(began, JS_EXCEPTION);
    ashlar_respond(&response, blob.present ? &blob.value : NULL);
    return done(began, JS_UNDEFINED);
}

static JSValue has_blob(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    return JS_NewBool(js, ashlar_has_blob());
}

enum { CURRENT, LAST };
static JSValue fetch_blob(JSContext *js, JSValueConst this, int argc, JSValueConst *argv, int which) {
    ashlar_place began = ashlar_here();
    ashlar_optional_blob blob;
    if (which == CURRENT) ashlar_get_blob(&blob);
    else ashlar_last_blob(&blob);
    return done(began, js_from_blob(js, &blob));
}

/* ---- the process and its surroundings ---- */

static JSValue print(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_bytes text;
    int32_t verbosity = 0;
    if (!js_to_text(js, argv[0], &text)) return done(began, JS_EXCEPTION);
    if (argc > 1 && JS_ToInt32(js, &verbosity, argv[1]) < 0) return done(began, JS_EXCEPTION);
    ashlar_print((uint8_t)verbosity, text);
    return done(began, JS_UNDEFINED);
}

static JSValue get_state(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_optional_bytes state;
    ashlar_get_state(&state);
    return done(began, state.present ? js_from_bytes(js, state.value) : JS_NULL);
}

static JSValue set_state(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_bytes state;
    if (!js_to_bytes(js, argv[0], &state)) return done(began, JS_EXCEPTION);
    ashlar_set_state(state);
    return done(began, JS_UNDEFINED);
}

static JSValue clear_state(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_clear_state();
    return JS_UNDEFINED;
}

static JSValue get_on_exit(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_on_exit on_exit;
    ashlar_get_on_exit(&on_exit);
    return done(began, js_from_on_exit(js, &on_exit));
}

static JSValue set_on_exit(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_on_exit on_exit;
    if (!js_to_on_exit(js, argv[0], &on_exit)) return done(began, JS_EXCEPTION);
    ashlar_set_on_exit(&on_exit);
    return done(began, JS_UNDEFINED);
}

static JSValue spawn(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_optional_bytes name, path;
    ashlar_capabilities requested;
    ashlar_on_exit on_exit;
    void *grants;
    size_t grant_count;
    JSValue capabilities = js_property(js, argv[0], "capabilities");
    JSValue at_exit = js_property(js, argv[0], "onExit");
    JSValue granted = js_property(js, argv[0], "grants");
    bool ok = js_to_optional_text(js, argv[0], "name", &name) && js_to_optional_text(js, argv[0], "path", &path)
        && js_to_capabilities(js, capabilities, &requested) && js_to_on_exit(js, at_exit, &on_exit)
        && js_each(js, granted, sizeof(ashlar_grant), &grants, &grant_count, js_to_grant);
    JS_FreeValue(js, capabilities);
    JS_FreeValue(js, at_exit);
    JS_FreeValue(js, granted);
    if (!ok) return done(began, JS_EXCEPTION);
    ashlar_address child;
    ashlar_our(&child);
    ashlar_spawned result;
    ashlar_spawn(name.present ? &name.value : NULL, path.value, &on_exit, requested, grants, grant_count,
                 js_to_flag(js, argv[0], "public"), &result);
    if (result.failed)
        return done(began, JS_ThrowPlainError(js, "spawn: %s", result.error == ASHLAR_NAME_TAKEN ? "the name is taken"
                                                                                          : "no file at the path"));
    child.process = result.child;
    return done(began, js_from_address(js, &child));
}

static JSValue our_capabilities(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_capabilities ours;
    ashlar_our_capabilities(&ours);
    return done(began, js_from_capabilities(js, ours));
}

enum { SAVE, DROP };
static JSValue change_capabilities(JSContext *js, JSValueConst this, int argc, JSValueConst *argv, int what) {
    ashlar_place began = ashlar_here();
    ashlar_capabilities list;
    if (!js_to_capabilities(js, argv[0], &list)) return done(began, JS_EXCEPTION);
    if (what == SAVE) ashlar_save_capabilities(list);
    else ashlar_drop_capabilities(list);
    return done(began, JS_UNDEFINED);
}

/* ---- text and bytes, which the language itself has no functions for ---- */

static JSValue encode(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_bytes bytes;
    if (!js_to_text(js, argv[0], &bytes)) return done(began, JS_EXCEPTION);
    return done(began, js_from_bytes(js, bytes));
}

static JSValue decode(JSContext *js, JSValueConst this, int argc, JSValueConst *argv) {
    ashlar_place began = ashlar_here();
    ashlar_bytes bytes;
    if (!js_to_bytes(js, argv[0], &bytes)) return done(began, JS_EXCEPTION);
    return done(began, js_from_text(js, bytes));
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("receive", 0, receive),
    JS_CFUNC_DEF("send", 1, send),
    JS_CFUNC_DEF("sendAll", 1, send_all),
    JS_CFUNC_DEF("sendAndAwait", 1, send_and_await),
    JS_CFUNC_DEF("respond", 1, respond),
    JS_CFUNC_DEF("hasBlob", 0, has_blob),
    JS_CFUNC_MAGIC_DEF("getBlob", 0, fetch_blob, CURRENT),
    JS_CFUNC_MAGIC_DEF("lastBlob", 0, fetch_blob, LAST),
    JS_CFUNC_DEF("print", 1, print),
    JS_CFUNC_DEF("getState", 0, get_state),
    JS_CFUNC_DEF("setState", 1, set_state),
    JS_CFUNC_DEF("clearState", 0, clear_state),
    JS_CFUNC_DEF("getOnExit", 0, get_on_exit),
    JS_CFUNC_DEF("setOnExit", 1, set_on_exit),
    JS_CFUNC_DEF("spawn", 1, spawn),
    JS_CFUNC_DEF("ourCapabilities", 0, our_capabilities),
    JS_CFUNC_MAGIC_DEF("saveCapabilities", 1, change_capabilities, SAVE),
    JS_CFUNC_MAGIC_DEF("dropCapabilities", 1, change_capabilities, DROP),
    JS_CFUNC_DEF("encode", 1, encode),
    JS_CFUNC_DEF("decode", 1, decode),
};

void api_define(JSContext *js, ashlar_bytes our) {
    convert_define_mail(js);
    JSValue global = JS_GetGlobalObject(js);
    JS_SetPropertyFunctionList(js, global, functions, sizeof functions / sizeof functions[0]);
    JS_SetPropertyStr(js, global, "our", js_from_text(js, our));
    JS_FreeValue(js, global);
}
