/*
 * The guest kernel's own table of system calls: with CONFIG_FTRACE_SYSCALLS
 * each one leaves a struct syscall_metadata in the kernel's data, with its
 * name, its number (filled in at boot) and the types and names of its
 * arguments.  No symbol leads there; the records are known by their shape.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "guest/internal.h"
#include "guest/syscalls.h"

#define NUMBERS         1024
#define IMAGE_MAX       (64ull << 20)   /* on either side of LSTAR */
#define RECORD_MAX      256u        /* bytes; 80 in 6.12 */
#define NAME_SIZE       64
#define TRIES           65536       /* records that look like one */

struct GuestSyscallTable {
    GuestSyscall call[NUMBERS];
    GStringChunk *strings;
};

typedef struct Scan {
    FrailGuestCpu *c;
    GuestSyscallTable *table;
    uint64_t from, to;              /* where names and lists may be */
    uint64_t data;                  /* where records may begin to be */
    uint32_t size;                  /* of the part of a record that is read */
    unsigned tries;
} Scan;

void guest_syscalls_free(GuestSyscallTable *table)
{
    if (table) {
        g_string_chunk_free(table->strings);
        g_free(table);
    }
}

static uint64_t member(const Scan *s, const uint8_t *record, GuestFieldId id)
{
    const GuestField *f = guest_field(s->c, id);
    uint64_t value = 0;

    memcpy(&value, record + f->offset, f->size);
    return guest_field_value(f, value);     /* a bit field since 7.x */
}

static bool in_image(const Scan *s, uint64_t va)
{
    return va >= s->from && va < s->to;
}

static bool read_text(const Scan *s, uint64_t va, char *buf)
{
    if (!in_image(s, va) || !kread_string(s->c, va, buf, NAME_SIZE)) {
        return false;
    }
    for (const char *p = buf; *p; p++) {
        if (*p < ' ' || *p > '~') {
            return false;
        }
    }
    return *buf;
}

static bool read_list(const Scan *s, uint64_t va, unsigned n,
                      const char **list)
{
    uint64_t pointers[6];

    /* Without arguments there is no list, and no address of one. */
    if (n && !kread(s->c, va, pointers, n * sizeof(*pointers))) {
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        char text[NAME_SIZE];

        if (!read_text(s, pointers[i], text)) {
            return false;
        }
        list[i] = g_string_chunk_insert_const(s->table->strings, text);
    }
    return true;
}

/* The events of a call have records of their own, of much the same shape. */
static bool is_call(const char *name)
{
    return g_str_has_prefix(name, "sys_") &&
        !g_str_has_prefix(name, "sys_enter_") &&
        (!g_str_has_prefix(name, "sys_exit_") ||
         !strcmp(name, "sys_exit_group"));
}

static void look_at_record(Scan *s, const uint8_t *record)
{
    uint64_t name_va = member(s, record, F_meta_name), types, args;
    int32_t nr = member(s, record, F_meta_nr);
    unsigned n = member(s, record, F_meta_nb_args);
    GuestSyscall call = { .nargs = n };
    char name[NAME_SIZE];

    if (!in_image(s, name_va) || nr < 0 || nr >= NUMBERS || n > 6 ||
        !in_image(s, member(s, record, F_meta_enter)) ||
        !in_image(s, member(s, record, F_meta_exit))) {
        return;
    }
    if (s->tries++ >= TRIES) {
        return;
    }
    types = member(s, record, F_meta_types);
    args = member(s, record, F_meta_args);
    if ((n && (!in_image(s, types) || !in_image(s, args))) ||
        !read_text(s, name_va, name) || !is_call(name) ||
        s->table->call[nr].name ||
        !read_list(s, types, n, call.type) ||
        !read_list(s, args, n, call.arg)) {
        return;
    }
    call.name = g_string_chunk_insert_const(s->table->strings, name + 4);
    s->table->call[nr] = call;
}

static void scan(Scan *s)
{
    for (uint64_t va = s->data; va < s->to; va += FRAIL_PAGE_SIZE) {
        uint8_t buf[FRAIL_PAGE_SIZE + RECORD_MAX];
        size_t len = frail_mem_read(s->c->mem, s->c->kernel, va, buf,
                                    FRAIL_PAGE_SIZE + s->size);

        for (size_t at = 0; at < FRAIL_PAGE_SIZE && at + s->size <= len;
             at += 8) {
            look_at_record(s, buf + at);
        }
    }
}

static GuestSyscallTable *read_table(FrailGuestCpu *c)
{
    static const GuestFieldId fields[] = {
        F_meta_name, F_meta_nr, F_meta_nb_args, F_meta_types, F_meta_args,
        F_meta_enter, F_meta_exit,
    };
    GuestSyscallTable *table = g_new0(GuestSyscallTable, 1);
    uint64_t middle = c->k->lstar & FRAIL_PAGE_MASK;
    Scan s = {
        .c = c, .table = table,
        .from = middle - IMAGE_MAX, .to = middle + IMAGE_MAX,
        /* Data comes after read-only data, which the BTF is. */
        .data = c->k->btf_va ? c->k->btf_va & FRAIL_PAGE_MASK : middle,
    };

    table->strings = g_string_chunk_new(4096);
    if (s.to < middle) {
        s.to = -(2ull << 20);       /* the end of the address space */
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
        const GuestField *f = guest_field(c, fields[i]);

        if (!f->size || f->size > 8 || f->offset + f->size > RECORD_MAX) {
            return table;
        }
        s.size = MAX(s.size, f->offset + f->size);
    }
    scan(&s);
    return table;
}

const GuestSyscall *guest_syscall(FrailGuestCpu *c, int64_t nr)
{
    GuestKernel *k = (GuestKernel *)c->k;
    GuestSyscallTable *table;

    if (!k || !k->known || nr < 0 || nr >= NUMBERS) {
        return NULL;
    }
    table = __atomic_load_n(&k->syscalls, __ATOMIC_ACQUIRE);
    if (!table) {
        /* Whoever comes second does without, and does not wait. */
        if (!g_mutex_trylock(&c->guest->lock)) {
            return NULL;
        }
        table = __atomic_load_n(&k->syscalls, __ATOMIC_ACQUIRE);
        if (!table) {
            table = read_table(c);
            __atomic_store_n(&k->syscalls, table, __ATOMIC_RELEASE);
        }
        g_mutex_unlock(&c->guest->lock);
    }
    return table->call[nr].name ? &table->call[nr] : NULL;
}
