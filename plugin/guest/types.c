/*
 * The guest kernel's types.
 *
 * libbpf 1.1, Debian 12's, checks the frame of BTF but not what the types
 * say of each other (that came with 1.3): check_types() does, before libbpf
 * sees a byte, on a copy that the guest can not change any more.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <bpf/btf.h>
#include <glib.h>
#include <string.h>

#include "guest/types.h"

#define BTF_SIZE_MIN    65536u
#define BTF_SIZE_MAX    (32u << 20)
#define STRUCT_MAX      (1u << 20)  /* bytes; more is no structure to us */
#define DEPTH_MAX       8           /* of anonymous members in each other */
#define CHAIN_MAX       32          /* of typedefs and qualifiers */
#define MEMBERS_MAX     100000      /* looked at for one that is sought */
#define NAME_LEN_MAX    64          /* of what we look for */

#define HEADER_LEN      24u         /* what libbpf knows of struct btf_header */

size_t guest_btf_length(const uint8_t *header)
{
    struct btf_header h;
    uint64_t types_end, strings_end;

    memcpy(&h, header, sizeof(h));
    /* The header grew to 32 bytes in 7.2; what is new is not needed. */
    if (h.magic != BTF_MAGIC || h.version != 1 || h.flags ||
        h.hdr_len < HEADER_LEN || h.hdr_len > 64 || h.hdr_len % 4) {
        return 0;
    }
    types_end = (uint64_t)h.type_off + h.type_len;
    strings_end = (uint64_t)h.str_off + h.str_len;
    if (h.type_off % 4 || h.type_len % 4 || types_end > h.str_off ||
        strings_end > BTF_SIZE_MAX || strings_end < BTF_SIZE_MIN ||
        !h.type_len || !h.str_len) {
        return 0;
    }
    return h.hdr_len + strings_end;
}

/* What stands behind a struct btf_type, by kind: bytes, and per member. */
static bool kind_size(unsigned kind, unsigned vlen, size_t *extra)
{
    switch (kind) {
    case BTF_KIND_PTR:
    case BTF_KIND_FWD:
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_CONST:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_FUNC:
    case BTF_KIND_FLOAT:
    case BTF_KIND_TYPE_TAG:
        *extra = 0;
        return true;
    case BTF_KIND_INT:
    case BTF_KIND_VAR:
    case BTF_KIND_DECL_TAG:
        *extra = 4;
        return true;
    case BTF_KIND_ARRAY:
        *extra = sizeof(struct btf_array);
        return true;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        *extra = vlen * sizeof(struct btf_member);
        return true;
    case BTF_KIND_ENUM:
        *extra = vlen * sizeof(struct btf_enum);
        return true;
    case BTF_KIND_ENUM64:
        *extra = vlen * sizeof(struct btf_enum64);
        return true;
    case BTF_KIND_FUNC_PROTO:
        *extra = vlen * sizeof(struct btf_param);
        return true;
    case BTF_KIND_DATASEC:
        *extra = vlen * sizeof(struct btf_var_secinfo);
        return true;
    default:
        return false;
    }
}

typedef struct Blob {
    const uint8_t *types;
    size_t types_len;
    const char *strings;
    size_t strings_len;
    uint32_t count;         /* types, with void */
    uint32_t highest;       /* type that another one refers to */
} Blob;

static bool good_name(const Blob *b, uint32_t offset)
{
    return offset < b->strings_len;
}

static bool refers_to_type(unsigned kind)
{
    switch (kind) {
    case BTF_KIND_PTR:
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_CONST:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_FUNC:
    case BTF_KIND_FUNC_PROTO:
    case BTF_KIND_VAR:
    case BTF_KIND_DECL_TAG:
    case BTF_KIND_TYPE_TAG:
        return true;
    default:
        return false;
    }
}

static void refer(Blob *b, uint32_t type)
{
    b->highest = MAX(b->highest, type);
}

