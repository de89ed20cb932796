/*
 * Arguments that are numbers, names and buffers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "decode/kinds/kinds.h"
#include "decode/result.h"

bool arg_written(Arg *a)
{
    if (!a->p->at_return) {
        a->later = true;
        return false;
    }
    if (a->p->failed) {
        print_addr(a->p, a->value);
        return false;
    }
    return true;
}

/* --- Numbers ------------------------------------------------------------- */

void arg_raw(Arg *a)
{
    a->raw = true;
    text_hex(a->p->out, a->value);
}

void arg_unused(Arg *a)
{
    a->absent = true;
}

void arg_int(Arg *a)
{
    text_dec(a->p->out, (int32_t)a->value);
}

void arg_uint(Arg *a)
{
    text_udec(a->p->out, (uint32_t)a->value);
}

void arg_long(Arg *a)
{
    text_dec(a->p->out, a->p->call->abi == CALL_ABI_I386 ?
             (int32_t)a->value : (int64_t)a->value);
}

void arg_ulong(Arg *a)
{
    text_udec(a->p->out, a->value);
}

void arg_hex(Arg *a)
{
    text_hex(a->p->out, a->value);
}

void arg_hex32(Arg *a)
{
    text_hex(a->p->out, (uint32_t)a->value);
}

void arg_addr(Arg *a)
{
    print_addr(a->p, a->value);
}

void arg_off(Arg *a)
{
    text_dec(a->p->out, (int64_t)a->value);
}

void arg_off_lh(Arg *a)
{
    text_dec(a->p->out, (int64_t)a->value);
}

void arg_off_high(Arg *a)
{
    const uint64_t *args = a->p->call->args;
    unsigned reg = a->spec->reg;

    text_dec(a->p->out, (int64_t)(args[reg] << 32 |
                                  (uint32_t)args[reg + 1]));
}

/* --- Descriptors, paths, strings, buffers -------------------------------- */

void arg_fd(Arg *a)
{
    print_fd(a->p, a->value);
}

void arg_dirfd(Arg *a)
{
    print_dirfd(a->p, a->value);
}

void arg_path(Arg *a)
{
    print_path(a->p, a->value);
}

void arg_str(Arg *a)
{
    print_string(a->p, a->value, a->p->opts->string_limit);
}

void arg_inbuf(Arg *a)
{
    print_buffer(a->p, a->value, arg_ref(a));
}

/* Longer than any name may be: the kernel does not look at it. */
void arg_hostname(Arg *a)
{
    if ((int32_t)arg_ref(a) < 0) {
        print_addr(a->p, a->value);
    } else {
        arg_inbuf(a);
    }
}

void arg_outbuf(Arg *a)
{
    if (arg_written(a)) {
        print_buffer(a->p, a->value, a->p->result);
    }
}

void arg_outbuf_str(Arg *a)
{
    arg_outbuf(a);
}

/* Bytes that are hardly text: "\x8b\x25" */
void arg_outbuf_hex(Arg *a)
{
    Printer *p = a->p;
    uint8_t buf[256];
    size_t limit = p->opts->string_limit, n;

    if (!arg_written(a)) {
        return;
    }
    if (limit > sizeof(buf)) {
        limit = sizeof(buf);
    }
    n = (uint64_t)p->result < limit ? (size_t)p->result : limit;
    if (!a->value || !printer_read(p, a->value, buf, n)) {
        print_addr(p, a->value);
        return;
    }
    text_char(p->out, '"');
    for (size_t i = 0; i < n; i++) {
        text_str(p->out, "\\x");
        text_char(p->out, "0123456789abcdef"[buf[i] >> 4]);
        text_char(p->out, "0123456789abcdef"[buf[i] & 15]);
    }
    text_char(p->out, '"');
    if (n < (uint64_t)p->result) {
        text_str(p->out, "...");
    }
}

/* Nothing is written when only the size is asked for. */
void arg_outlist(Arg *a)
{
    if (!arg_written(a)) {
        return;
    }
    if (!arg_ref(a)) {
        print_addr(a->p, a->value);
    } else {
        print_buffer(a->p, a->value, a->p->result);
    }
}

