/*
 * Arguments about the kernel's keys.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/keyctl.h>

#include "decode/kinds/kinds.h"
#include "decode/print/members.h"
#include "decode/print/iovec.h"

void arg_keyring(Arg *a)
{
    const char *name = xlat_name(&xlat_key_specs, (uint32_t)a->value);

    if (name) {
        text_str(a->p->out, name);
    } else {
        arg_int(a);
    }
}

typedef enum KeyKind {
    NONE, KEY, STR, BUFFER, OUT, OUT_STR, INT, LONG, USER, NUMBER, ERRNO,
    PERM, REQKEY, HEX, MOVE, CAPS, IOVEC, DH_KEYS, DH_OUT, KDF, PKEY,
    PKEY_IN, PKEY_OUT, PKEY_SECOND, QUERY,
} KeyKind;

/* The arguments behind the first one, and which is the length of a buffer. */
typedef struct KeyOption {
    uint8_t kind[4];
    uint8_t length;
} KeyOption;

#define PKEY_OP { { PKEY, STR, PKEY_IN, PKEY_OUT }, 0 }

static const KeyOption key_options[] = {
    [KEYCTL_GET_KEYRING_ID] = { { KEY, INT }, 0 },
    [KEYCTL_JOIN_SESSION_KEYRING] = { { STR }, 0 },
    [KEYCTL_UPDATE] = { { KEY, BUFFER, LONG }, 3 },
    [KEYCTL_REVOKE] = { { KEY }, 0 },
    [KEYCTL_CHOWN] = { { KEY, USER, USER }, 0 },
    [KEYCTL_SETPERM] = { { KEY, PERM }, 0 },
    [KEYCTL_DESCRIBE] = { { KEY, OUT_STR, LONG }, 3 },
    [KEYCTL_CLEAR] = { { KEY }, 0 },
    [KEYCTL_LINK] = { { KEY, KEY }, 0 },
    [KEYCTL_UNLINK] = { { KEY, KEY }, 0 },
    [KEYCTL_SEARCH] = { { KEY, STR, STR, KEY }, 0 },
    [KEYCTL_READ] = { { KEY, OUT, LONG }, 3 },
    [KEYCTL_INSTANTIATE] = { { KEY, BUFFER, LONG, KEY }, 3 },
    [KEYCTL_NEGATE] = { { KEY, NUMBER, KEY }, 0 },
    [KEYCTL_SET_REQKEY_KEYRING] = { { REQKEY }, 0 },
    [KEYCTL_SET_TIMEOUT] = { { KEY, NUMBER }, 0 },
    [KEYCTL_ASSUME_AUTHORITY] = { { KEY }, 0 },
    [KEYCTL_GET_SECURITY] = { { KEY, OUT_STR, LONG }, 3 },
    [KEYCTL_SESSION_TO_PARENT] = { { NONE }, 0 },
    [KEYCTL_REJECT] = { { KEY, NUMBER, ERRNO, KEY }, 0 },
    [KEYCTL_INSTANTIATE_IOV] = { { KEY, IOVEC, LONG, KEY }, 3 },
    [KEYCTL_INVALIDATE] = { { KEY }, 0 },
    [KEYCTL_GET_PERSISTENT] = { { USER, KEY }, 0 },
    [KEYCTL_DH_COMPUTE] = { { DH_KEYS, DH_OUT, LONG, KDF }, 3 },
    [KEYCTL_PKEY_QUERY] = { { KEY, HEX, STR, QUERY }, 0 },
    [KEYCTL_PKEY_ENCRYPT] = PKEY_OP,
    [KEYCTL_PKEY_DECRYPT] = PKEY_OP,
    [KEYCTL_PKEY_SIGN] = PKEY_OP,
    [KEYCTL_PKEY_VERIFY] = { { PKEY, STR, PKEY_IN, PKEY_SECOND }, 0 },
    [KEYCTL_RESTRICT_KEYRING] = { { KEY, STR, STR }, 0 },
    [KEYCTL_MOVE] = { { KEY, KEY, KEY, MOVE }, 0 },
    [KEYCTL_CAPABILITIES] = { { CAPS, LONG }, 2 },
};