/* Every name and every type that @t, with its @vlen members, refers to. */
static bool check_type(Blob *b, const struct btf_type *t)
{
    unsigned kind = btf_kind(t), vlen = btf_vlen(t);
    bool good = good_name(b, t->name_off);

    if (refers_to_type(kind)) {
        refer(b, t->type);
    }
    switch (kind) {
    case BTF_KIND_ARRAY:
        refer(b, btf_array(t)->type);
        refer(b, btf_array(t)->index_type);
        break;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        for (unsigned i = 0; i < vlen; i++) {
            good &= good_name(b, btf_members(t)[i].name_off);
            refer(b, btf_members(t)[i].type);
        }
        break;
    case BTF_KIND_ENUM:
        for (unsigned i = 0; i < vlen; i++) {
            good &= good_name(b, btf_enum(t)[i].name_off);
        }
        break;
    case BTF_KIND_ENUM64:
        for (unsigned i = 0; i < vlen; i++) {
            good &= good_name(b, btf_enum64(t)[i].name_off);
        }
        break;
    case BTF_KIND_FUNC_PROTO:
        for (unsigned i = 0; i < vlen; i++) {
            good &= good_name(b, btf_params(t)[i].name_off);
            refer(b, btf_params(t)[i].type);
        }
        break;
    case BTF_KIND_DATASEC:
        for (unsigned i = 0; i < vlen; i++) {
            refer(b, btf_var_secinfos(t)[i].type);
        }
        break;
    }
    return good;
}

/* The next type, or NULL at the end or where the section breaks off. */
static const struct btf_type *next_type(const Blob *b, size_t *at)
{
    const struct btf_type *t = (const void *)(b->types + *at);
    size_t extra;

    if (b->types_len - *at < sizeof(*t) ||
        !kind_size(btf_kind(t), btf_vlen(t), &extra) ||
        b->types_len - *at - sizeof(*t) < extra) {
        return NULL;
    }
    *at += sizeof(*t) + extra;
    return t;
}

static bool check_types(Blob *b, const char **why)
{
    bool good = true;
    size_t at = 0;

    if (b->strings[0] || b->strings[b->strings_len - 1]) {
        *why = "the strings of the BTF do not begin and end with a zero";
        return false;
    }
    for (b->count = 1; at < b->types_len; b->count++) {
        const struct btf_type *t = next_type(b, &at);

        if (!t) {
            *why = "the BTF has a type that is cut off or of a kind that "
                   "is not known";
            return false;
        }
        good &= check_type(b, t);
    }
    if (!good || b->highest >= b->count) {
        *why = "the BTF has a type that refers to one, or to a name, "
               "that is not there";
        return false;
    }
    return true;
}

/* --- Looking up ---------------------------------------------------------- */

/* Without typedefs and qualifiers; NULL when that has no end. */
static const struct btf_type *plain_type(const struct btf *btf, uint32_t id)
{
    for (unsigned i = 0; i < CHAIN_MAX; i++) {
        const struct btf_type *t = btf__type_by_id(btf, id);

        if (!t) {
            return NULL;
        }
        switch (btf_kind(t)) {
        case BTF_KIND_TYPEDEF:
        case BTF_KIND_VOLATILE:
        case BTF_KIND_CONST:
        case BTF_KIND_RESTRICT:
        case BTF_KIND_TYPE_TAG:
            id = t->type;
            break;
        default:
            return t;
        }
    }
    return NULL;
}

/* Bytes; 0 when it has no size or an absurd one. */
static uint32_t type_size(const struct btf *btf, uint32_t id)
{
    uint64_t count = 1;

    for (unsigned i = 0; i < CHAIN_MAX; i++) {
        const struct btf_type *t = plain_type(btf, id);

        if (!t) {
            return 0;
        }
        switch (btf_kind(t)) {
        case BTF_KIND_ARRAY:
            count *= btf_array(t)->nelems;
            id = btf_array(t)->type;
            if (count > STRUCT_MAX) {
                return 0;
            }
            break;
        case BTF_KIND_PTR:
            return count * 8;
        case BTF_KIND_INT:
        case BTF_KIND_STRUCT:
        case BTF_KIND_UNION:
        case BTF_KIND_ENUM:
        case BTF_KIND_ENUM64:
        case BTF_KIND_FLOAT:
            count *= t->size;
            return count <= STRUCT_MAX ? count : 0;
        default:
            return 0;
        }
    }
    return 0;
}

/*
 * Member @name, @len letters long, of @t; in anonymous members too, of which
 * a forged BTF may have any number in each other: no more than *@budget.
 */
