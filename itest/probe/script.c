#include "script.h"

ashlar_bytes script_text(const char *text) {
    size_t size = 0;
    while (text[size] != 0) size++;
    return (ashlar_bytes){(uint8_t *)text, size};
}

void script_mistake(const char *what, ashlar_bytes where) {
    ashlar_print(0, ashlar_concat(ashlar_concat(ASHLAR_TEXT("probe: "), script_text(what)), where));
    __builtin_trap();
}

/* ---- reading ---- */

static int digit_of(uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

static ashlar_bytes decode(ashlar_bytes text) {
    ashlar_bytes result = {ashlar_alloc(text.size), 0};
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c == '%') {
            bool complete = text.size - i > 2;
            int high = complete ? digit_of(text.data[i + 1]) : -1, low = complete ? digit_of(text.data[i + 2]) : -1;
            if (high < 0 || low < 0) script_mistake("not %XX in ", text);
            c = (uint8_t)(high << 4 | low);
            i += 2;
        }
        result.data[result.size++] = c;
    }
    return result;
}

/* Takes off what comes before the first byte of stops; the byte itself stays. */
static ashlar_bytes take_until(ashlar_bytes *text, const char *stops) {
    size_t size = 0;
    for (; size < text->size; size++)
        for (const char *s = stops; *s != 0; s++)
            if (text->data[size] == (uint8_t)*s) goto found;
found:;
    ashlar_bytes taken = {text->data, size};
    text->data += size;
    text->size -= size;
    return taken;
}

static bool at(ashlar_bytes text, char c) { return text.size > 0 && text.data[0] == (uint8_t)c; }

static void skip(ashlar_bytes *text) {
    text->data++;
    text->size--;
}

static argument read_argument(ashlar_bytes word) {
    argument result = {.name = take_until(&word, "=")};
    if (at(word, '=')) {
        skip(&word);
        result.value = (ashlar_optional_bytes){true, decode(word)};
    }
    return result;
}

bool script_next(ashlar_bytes *script, command *result) {
    while (at(*script, ';') || at(*script, '\n') || at(*script, ' ') || at(*script, '#')) {
        if (at(*script, '#')) take_until(script, "\n");
        else skip(script);
    }
    if (script->size == 0) return false;
    result->verb = take_until(script, " ;\n");
    result->count = 0;
    for (;;) {
        while (at(*script, ' ')) skip(script);
        ashlar_bytes word = take_until(script, " ;\n");
        if (word.size == 0) return true;
        if (result->count == MOST_ARGUMENTS) script_mistake("too many arguments to ", result->verb);
        result->arguments[result->count++] = read_argument(word);
    }
}

bool script_verb_is(const command *c, const char *verb) { return ashlar_equal(c->verb, script_text(verb)); }

size_t script_find(const command *c, const char *name, size_t from) {
    ashlar_bytes wanted = script_text(name);
    while (from < c->count && !ashlar_equal(c->arguments[from].name, wanted)) from++;
    return from;
}

bool script_flag(const command *c, const char *name) { return script_find(c, name, 0) < c->count; }

ashlar_optional_bytes script_optional(const command *c, const char *name) {
    size_t i = script_find(c, name, 0);
    return i < c->count ? c->arguments[i].value : (ashlar_optional_bytes){0};
}

ashlar_bytes script_value(const command *c, const char *name) { return script_optional(c, name).value; }

ashlar_bytes script_required(const command *c, const char *name) {
    ashlar_optional_bytes value = script_optional(c, name);
    if (!value.present) script_mistake("missing value: ", script_text(name));
    return value.value;
}

ashlar_optional_u64 script_number(const command *c, const char *name) {
    ashlar_optional_bytes text = script_optional(c, name);
    uint64_t number = 0;
    for (size_t i = 0; i < text.value.size; i++) {
        if (text.value.data[i] < '0' || text.value.data[i] > '9') script_mistake("not a number: ", text.value);
        number = number * 10 + (text.value.data[i] - '0');
    }
    return (ashlar_optional_u64){text.present, number};
}

/* ---- writing ---- */

enum { JOURNAL_SIZE = 1 << 20, ROOM_FOR_DROPPED = 64 };
static uint8_t journal[JOURNAL_SIZE];
static size_t whole, used; /* up to the last complete entry; up to the last byte written */
static bool overflow;
static uint64_t dropped;

static void put_raw(ashlar_bytes text, size_t limit) {
    if (overflow || text.size > limit - used) {
        overflow = true;
        return;
    }
    __builtin_memcpy(journal + used, text.data, text.size);
    used += text.size;
}

static void put(ashlar_bytes text) { put_raw(text, JOURNAL_SIZE - ROOM_FOR_DROPPED); }

static bool is_plain(uint8_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
        || c == '.' || c == '~' || c == ':' || c == '@' || c == '/';
}

static void put_encoded(ashlar_bytes value) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < value.size; i++) {
        uint8_t c = value.data[i], escaped[3] = {'%', (uint8_t)digits[c >> 4], (uint8_t)digits[c & 15]};
        put(is_plain(c) ? (ashlar_bytes){&c, 1} : (ashlar_bytes){escaped, 3});
    }
}

void journal_begin(const char *verb) {
    used = whole;
    overflow = false;
    put(script_text(verb));
}

void journal_flag(const char *name) {
    put(ASHLAR_TEXT(" "));
    put(script_text(name));
}

void journal_field(const char *name, ashlar_bytes value) {
    journal_flag(name);
    put(ASHLAR_TEXT("="));
    put_encoded(value);
}

void journal_optional(const char *name, ashlar_optional_bytes value) {
    if (value.present) journal_field(name, value.value);
}

void journal_number(const char *name, uint64_t value) {
    ashlar_place place = ashlar_here();
    journal_field(name, ashlar_decimal(value));
    ashlar_release(place);
}

void journal_bool(const char *name, bool value) {
    journal_field(name, value ? ASHLAR_TEXT("true") : ASHLAR_TEXT("false"));
}

void journal_end(void) {
    put(ASHLAR_TEXT("\n"));
    if (overflow) dropped++;
    else whole = used;
}

ashlar_bytes journal_all(void) {
    if (dropped == 0) return (ashlar_bytes){journal, whole};
    used = whole;
    overflow = false;
    ashlar_bytes note = ashlar_concat(ASHLAR_TEXT("dropped count="), ashlar_decimal(dropped));
    put_raw(ashlar_concat(note, ASHLAR_TEXT("\n")), JOURNAL_SIZE);
    return (ashlar_bytes){journal, used};
}

void journal_clear(void) { whole = used = dropped = 0; }
