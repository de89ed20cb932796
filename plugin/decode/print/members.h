/*
 * Structures of the caller's, member by member.
 *
 * One list of members serves the three ABIs: sizes of long and of pointers,
 * and the alignment of 64-bit members, are those of the caller's.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_MEMBERS_H
#define FRAIL_MEMBERS_H

#include "decode/printer.h"
#include "decode/names/xlat.h"

/* A structure that has been copied, and how far it has been taken apart. */
typedef struct Members {
    Printer *p;
    const uint8_t *buf;
    unsigned len, at;
    uint8_t word;           /* size of long and pointers */
    uint8_t klong;          /* size of __kernel_long_t */
    uint8_t align64;        /* of 64-bit members */
    bool begun;             /* a member has been printed */
} Members;

/* The size of a 64-bit member, of a long, of an int, ... */
typedef enum MemberSize {
    SIZE_WORD = 0,          /* long, pointers */
    SIZE_8 = 1,
    SIZE_KLONG = 3,         /* __kernel_long_t: as long, but 64 bits for x32 */
    SIZE_16 = 2,
    SIZE_32 = 4,
    SIZE_64 = 8,
} MemberSize;

typedef enum MemberStyle {
    AS_DEC,                 /* signed */
    AS_UDEC,
    AS_HEX,                 /* 0 is "0" */
    AS_OCT,
    AS_ADDR,                /* 0 is NULL */
    AS_ID,                  /* uid_t of 32 bits: -1 is "-1" */
    AS_DEV,                 /* makedev(0x8, 0x1) */
    AS_FD,
    AS_FLAGS,               /* @xlat */
    AS_ENUM,                /* @xlat */
    AS_TEXT,                /* @count bytes of text, to its zero */
    AS_NONE,                /* @count bytes that are not shown */
    AS_CALL,                /* @print, which takes what it needs */
} MemberStyle;

typedef struct Member {
    const char *name;
    uint8_t size;           /* MemberSize */
    uint8_t style;          /* MemberStyle */
    uint16_t count;
    const Xlat *xlat;
    void (*print)(Members *m);
} Member;

#define MEMBER(name, size, style)       { name, SIZE_##size, AS_##style, \
                                          0, NULL, NULL }
#define MEMBER_FLAGS(name, size, x)     { name, SIZE_##size, AS_FLAGS, \
                                          0, &xlat_##x, NULL }
#define MEMBER_ENUM(name, size, x)      { name, SIZE_##size, AS_ENUM, \
                                          0, &xlat_##x, NULL }
#define MEMBER_TEXT(name, count)        { name, SIZE_8, AS_TEXT, \
                                          count, NULL, NULL }
#define MEMBER_GAP(count)               { NULL, SIZE_8, AS_NONE, \
                                          count, NULL, NULL }
#define MEMBER_CALL(name, size, fn)     { name, SIZE_##size, AS_CALL, \
                                          0, NULL, fn }

/* @buf holds @len bytes.  For the printers of parts of a structure. */
void members_init(Members *m, Printer *p, const void *buf, unsigned len);
/*
 * Copy the structure at @addr.  False, with the bare pointer printed, when
 * there is none, when it cannot be read, and when the call it is a result of
 * has failed (see printer_fetch()).
 */
bool members_read(Members *m, Printer *p, uint64_t addr, void *buf,
                  unsigned len);

/* The next member, aligned as the ABI wants it; 0 behind the end. */
uint64_t take(Members *m, MemberSize size);
int64_t take_signed(Members *m, MemberSize size);
/* The next @count bytes, NULL when there are not so many. */
const uint8_t *take_bytes(Members *m, unsigned count);
void take_align(Members *m, unsigned align);

/* "{name=" for the first, ", name=" for the others. */
void member_name(Members *m, const char *name);
/* The value of the next member. */
void member_value(Members *m, const Member *member);
void members_print(Members *m, const Member *list, unsigned count);
#define MEMBERS_PRINT(m, list) \
    members_print(m, list, sizeof(list) / sizeof((list)[0]))

/* Sizes of a structure in the three ABIs. */
typedef struct AbiSize {
    uint16_t x86_64, x32, i386;
} AbiSize;
unsigned abi_size(const Printer *p, AbiSize size);

/* A whole structure that is nothing but a list. */
void print_members(Printer *p, uint64_t addr, AbiSize size,
                   const Member *list, unsigned count);
#define PRINT_MEMBERS(p, addr, size, list) \
    print_members(p, addr, size, list, sizeof(list) / sizeof((list)[0]))

/*
 * True when what is at @addr can be shown: it is not NULL and, at return,
 * the call has not failed.  Else the bare pointer is printed.
 */
bool printer_fetch(Printer *p, uint64_t addr);

/* The next element of an array: ", " but for the first. */
static inline void print_comma(Printer *p, uint64_t i)
{
    if (i) {
        text_str(p->out, ", ");
    }
}

/*
 * An array at @addr: "[...]".  @print prints one element of @size bytes (at
 * most 256).  As many are shown as the string limit says (4096 if verbose),
 * then "..."; at the first one that cannot be read comes "... /" and its
 * address, or, if it is the first of all, the bare pointer.
 */
typedef void ElementFn(Printer *p, const uint8_t *elem, void *opaque);
void print_array(Printer *p, uint64_t addr, uint64_t count, unsigned size,
                 ElementFn *print, void *opaque);

/* -1 is "-1", others unsigned. */
void print_id(Printer *p, uint32_t id);
/* "makedev(0x8, 0x1)"; the kernel's encoding of 32 or 64 bits. */
void print_dev(Printer *p, uint64_t dev);
/* Text of @size bytes up to its zero, quoted; "..." if there is none. */
void print_text(Printer *p, const void *bytes, unsigned size);

#endif /* FRAIL_MEMBERS_H */
