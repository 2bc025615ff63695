#ifndef PROBE_H
#define PROBE_H

#include "script.h"

/* Commands of a variant of the probe; false if c is not one of them. */
bool probe_more(const command *c);

#endif
