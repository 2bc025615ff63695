/* A JavaScript process: QuickJS-ng, the process world as global functions, and a place where a script is put. */
#ifndef ENGINE_H
#define ENGINE_H

#include "ashlar.h"
#include "quickjs.h"

/* engine.c: runs what promises wait for. */
void engine_run_jobs(JSContext *js);

/* api.c: defines the global functions. our is the process's own address. */
void api_define(JSContext *js, ashlar_bytes our);

/* convert.c: from the world to JavaScript. */
JSValue js_from_bytes(JSContext *js, ashlar_bytes bytes); /* a Uint8Array */
JSValue js_from_text(JSContext *js, ashlar_bytes text);
JSValue js_from_address(JSContext *js, const ashlar_address *address);
JSValue js_from_blob(JSContext *js, const ashlar_optional_blob *blob); /* null if there is none */
JSValue js_from_capabilities(JSContext *js, ashlar_capabilities capabilities);
JSValue js_from_message(JSContext *js, const ashlar_address *source, const ashlar_message *message);
JSValue js_from_error(JSContext *js, const ashlar_send_error *error);
JSValue js_from_on_exit(JSContext *js, const ashlar_on_exit *on_exit); /* "none", "restart" or an array of Requests */
/* What has such a prototype has the getters of mail. */
void convert_define_mail(JSContext *js);

/* convert.c: from JavaScript to the world. On false an exception is pending. What they fill in lies in the memory that
 * ashlar_release gives back. */
bool js_to_bytes(JSContext *js, JSValueConst value, ashlar_bytes *result); /* text, ArrayBuffer or Uint8Array */
bool js_to_text(JSContext *js, JSValueConst value, ashlar_bytes *result);
bool js_to_address(JSContext *js, JSValueConst value, ashlar_address *result);
bool js_to_blob(JSContext *js, JSValueConst value, ashlar_optional_blob *result);
bool js_to_capabilities(JSContext *js, JSValueConst value, ashlar_capabilities *result);
bool js_to_outgoing(JSContext *js, JSValueConst value, ashlar_outgoing *result);
bool js_to_on_exit(JSContext *js, JSValueConst value, ashlar_on_exit *result); /* as above; undefined is "none" */
bool js_to_grant(JSContext *js, JSValueConst value, void *place); /* an ashlar_grant; for js_each */
bool js_to_response(JSContext *js, JSValueConst value, ashlar_response *result, ashlar_optional_blob *blob);
/* Calls item with each element of an array and its place; undefined counts as empty. At most 65536. */
bool js_each(JSContext *js, JSValueConst array, size_t item_size, void **items, size_t *count,
             bool (*item)(JSContext *, JSValueConst, void *));
/* A property; JS_UNDEFINED if there is none. Free it. */
JSValue js_property(JSContext *js, JSValueConst object, const char *name);
bool js_to_flag(JSContext *js, JSValueConst object, const char *name);
bool js_to_optional_text(JSContext *js, JSValueConst object, const char *name, ashlar_optional_bytes *result);

#endif
