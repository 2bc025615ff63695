/* The probe's command language: how a script is read, and how journal entries in the same form are written. */
#ifndef PROBE_SCRIPT_H
#define PROBE_SCRIPT_H

#include "ashlar.h"

enum { MOST_ARGUMENTS = 64 };

typedef struct {
    ashlar_bytes name;
    ashlar_optional_bytes value; /* absent in a flag */
} argument;

typedef struct {
    ashlar_bytes verb;
    argument arguments[MOST_ARGUMENTS];
    size_t count;
} command;

/* A mistake in a script: says so on the terminal, then traps, so that a test that makes one fails. */
__attribute__((noreturn)) void script_mistake(const char *what, ashlar_bytes where);

/* Takes the next command off the script; false at its end. Values are decoded into the arena. */
bool script_next(ashlar_bytes *script, command *result);

bool script_verb_is(const command *c, const char *verb);
/* The index of the next argument of this name at or after from; c->count if there is none. */
size_t script_find(const command *c, const char *name, size_t from);
bool script_flag(const command *c, const char *name);
ashlar_optional_bytes script_optional(const command *c, const char *name);
/* The value, or empty. */
ashlar_bytes script_value(const command *c, const char *name);
ashlar_bytes script_required(const command *c, const char *name);
ashlar_optional_u64 script_number(const command *c, const char *name);

/* Text of a C string. */
ashlar_bytes script_text(const char *text);

/* ---- the journal: what happened, one entry a line ---- */

void journal_begin(const char *verb);
void journal_flag(const char *name);
void journal_field(const char *name, ashlar_bytes value);
void journal_optional(const char *name, ashlar_optional_bytes value);
void journal_number(const char *name, uint64_t value);
void journal_bool(const char *name, bool value);
/* Ends the entry. One that does not fit is left out and counted. */
void journal_end(void);

/* All entries, and one more, `dropped count=N`, if any were left out. Valid until the next journal_begin. */
ashlar_bytes journal_all(void);
void journal_clear(void);

#endif