/* As a buffer, but for a zero at its end. */
static void xattr_value(Arg *a, uint64_t len)
{
    char last;

    if (len && a->value && len <= a->p->opts->string_limit &&
        call_read_user(a->p->call, a->value + len - 1, &last, 1) == 1 &&
        !last) {
        len--;
    }
    print_buffer(a->p, a->value, len);
}

void arg_xattr_value_in(Arg *a)
{
    xattr_value(a, arg_ref(a));
}

void arg_xattr_value_out(Arg *a)
{
    if (!arg_written(a)) {
        return;
    }
    if (!arg_ref(a)) {
        print_addr(a->p, a->value);
    } else {
        xattr_value(a, a->p->result);
    }
}

/* getcwd: the result counts the zero. */
void arg_outpath(Arg *a)
{
    if (arg_written(a)) {
        print_path(a->p, a->value);
    }
}

/* --- Names --------------------------------------------------------------- */

void arg_flags(Arg *a)
{
    print_flags(a->p->out, a->spec->xlat, (uint32_t)a->value);
}

void arg_flags_long(Arg *a)
{
    print_flags(a->p->out, a->spec->xlat, a->value);
}

void arg_flags64(Arg *a)
{
    print_flags(a->p->out, a->spec->xlat, a->value);
}

void arg_enum(Arg *a)
{
    print_enum(a->p->out, a->spec->xlat, (uint32_t)a->value);
}

/* --- Structures ---------------------------------------------------------- */

void arg_in(Arg *a)
{
    a->spec->structure(a->p, a->value);
}

void arg_out(Arg *a)
{
    if (arg_written(a)) {
        a->spec->structure(a->p, a->value);
    }
}

/* Written by the kernel when the call fails, too. */
void arg_out_any(Arg *a)
{
    if (a->p->at_return) {
        a->spec->structure(a->p, a->value);
    } else {
        a->later = true;
    }
}

/* Its printer looks whether the call has returned. */
void arg_both(Arg *a)
{
    a->spec->structure(a->p, a->value);
    a->more = !a->p->at_return;
}

void arg_in_of(Arg *a)
{
    a->spec->structure_of(a->p, a->value, arg_ref(a));
}

void arg_out_of(Arg *a)
{
    if (arg_written(a)) {
        a->spec->structure_of(a->p, a->value, arg_ref(a));
    }
}

/* As many as the call returns. */
void arg_out_n(Arg *a)
{
    if (arg_written(a)) {
        a->spec->structure_of(a->p, a->value, a->p->result);
    }
}

/* What the kernel reads and writes is shown as it is in the end. */
void arg_inout(Arg *a)
{
    arg_out(a);
}

/* --- Ids ----------------------------------------------------------------- */

void arg_pid(Arg *a)
{
    arg_int(a);
}

static void print_uid(Printer *p, uint32_t id)
{
    if (id == UINT32_MAX) {
        text_str(p->out, "-1");
    } else {
        text_udec(p->out, id);
    }
}

void arg_uid(Arg *a)
{
    print_uid(a->p, a->value);
}

static uint32_t wide_id(uint16_t id)
{
    return id == UINT16_MAX ? UINT32_MAX : id;
}

void arg_uid16(Arg *a)
{
    print_uid(a->p, wide_id(a->value));
}

/* "[" a number of @size bytes "]", printed by @print; or the bare pointer. */
static void print_boxed(Printer *p, uint64_t addr, size_t size,
                        void (*print)(Printer *p, uint64_t value))
{
    uint64_t value = 0;

    if (!addr || !printer_read(p, addr, &value, size)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    print(p, value);
    text_char(p->out, ']');
}

static void box_int(Printer *p, uint64_t value)
{
    text_dec(p->out, (int32_t)value);
}

static void box_udec(Printer *p, uint64_t value)
{
    text_udec(p->out, value);
}

static void box_s64(Printer *p, uint64_t value)
{
    text_dec(p->out, value);
}

static void box_id(Printer *p, uint64_t value)
{
    print_uid(p, value);
}

static void box_id16(Printer *p, uint64_t value)
{
    print_uid(p, wide_id(value));
}

void arg_uid_out(Arg *a)
{
    if (arg_written(a)) {
        print_boxed(a->p, a->value, 4, box_id);
    }
}

void arg_uid16_out(Arg *a)
{
    if (arg_written(a)) {
        print_boxed(a->p, a->value, 2, box_id16);
    }
}

/* @n ids of @size bytes; strace shows as many as bytes of a string. */
static void print_groups(Printer *p, uint64_t addr, int n, size_t size)
{
    uint32_t limit = array_limit(p);

    if (!addr || n < 0 || n > 65536) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '[');
    for (int i = 0; i < n; i++) {
        uint64_t id = 0;

        if (i) {
            text_str(p->out, ", ");
        }
        if ((uint32_t)i == limit) {
            text_str(p->out, "...");
            break;
        }
        if (!printer_read(p, addr + i * size, &id, size)) {
            if (!i) {
                p->out->len--;
                print_addr(p, addr);
                return;
            }
            text_str(p->out, "... /* ");
            print_addr(p, addr + i * size);
            text_str(p->out, " */");
            break;
        }
        print_uid(p, size == 2 ? wide_id(id) : id);
    }
    text_char(p->out, ']');
}