#define KEY_OPTIONS (sizeof(key_options) / sizeof(key_options[0]))

/* What the kernel has written of @len bytes; the result is what there was. */
static void print_out(Arg *a, uint64_t len, bool string)
{
    uint64_t had = a->p->result;

    /* A string's zero is not shown. */
    if (string && had && had <= len) {
        had--;
    }
    print_buffer(a->p, a->value, len < had ? len : had);
}

/* ", __spare=[0, 0x1]", unless all are zero. */
static void print_spare(Printer *p, const uint32_t *spare, unsigned n)
{
    uint32_t any = 0;

    for (unsigned i = 0; i < n; i++) {
        any |= spare[i];
    }
    if (!any) {
        return;
    }
    print_member(p, "__spare");
    text_char(p->out, '[');
    for (unsigned i = 0; i < n; i++) {
        print_next(p);
        text_hex(p->out, spare[i]);
    }
    text_char(p->out, ']');
}

static void print_capabilities(Arg *a, uint64_t len)
{
    Printer *p = a->p;
    uint8_t caps[2];
    uint64_t n = (uint64_t)p->result < len ? (uint64_t)p->result : len;

    if (n > sizeof(caps)) {
        n = sizeof(caps);
    }
    if (!a->value || !printer_read(p, a->value, caps, n)) {
        print_addr(p, a->value);
        return;
    }
    text_char(p->out, '[');
    for (unsigned i = 0; i < n; i++) {
        print_next(p);
        print_flags(p->out, i ? &xlat_keyctl_caps1 : &xlat_keyctl_caps0,
                    caps[i]);
    }
    text_char(p->out, ']');
}

static void print_dh_keys(Arg *a)
{
    static const char *const names[] = { "private", "prime", "base" };
    Printer *p = a->p;
    int32_t key[3];

    if (!a->value || !printer_read(p, a->value, key, sizeof(key))) {
        print_addr(p, a->value);
        return;
    }
    text_char(p->out, '{');
    for (unsigned i = 0; i < 3; i++) {
        Arg one = { .p = p, .value = (uint32_t)key[i] };

        print_member(p, names[i]);
        arg_keyring(&one);
    }
    text_char(p->out, '}');
}

/* struct keyctl_kdf_params, with pointers of the caller's. */
static void print_kdf(Arg *a)
{
    Printer *p = a->p;
    unsigned word = printer_word(p);
    uint64_t hash, other;
    uint32_t rest[9];

    if (!a->value || !printer_read_word(p, a->value, &hash) ||
        !printer_read_word(p, a->value + word, &other) ||
        !printer_read(p, a->value + 2 * word, rest, sizeof(rest))) {
        print_addr(p, a->value);
        return;
    }
    text_str(p->out, "{hashname=");
    print_string(p, hash, p->opts->string_limit);
    print_member(p, "otherinfo");
    print_buffer(p, other, rest[0]);
    print_member(p, "otherinfolen");
    text_udec(p->out, rest[0]);
    print_spare(p, rest + 1, 8);
    text_char(p->out, '}');
}

/* --- Public keys ---------------------------------------------------------- */

static bool read_pkey(Printer *p, struct keyctl_pkey_params *params)
{
    uint64_t at = p->call->args[1];

    return at && printer_read(p, at, params, sizeof(*params));
}

static void print_pkey(Arg *a)
{
    Printer *p = a->p;
    struct keyctl_pkey_params params;
    Arg key = { .p = p };

    if (!read_pkey(p, &params)) {
        print_addr(p, a->value);
        return;
    }
    text_str(p->out, "{key_id=");
    key.value = (uint32_t)params.key_id;
    arg_keyring(&key);
    print_member(p, "in_len");
    text_udec(p->out, params.in_len);
    print_member(p, (uint32_t)p->call->args[0] == KEYCTL_PKEY_VERIFY ?
                 "in2_len" : "out_len");
    text_udec(p->out, params.out_len);
    print_spare(p, params.__spare, 7);
    text_char(p->out, '}');
}

