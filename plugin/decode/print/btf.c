/*
 * Printer of any structure that the guest's own BTF describes.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <bpf/btf.h>
#include <glib.h>

#include "decode/print/members.h"
#include "decode/print/btf.h"

#define DEPTH_MAX   8       /* structures and arrays in each other */
#define CHAIN_MAX   32      /* typedefs and qualifiers */
#define VALUES_MAX  512     /* of one structure, all in all */
#define WORK_MAX    16384   /* members and enumerators that are looked at */
#define NAME_SHOWN    64      /* bytes of a name that are shown */
#define NO_STRUCT   UINT32_MAX

typedef struct Walk {
    Printer *p;
    const struct btf *btf;
    const uint8_t *data;
    uint64_t bits;          /* of the data */
    unsigned left;          /* values that may still be printed */
    unsigned work;          /* and members that may still be looked at */
} Walk;

static void print_value(Walk *w, uint32_t id, uint64_t at, unsigned width,
                        unsigned depth);

/* --- Types -------------------------------------------------------------- */

/* What a type is behind its typedefs and qualifiers; NULL: nothing sound. */
static const struct btf_type *strip(const struct btf *btf, uint32_t id)
{
    for (unsigned i = 0; i < CHAIN_MAX; i++) {
        const struct btf_type *t = id ? btf__type_by_id(btf, id) : NULL;

        if (!t || (!btf_is_mod(t) && !btf_is_typedef(t))) {
            return t;
        }
        id = t->type;
    }
    return NULL;
}

static const char *name_of(const struct btf *btf, uint32_t offset)
{
    const char *name = offset ? btf__name_by_offset(btf, offset) : NULL;

    return name && *name ? name : NULL;
}

static void print_name(Walk *w, uint32_t offset)
{
    const char *name = name_of(w->btf, offset);

    size_t n = name ? strnlen(name, NAME_SHOWN) : 0;
    size_t good = 0;

    while (good < n && (g_ascii_isalnum(name[good]) || name[good] == '_')) {
        good++;
    }
    if (!n) {
        text_char(w->p->out, '?');
    } else if (good == n) {
        text_bytes(w->p->out, name, n);
    } else {
        /* A guest may call its members what it likes. */
        text_escaped(w->p->out, name, n, "\"{}=,");
    }
}

static bool is_char(const struct btf *btf, uint32_t id)
{
    const struct btf_type *t = strip(btf, id);
    const char *name;

    if (!t || !btf_is_int(t) || t->size != 1) {
        return false;
    }
    name = name_of(btf, t->name_off);
    return (btf_int_encoding(t) & BTF_INT_CHAR) || (name &&
           !strcmp(name, "char"));
}

/* Bytes of a type; 0 when that is not known. */
static uint64_t size_of(const struct btf *btf, uint32_t id, unsigned depth)
{
    const struct btf_type *t = strip(btf, id);
    uint64_t size;

    if (!t || depth > DEPTH_MAX) {
        return 0;
    }
    switch (btf_kind(t)) {
    case BTF_KIND_INT:
    case BTF_KIND_FLOAT:
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        return t->size;
    case BTF_KIND_PTR:
        return 8;
    case BTF_KIND_ARRAY:
        /* Two of 32 bits, at each depth: saturate. */
        size = size_of(btf, btf_array(t)->type, depth + 1);
        if (__builtin_mul_overflow(size, btf_array(t)->nelems, &size)) {
            return 0;
        }
        return size;
    default:
        return 0;
    }
}

/* --- Values ------------------------------------------------------------- */

/* @width bits, 1 to 64, from bit @at on; false when they are not there. */
static bool get_bits(const Walk *w, uint64_t at, unsigned width,
                     uint64_t *value)
{
    unsigned shift = at % 8;
    uint64_t low = 0;
    uint8_t byte[9] = { 0 };

    if (!width || width > 64 || at > w->bits || w->bits - at < width) {
        return false;
    }
    memcpy(byte, w->data + at / 8, (shift + width + 7) / 8);
    memcpy(&low, byte, sizeof(low));
    low >>= shift;
    if (shift) {
        low |= (uint64_t)byte[8] << (64 - shift);
    }
    *value = width == 64 ? low : low & ((1ull << width) - 1);
    return true;
}

static int64_t sign_extend(uint64_t value, unsigned width)
{
    return (int64_t)(value << (64 - width)) >> (64 - width);
}

