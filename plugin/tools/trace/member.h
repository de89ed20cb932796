/*
 * Members of a JSON object, if they are there and of the right type.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_TRACE_MEMBER_H
#define FRAIL_TRACE_MEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include <json-glib/json-glib.h>

/* False, and *@value as it was, when there is no such integer. */
bool member_int(JsonObject *o, const char *name, int64_t *value);
/* Hexadecimal, in a string: "0x1f". */
bool member_hex(JsonObject *o, const char *name, uint64_t *value);
/* Valid UTF-8, or NULL. */
const char *member_str(JsonObject *o, const char *name);
bool member_bool(JsonObject *o, const char *name);
JsonObject *member_object(JsonObject *o, const char *name);
JsonArray *member_array(JsonObject *o, const char *name);
/* An element of an array, as member_str(). */
const char *element_str(JsonArray *a, unsigned i);

/* Does the list "latin1" say that @name's characters are bytes? */
bool member_is_bytes(JsonObject *o, const char *name);

#endif /* FRAIL_TRACE_MEMBER_H */