void arg_groups_in(Arg *a)
{
    print_groups(a->p, a->value, arg_ref(a), 4);
}

void arg_groups16_in(Arg *a)
{
    print_groups(a->p, a->value, arg_ref(a), 2);
}

/* With no room given, getgroups() only counts. */
static void groups_out(Arg *a, size_t size)
{
    if (!arg_written(a)) {
        return;
    }
    if (!(uint32_t)a->p->call->args[0] && a->p->result) {
        print_addr(a->p, a->value);
    } else {
        print_groups(a->p, a->value, a->p->result, size);
    }
}

void arg_groups_out(Arg *a)
{
    groups_out(a, 4);
}

void arg_groups16_out(Arg *a)
{
    groups_out(a, 2);
}

/* --- Numbers in memory --------------------------------------------------- */

void arg_int_out(Arg *a)
{
    if (arg_written(a)) {
        print_boxed(a->p, a->value, 4, box_int);
    }
}

void arg_uint_out(Arg *a)
{
    if (arg_written(a)) {
        print_boxed(a->p, a->value, 4, box_udec);
    }
}

void arg_ulong_out(Arg *a)
{
    if (arg_written(a)) {
        print_boxed(a->p, a->value, printer_word(a->p), box_udec);
    }
}

void arg_addr_out(Arg *a)
{
    if (arg_written(a)) {
        print_boxed(a->p, a->value, printer_word(a->p), print_addr);
    }
}

void arg_s64_out(Arg *a)
{
    if (arg_written(a)) {
        print_boxed(a->p, a->value, 8, box_s64);
    }
}

void arg_s64_in(Arg *a)
{
    print_boxed(a->p, a->value, 8, box_s64);
}

/* "[3] => [8]", when the kernel has changed it. */
static void boxed_inout(Arg *a, size_t size,
                        void (*print)(Printer *p, uint64_t value))
{
    Printer *p = a->p;

    if (!p->at_return) {
        print_boxed(p, a->value, size, print);
        a->more = a->value != 0;
        return;
    }
    if (!p->failed && p->result && a->value) {
        text_str(p->out, " => ");
        print_boxed(p, a->value, size, print);
    }
}

void arg_s64_inout(Arg *a)
{
    boxed_inout(a, 8, box_s64);
}

void arg_long_inout(Arg *a)
{
    boxed_inout(a, printer_word(a->p), printer_word(a->p) == 4 ? box_int :
                box_s64);
}

void arg_uint_inout(Arg *a)
{
    boxed_inout(a, 4, box_udec);
}

/* The number at entry is kept. */
void arg_uint_changed(Arg *a)
{
    Printer *p = a->p;
    uint32_t value;

    if (!p->at_return) {
        a->later = true;
        if (!printer_read(p, a->value, &a->saved[0], 4)) {
            a->saved[0] = -1;
        }
        return;
    }
    if (!a->value || !printer_read(p, a->value, &value, sizeof(value))) {
        print_addr(p, a->value);
        return;
    }
    text_char(p->out, '[');
    if (!p->failed && a->saved[0] != -1 && (uint32_t)a->saved[0] != value) {
        text_udec(p->out, (uint32_t)a->saved[0]);
        text_str(p->out, " => ");
    }
    text_udec(p->out, value);
    text_char(p->out, ']');
}