static void print_unknown(Walk *w)
{
    text_str(w->p->out, "???");
}

static void print_number(Walk *w, const struct btf_type *t, uint64_t at,
                         unsigned width)
{
    bool is_int = btf_is_int(t);
    uint64_t value;

    if (!width) {
        width = is_int ? btf_int_bits(t) : t->size * 8;
        /* Bit fields of old: within their own integer. */
        at += is_int ? btf_int_offset(t) : 0;
    }
    if (!get_bits(w, at, width, &value)) {
        print_unknown(w);
    } else if (is_int && (btf_int_encoding(t) & BTF_INT_SIGNED)) {
        text_dec(w->p->out, sign_extend(value, width));
    } else if (is_int) {
        text_udec(w->p->out, value);
    } else {
        text_hex(w->p->out, value);
    }
}

static void print_enumerator(Walk *w, const struct btf_type *t, uint64_t at,
                             unsigned width)
{
    uint64_t value, mask;
    bool is_signed = btf_kflag(t);

    width = width ? width : t->size * 8;
    if (!get_bits(w, at, width, &value)) {
        print_unknown(w);
        return;
    }
    mask = width >= 64 ? UINT64_MAX : (1ull << width) - 1;
    for (unsigned i = 0; i < btf_vlen(t) && w->work; i++, w->work--) {
        uint32_t name;
        uint64_t v;

        if (btf_is_enum64(t)) {
            name = btf_enum64(t)[i].name_off;
            v = btf_enum64_value(&btf_enum64(t)[i]);
        } else {
            name = btf_enum(t)[i].name_off;
            v = (int64_t)btf_enum(t)[i].val;
        }
        if ((v & mask) == value) {
            print_name(w, name);
            return;
        }
    }
    if (is_signed) {
        text_dec(w->p->out, sign_extend(value, width));
    } else {
        text_udec(w->p->out, value);
    }
}

static void print_char_array(Walk *w, uint64_t at, uint64_t count)
{
    uint64_t room = at > w->bits ? 0 : (w->bits - at) / 8;

    if (at % 8 || count > room) {
        print_unknown(w);
        return;
    }
    print_text(w->p, w->data + at / 8, count);
}

static void print_btf_elements(Walk *w, const struct btf_type *t,
                               uint64_t at, unsigned depth)
{
    const struct btf_array *a = btf_array(t);
    uint64_t size = size_of(w->btf, a->type, depth);
    uint64_t limit = w->p->opts->string_limit;

    if (is_char(w->btf, a->type)) {
        print_char_array(w, at, a->nelems);
        return;
    }
    text_char(w->p->out, '[');
    for (uint64_t i = 0; i < a->nelems; i++) {
        print_comma(w->p, i);
        if (i >= limit || !w->left || !size || at > w->bits) {
            text_str(w->p->out, "...");
            break;
        }
        print_value(w, a->type, at, 0, depth);
        at += size * 8;
    }
    text_char(w->p->out, ']');
}

/* An anonymous member's own members are the structure's. */
static void print_struct_members(Walk *w, const struct btf_type *t,
                                 uint64_t at, unsigned depth, bool *begun)
{
    const struct btf_member *m = btf_members(t);

    for (unsigned i = 0; i < btf_vlen(t) && w->work; i++, m++) {
        uint32_t offset = btf_member_bit_offset(t, i);
        unsigned width = btf_member_bitfield_size(t, i);
        const struct btf_type *mt = strip(w->btf, m->type);

        w->work--;
        if (!name_of(w->btf, m->name_off) && mt && btf_is_composite(mt) &&
            depth < DEPTH_MAX) {
            print_struct_members(w, mt, at + offset, depth + 1, begun);
            continue;
        }
        if (!name_of(w->btf, m->name_off)) {
            continue;       /* padding */
        }
        text_str(w->p->out, *begun ? ", " : "");
        *begun = true;
        if (!w->left) {
            text_str(w->p->out, "...");
            return;
        }
        print_name(w, m->name_off);
        text_char(w->p->out, '=');
        print_value(w, m->type, at + offset, width, depth);
    }
}