/* A buffer whose length stands among the parameters. */
static void print_pkey_in(Arg *a, bool second)
{
    struct keyctl_pkey_params params;

    if (read_pkey(a->p, &params)) {
        print_buffer(a->p, a->value, second ? params.in2_len : params.in_len);
    } else {
        print_addr(a->p, a->value);
    }
}

static void print_query(Arg *a)
{
    static const Member fields[] = {
        FIELD_X(struct keyctl_pkey_query, supported_ops, FLAGS,
                keyctl_pkey_ops),
        FIELD(struct keyctl_pkey_query, key_size, UINT),
        FIELD(struct keyctl_pkey_query, max_data_size, UINT),
        FIELD(struct keyctl_pkey_query, max_sig_size, UINT),
        FIELD(struct keyctl_pkey_query, max_enc_size, UINT),
        FIELD(struct keyctl_pkey_query, max_dec_size, UINT),
        MEMBER_END
    };
    struct keyctl_pkey_query query;
    Printer *p = a->p;

    if (!a->value || !printer_read(p, a->value, &query, sizeof(query))) {
        print_addr(p, a->value);
        return;
    }
    text_char(p->out, '{');
    print_fields(p, &query, sizeof(query), fields);
    print_spare(p, query.__spare, 10);
    text_char(p->out, '}');
}

/* --- Any of them ---------------------------------------------------------- */

static void print_key_arg(Arg *a, KeyKind kind, uint64_t length)
{
    Printer *p = a->p;
    const char *name;

    switch (kind) {
    case NONE:
        a->absent = true;
        break;
    case KEY:
        arg_keyring(a);
        break;
    case STR:
        arg_str(a);
        break;
    case BUFFER:
        print_buffer(p, a->value, length);
        break;
    case OUT:
    case OUT_STR:
    case DH_OUT:
        if (arg_written(a)) {
            print_out(a, length, kind == OUT_STR);
        }
        break;
    case INT:
        arg_int(a);
        break;
    case LONG:
        arg_ulong(a);
        break;
    case USER:
        arg_uid(a);
        break;
    case NUMBER:
        arg_uint(a);
        break;
    case ERRNO:
        name = frail_errno_name((int)a->value);
        if (name) {
            text_str(p->out, name);
        } else {
            arg_uint(a);
        }
        break;
    case PERM:
        print_flags(p->out, &xlat_key_perms, (uint32_t)a->value);
        break;
    case REQKEY:
        print_enum_dec(p->out, &xlat_key_reqkeys, (int32_t)a->value);
        break;
    case HEX:
        arg_hex(a);
        break;
    case MOVE:
        print_flags(p->out, &xlat_keyctl_move_flags, (uint32_t)a->value);
        break;
    case CAPS:
        if (arg_written(a)) {
            print_capabilities(a, length);
        }
        break;
    case IOVEC:
        print_iovec(p, a->value, length, IOVEC_STRING, UINT64_MAX, -1);
        break;
    case DH_KEYS:
        print_dh_keys(a);
        break;
    case KDF:
        print_kdf(a);
        break;
    case PKEY:
        print_pkey(a);
        break;
    case PKEY_IN:
    case PKEY_SECOND:
        print_pkey_in(a, kind == PKEY_SECOND);
        break;
    case PKEY_OUT:
        if (arg_written(a)) {
            print_buffer(p, a->value, p->result);
        }
        break;
    case QUERY:
        if (arg_written(a)) {
            print_query(a);
        }
        break;
    }
}

static void keyctl_arg(Arg *a, unsigned i)
{
    uint32_t option = arg_ref(a);
    const KeyOption *o;

    if (option >= KEY_OPTIONS) {
        a->raw = true;
        arg_hex(a);
        return;
    }
    o = &key_options[option];
    print_key_arg(a, (KeyKind)o->kind[i], a->p->call->args[o->length]);
}

void arg_keyctl2(Arg *a)
{
    keyctl_arg(a, 0);
}

void arg_keyctl3(Arg *a)
{
    keyctl_arg(a, 1);
}

void arg_keyctl4(Arg *a)
{
    keyctl_arg(a, 2);
}

void arg_keyctl5(Arg *a)
{
    keyctl_arg(a, 3);
}
