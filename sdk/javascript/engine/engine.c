#include <stdlib.h>
#include <string.h>
#include "engine.h"

/* ---- where a script is put: ashlar-js finds the slot by its name and adds a module with a data segment for its start ---- */

enum { MOST_SCRIPT = 256 * 1024 };
static struct { uint32_t size; char text[MOST_SCRIPT]; } script;

__attribute__((used)) static struct { char name[16]; void *start; uint32_t capacity; } slot
    = {"ashlar-script-1", &script, MOST_SCRIPT - 1}; /* one byte stays zero: the engine wants a final zero */

/* ---- running it ---- */

/* Of the 192 KiB that the linker reserves, and what engines bear on their own stack: some 500 calls deep. */
enum { MOST_STACK = 128 * 1024 };

static void die(JSContext *js) {
    JSValue error = JS_GetException(js);
    const char *message = JS_ToCString(js, error);
    JSValue trace = JS_IsObject(error) ? JS_GetPropertyStr(js, error, "stack") : JS_UNDEFINED;
    const char *lines = JS_IsString(trace) ? JS_ToCString(js, trace) : "";
    ashlar_bytes what = {(uint8_t *)message, message != NULL ? strlen(message) : 0};
    ashlar_bytes where = {(uint8_t *)lines, lines != NULL ? strlen(lines) : 0};
    ashlar_print(0, ashlar_concat(ashlar_concat(ASHLAR_TEXT("uncaught "), what),
                                  ashlar_concat(ASHLAR_TEXT("\n"), where)));
    __builtin_trap();
}

/* Promises that were rejected and that nobody has looked after yet, and why the first of them was. */
static size_t unhandled;
static JSValue unhandled_reason;

static void on_rejection(JSContext *js, JSValueConst promise, JSValueConst reason, bool is_handled, void *unused) {
    if (is_handled) {
        unhandled--;
    } else if (unhandled++ == 0) {
        JS_FreeValue(js, unhandled_reason);
        unhandled_reason = JS_DupValue(js, reason);
    }
}

void engine_run_jobs(JSContext *js) {
    JSContext *of_job;
    int result;
    while ((result = JS_ExecutePendingJob(JS_GetRuntime(js), &of_job)) > 0) {}
    if (result == 0 && unhandled == 0) return;
    if (result == 0) JS_Throw(js, unhandled_reason);
    die(js);
}


void ashlar_init(ashlar_bytes our) {
    unhandled_reason = JS_UNDEFINED;
    JSRuntime *runtime = JS_NewRuntime();
    JS_SetMaxStackSize(runtime, MOST_STACK);
    JS_SetHostPromiseRejectionTracker(runtime, on_rejection, NULL);
    JSContext *js = JS_NewContext(runtime);
    api_define(js, our);
    JSValue result = JS_Eval(js, script.text, script.size, "script.js", JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_STRICT);
    if (JS_IsException(result)) die(js);
    JS_FreeValue(js, result);
    engine_run_jobs(js);
}