static void print_value(Walk *w, uint32_t id, uint64_t at, unsigned width,
                        unsigned depth)
{
    const struct btf_type *t = strip(w->btf, id);
    bool begun = false;
    uint64_t value;

    if (!w->left || depth > DEPTH_MAX) {
        text_str(w->p->out, "...");
        return;
    }
    w->left--;
    switch (t ? btf_kind(t) : BTF_KIND_UNKN) {
    case BTF_KIND_INT:
    case BTF_KIND_FLOAT:
        print_number(w, t, at, width);
        break;
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
        print_enumerator(w, t, at, width);
        break;
    case BTF_KIND_PTR:
        if (get_bits(w, at, 64, &value)) {
            print_addr(w->p, value);
        } else {
            print_unknown(w);
        }
        break;
    case BTF_KIND_ARRAY:
        print_btf_elements(w, t, at, depth + 1);
        break;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        text_char(w->p->out, '{');
        print_struct_members(w, t, at, depth + 1, &begun);
        text_char(w->p->out, '}');
        break;
    default:
        print_unknown(w);
        break;
    }
}

/* --- From outside ------------------------------------------------------- */

void print_btf_bytes(Printer *p, const struct btf *btf, uint32_t id,
                     const void *bytes, size_t len)
{
    Walk w = {
        .p = p,
        .btf = btf,
        .data = bytes,
        .bits = (uint64_t)len * 8,
        .left = VALUES_MAX,
        .work = WORK_MAX,
    };

    print_value(&w, id, 0, 0, 0);
}

void print_btf(Printer *p, const struct btf *btf, uint32_t id, uint64_t addr)
{
    uint8_t buf[BTF_STRUCT_MAX];
    uint64_t size = size_of(btf, id, 0);

    if (!printer_fetch(p, addr)) {
        return;
    }
    if (!size || size > sizeof(buf) || !printer_read(p, addr, buf, size)) {
        print_addr(p, addr);
        return;
    }
    print_btf_bytes(p, btf, id, buf, size);
}

/* The word at *@s, behind blanks; its length. */
static size_t next_word(const char **s)
{
    size_t n;

    while (**s == ' ') {
        ++*s;
    }
    n = strcspn(*s, " *");
    return n;
}

uint32_t btf_struct_of_pointer(const struct btf *btf, const char *c_type)
{
    const char *s = c_type;
    unsigned kind = 0;
    char name[128];

    for (;;) {
        size_t n = next_word(&s);

        if (n == 5 && !memcmp(s, "const", 5)) {
            s += n;
        } else if (n == 6 && !memcmp(s, "struct", 6)) {
            kind = BTF_KIND_STRUCT;
            s += n;
        } else if (n == 5 && !memcmp(s, "union", 5)) {
            kind = BTF_KIND_UNION;
            s += n;
        } else if (!kind || !n || n >= sizeof(name)) {
            return 0;
        } else {
            memcpy(name, s, n);
            name[n] = '\0';
            s += n;
            break;
        }
    }
    /* One star, and "__user" or "const" beside it. */
    s = strchr(s, '*');
    if (!s || strchr(s + 1, '*')) {
        return 0;
    }
    int32_t id = btf__find_by_name_kind(btf, name, kind);

    return id > 0 ? id : 0;
}

/* 0 when the guest's table does not say. */
static uint32_t lookup_arg(FrailGuestCpu *cpu, const struct btf *btf,
                           int64_t nr, unsigned arg)
{
    const GuestSyscall *s = guest_syscall(cpu, nr);

    if (!s || arg >= s->nargs || arg >= 6 || !s->type[arg]) {
        return 0;
    }
    return btf_struct_of_pointer(btf, s->type[arg]);
}

bool print_btf_arg(Printer *p, BtfArgs *args, unsigned arg, uint64_t addr)
{
    const struct btf *btf = p->guest ? guest_btf(p->guest) : NULL;
    int64_t nr = p->call->nr;
    uint32_t id;

    if (!btf || p->call->abi != CALL_ABI_X86_64 || nr < 0 ||
        nr >= BTF_ARGS_CALLS || arg >= 6) {
        return false;
    }
    id = __atomic_load_n(&args->id[nr][arg], __ATOMIC_RELAXED);
    if (!id) {
        /* Two vCPUs at once find the same. */
        id = lookup_arg(p->guest, btf, nr, arg);
        id = id ? id : NO_STRUCT;
        __atomic_store_n(&args->id[nr][arg], id, __ATOMIC_RELAXED);
    }
    if (id == NO_STRUCT) {
        return false;
    }
    print_btf(p, btf, id, addr);
    return true;
}