static bool find_member(const struct btf *btf, const struct btf_type *t,
                        const char *name, size_t len, unsigned depth,
                        unsigned *budget, uint64_t *bits, uint32_t *type,
                        unsigned *bit_size)
{
    if (!btf_is_composite(t) || depth > DEPTH_MAX) {
        return false;
    }
    for (unsigned i = 0; i < btf_vlen(t) && *budget; i++) {
        const struct btf_member *m = btf_members(t) + i;
        const char *its = btf__name_by_offset(btf, m->name_off);
        uint64_t offset = btf_member_bit_offset(t, i);

        /* Before those further in take theirs: it must not pass zero. */
        --*budget;
        if (!its) {
            return false;
        }
        if (!*its) {
            const struct btf_type *inner = plain_type(btf, m->type);

            if (inner && find_member(btf, inner, name, len, depth + 1,
                                     budget, bits, type, bit_size)) {
                *bits += offset;
                return true;
            }
        } else if (!strncmp(its, name, len) && !its[len]) {
            *bits = offset;
            *type = m->type;
            *bit_size = btf_member_bitfield_size(t, i);
            return true;
        }
    }
    return false;
}

/* One alternative of a path, up to '|' or the end. */
static bool find_path(const struct btf *btf, const struct btf_type *t,
                      const char *path, size_t len, GuestField *field)
{
    uint64_t bits = 0;
    uint32_t type = 0, whole = t->size;
    unsigned bit_size = 0, budget = MEMBERS_MAX;

    while (t) {
        const char *dot = memchr(path, '.', len);
        size_t n = dot ? (size_t)(dot - path) : len;
        uint64_t offset;

        if (!find_member(btf, t, path, n, 0, &budget, &offset, &type,
                         &bit_size)) {
            return false;
        }
        bits += offset;
        if (!dot) {
            break;
        }
        path += n + 1;
        len -= n + 1;
        t = plain_type(btf, type);
    }
    if (!t || bit_size > 32) {
        return false;
    }
    field->bit_size = bit_size;
    field->bit_shift = bit_size ? bits % 8 : 0;
    field->offset = bits / 8;
    field->size = bit_size ? (field->bit_shift + bit_size + 7) / 8 :
        type_size(btf, type);
    /* A flexible array has no size: what it begins with is read. */
    if (!field->size) {
        const struct btf_type *last = plain_type(btf, type);

        if (last && btf_is_array(last)) {
            field->size = type_size(btf, btf_array(last)->type);
        }
    }
    return field->size && field->size <= STRUCT_MAX && whole <= STRUCT_MAX &&
        bits / 8 <= whole;
}

static bool find_in(const struct btf *btf, const struct btf_type *t,
                    const char *path, GuestField *field)
{
    while (true) {
        size_t len = strcspn(path, "|");

        if (find_path(btf, t, path, len, field)) {
            return true;
        }
        memset(field, 0, sizeof(*field));
        if (!path[len]) {
            return false;
        }
        path += len + 1;
    }
}

bool guest_types_member(const struct btf *btf, const char *structure,
                        const char *path, GuestField *field)
{
    int32_t id = btf__find_by_name_kind(btf, structure, BTF_KIND_STRUCT);
    const struct btf_type *t = id > 0 ? btf__type_by_id(btf, id) : NULL;

    memset(field, 0, sizeof(*field));
    return t && find_in(btf, t, path, field);
}

