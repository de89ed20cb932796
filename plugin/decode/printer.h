/*
 * What a printer of arguments works with.
 *
 * A printer writes one argument, or one structure, as strace does.  It runs
 * on the vCPU's thread; it allocates nothing, and whatever it reads of the
 * guest is copied first and bounded.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINTER_H
#define FRAIL_PRINTER_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include "frail-plugin.h"

#include "guest/guest.h"
#include "text/text.h"
#include "trap/call.h"

typedef struct Printer {
    FrailText *out;
    const FrailCall *call;
    const FrailDecodeOptions *opts;
    FrailGuestCpu *guest;           /* or NULL */
    const FrailProcess *process;    /* or NULL: not known */
    bool at_return;
    bool failed;                    /* at return: the result is an error */
    int64_t result;                 /* at return */
    bool unreadable;                /* set by whoever could not read */
} Printer;

/* Size of long and of a pointer in the caller's ABI: 8, or 4 (x32, i386). */
static inline unsigned printer_word(const Printer *p)
{
    return p->call->abi == CALL_ABI_X86_64 ? 8 : 4;
}

/*
 * Read all of @len bytes of the caller's memory.  False, with @p->unreadable
 * set, when that is not possible.
 */
bool printer_read(Printer *p, uint64_t addr, void *buf, size_t len);
/* How many of @len bytes at @addr can be read, and were. */
size_t printer_read_some(Printer *p, uint64_t addr, void *buf, size_t len);
/* An unsigned word (see printer_word()) at @addr. */
bool printer_read_word(Printer *p, uint64_t addr, uint64_t *value);

/* "NULL" or 0x... */
void print_addr(Printer *p, uint64_t addr);
/* A string of the caller's, quoted; at most @limit bytes, then "...". */
void print_string(Printer *p, uint64_t addr, size_t limit);
/* A path: as a string, PATH_MAX bytes at most, without "...". */
void print_path(Printer *p, uint64_t addr);
/* @len bytes of the caller's, quoted, up to the options' string_limit. */
void print_buffer(Printer *p, uint64_t addr, uint64_t len);
/* 3, 3</etc/passwd>; AT_FDCWD */
void print_fd(Printer *p, int fd);
void print_dirfd(Printer *p, int fd);

#endif /* FRAIL_PRINTER_H */
