/*
 * Members of a JSON object, if they are there and of the right type.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "tools/trace/member.h"

static bool holds(JsonNode *n, GType type)
{
    return n && JSON_NODE_HOLDS_VALUE(n) &&
           json_node_get_value_type(n) == type;
}

bool member_int(JsonObject *o, const char *name, int64_t *value)
{
    JsonNode *n = json_object_get_member(o, name);

    if (!holds(n, G_TYPE_INT64)) {
        return false;
    }
    *value = json_node_get_int(n);
    return true;
}

static const char *node_str(JsonNode *n)
{
    const char *s = holds(n, G_TYPE_STRING) ? json_node_get_string(n) : NULL;

    /* A lone surrogate makes what is not UTF-8. */
    return s && g_utf8_validate(s, -1, NULL) ? s : NULL;
}

const char *member_str(JsonObject *o, const char *name)
{
    return node_str(json_object_get_member(o, name));
}

bool member_hex(JsonObject *o, const char *name, uint64_t *value)
{
    const char *s = member_str(o, name);
    char *end;

    if (!s || s[0] != '0' || s[1] != 'x' || !g_ascii_isxdigit(s[2])) {
        return false;
    }
    *value = g_ascii_strtoull(s, &end, 16);
    return !*end;
}

bool member_bool(JsonObject *o, const char *name)
{
    JsonNode *n = json_object_get_member(o, name);

    return holds(n, G_TYPE_BOOLEAN) && json_node_get_boolean(n);
}

JsonObject *member_object(JsonObject *o, const char *name)
{
    JsonNode *n = json_object_get_member(o, name);

    return n && JSON_NODE_HOLDS_OBJECT(n) ? json_node_get_object(n) : NULL;
}

JsonArray *member_array(JsonObject *o, const char *name)
{
    JsonNode *n = json_object_get_member(o, name);

    return n && JSON_NODE_HOLDS_ARRAY(n) ? json_node_get_array(n) : NULL;
}

const char *element_str(JsonArray *a, unsigned i)
{
    return node_str(json_array_get_element(a, i));
}

bool member_is_bytes(JsonObject *o, const char *name)
{
    JsonArray *a = member_array(o, "latin1");

    for (unsigned i = 0; a && i < json_array_get_length(a); i++) {
        if (!g_strcmp0(element_str(a, i), name)) {
            return true;
        }
    }
    return false;
}