static const struct {
    const char *structure;
    const char *member;
    bool needed;
} wanted[GUEST_FIELD_COUNT] = {
#define X(id, structure, member, needed) \
    [F_ ## id] = { structure, member, needed },
    GUEST_FIELDS(X)
#undef X
};

static const char *const percpu_names[GUEST_PERCPU_COUNT] = {
#define X(name) [P_ ## name] = #name,
    GUEST_PERCPUS(X)
#undef X
};

static void read_percpu(GuestTypes *t, const struct btf_type *section)
{
    for (unsigned i = 0; i < btf_vlen(section); i++) {
        const struct btf_var_secinfo *v = btf_var_secinfos(section) + i;
        const struct btf_type *var = btf__type_by_id(t->btf, v->type);
        const char *name = var && btf_is_var(var) ?
            btf__name_by_offset(t->btf, var->name_off) : NULL;

        for (unsigned p = 0; name && p < GUEST_PERCPU_COUNT; p++) {
            if (!strcmp(name, percpu_names[p])) {
                t->percpu[p].known = true;
                t->percpu[p].offset = v->offset;
            }
        }
    }
}

/*
 * One pass over all types: looking up each structure by itself would go over
 * more than 100,000 types each time.
 */
static GHashTable *index_types(GuestTypes *t)
{
    GHashTable *found = g_hash_table_new(g_str_hash, g_str_equal);
    uint32_t count = btf__type_cnt(t->btf);

    for (unsigned i = 0; i < GUEST_FIELD_COUNT; i++) {
        g_hash_table_insert(found, (char *)wanted[i].structure, NULL);
    }
    g_hash_table_insert(found, (char *)"pcpu_hot", NULL);
    g_hash_table_insert(found, (char *)"tss_struct", NULL);
    for (uint32_t id = 1; id < count; id++) {
        const struct btf_type *type = btf__type_by_id(t->btf, id);
        const char *name;
        gpointer key, value;

        if (!type || (!btf_is_struct(type) && !btf_is_datasec(type))) {
            continue;
        }
        name = btf__name_by_offset(t->btf, type->name_off);
        /* A name may be as long as all strings, for each of the types. */
        if (!name || strnlen(name, NAME_LEN_MAX) == NAME_LEN_MAX) {
            continue;
        }
        if (btf_is_datasec(type)) {
            if (!strcmp(name, ".data..percpu")) {
                read_percpu(t, type);
            }
        } else if (g_hash_table_lookup_extended(found, name, &key, &value) &&
                   !value && type->size) {
            g_hash_table_replace(found, key, (gpointer)type);
        }
    }
    return found;
}

static void lookup(GHashTable *index, const struct btf *btf,
                   const char *structure, const char *path, GuestField *field)
{
    const struct btf_type *t = g_hash_table_lookup(index, structure);

    if (t) {
        find_in(btf, t, path, field);
    }
}

static uint32_t struct_size(GHashTable *index, const char *structure)
{
    const struct btf_type *t = g_hash_table_lookup(index, structure);

    return t && t->size <= STRUCT_MAX ? t->size : 0;
}

static bool resolve(GuestTypes *t, const char **why)
{
    g_autoptr(GHashTable) index = index_types(t);

    for (unsigned i = 0; i < GUEST_FIELD_COUNT; i++) {
        lookup(index, t->btf, wanted[i].structure, wanted[i].member,
               &t->field[i]);
        if (wanted[i].needed && !t->field[i].size) {
            *why = "the BTF lacks a member of a task that is needed";
            return false;
        }
    }
    lookup(index, t->btf, "pcpu_hot", "current_task", &t->hot_current);
    lookup(index, t->btf, "pcpu_hot", "top_of_stack", &t->hot_top);
    lookup(index, t->btf, "tss_struct", "x86_tss.sp1", &t->tss_sp1);
    lookup(index, t->btf, "tss_struct", "x86_tss.sp2", &t->tss_sp2);
    t->sizeof_upid = struct_size(index, "upid");
    t->sizeof_unix_sock = struct_size(index, "unix_sock");
    t->sizeof_action = struct_size(index, "k_sigaction");
    return true;
}

/*
 * What libbpf gets: a header of the kind it knows, the types, the strings,
 * and nothing in between that it does not know.  Nearly always that is what
 * is there, and it is large: it is put right where it is.
 */
static struct btf_header *normalize(uint8_t *blob)
{
    struct btf_header h;
    uint8_t *types = blob + sizeof(h);

    memcpy(&h, blob, sizeof(h));
    /* Both move down or not at all, and the strings come second. */
    memmove(types, blob + h.hdr_len + h.type_off, h.type_len);
    memmove(types + h.type_len, blob + h.hdr_len + h.str_off, h.str_len);
    h.hdr_len = sizeof(h);
    h.type_off = 0;
    h.str_off = h.type_len;
    memcpy(blob, &h, sizeof(h));
    return (struct btf_header *)blob;
}

bool guest_types_load(GuestTypes *t, uint8_t *blob, size_t len,
                      const char **why)
{
    size_t need = len >= sizeof(struct btf_header) ?
        guest_btf_length(blob) : 0;
    const struct btf_header *h;
    Blob b;

    memset(t, 0, sizeof(*t));
    if (!need || need > len) {
        *why = "this is no BTF: its header is not sound";
        return false;
    }
    h = normalize(blob);
    b = (Blob) {
        .types = blob + sizeof(*h), .types_len = h->type_len,
        .strings = (const char *)blob + sizeof(*h) + h->str_off,
        .strings_len = h->str_len,
    };
    if (!check_types(&b, why)) {
        return false;
    }
    t->btf = btf__new(blob, sizeof(*h) + h->type_len + h->str_len);
    if (!t->btf) {
        *why = "libbpf can not read the BTF";
        return false;
    }
    if (!resolve(t, why)) {
        guest_types_free(t);
        return false;
    }
    return true;
}

void guest_types_free(GuestTypes *t)
{
    btf__free(t->btf);
    memset(t, 0, sizeof(*t));
}
