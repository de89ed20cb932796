/*
 * Structures of the caller's, member by member.
 *
 * A printer of one is a table of its members.  MEMBER() is one that stands
 * behind the one before: a list of these serves the three ABIs, for sizes of
 * long and of pointers, and the alignment of 64-bit members, are those of the
 * caller's.  FIELD() is one whose place is that in a C type, for structures
 * that are the same in all of them, and for those that are given in part.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_MEMBERS_H
#define FRAIL_MEMBERS_H

#include "decode/printer.h"
#include "decode/names/xlat.h"
#include "decode/print/array.h"
#include "decode/print/values.h"

/* A structure that has been copied, and how far it has been taken apart. */
typedef struct Members {
    Printer *p;
    const uint8_t *buf;
    unsigned len, at;
    uint8_t word;           /* size of long and pointers */
    uint8_t klong;          /* size of __kernel_long_t */
    uint8_t align64;        /* of 64-bit members */
    bool begun;             /* its brace has been opened */
} Members;

/* The size of a 64-bit member, of a long, of an int, ... */
typedef enum MemberSize {
    SIZE_8 = 1,
    SIZE_16 = 2,
    SIZE_32 = 4,
    SIZE_64 = 8,
    SIZE_WORD = 0xfffe,     /* long, pointers */
    SIZE_KLONG = 0xffff,    /* __kernel_long_t: as long, but 64 bits for x32 */
} MemberSize;

typedef enum MemberKind {
    AS_UINT,            /* 7 */
    AS_INT,             /* -1 */
    AS_HEX,             /* 0x7, 0 */
    AS_OCT,             /* 07, 0 */
    AS_FLAGS,           /* of xlat */
    AS_ENUM,
    AS_ID,              /* as AS_UINT; all ones is -1 */
    AS_DEV,             /* makedev(0x8, 0x1) */
    AS_FD,
    AS_ADDR,            /* NULL, 0x7f... */
    AS_IFINDEX,         /* if_nametoindex("lo"), 7 */
    AS_HTONS,           /* htons(80) */
    AS_HTONL_HEX,       /* htonl(0x50) */
    AS_IN,              /* inet_addr("127.0.0.1") */
    AS_IN6,             /* inet_pton(AF_INET6, "::1", &name) */
    AS_CSTR,            /* "text", ended by a zero or, with "...", not */
    AS_STRING,          /* "bytes", all */
    AS_MAC,             /* 01:02:03 */
    AS_BYTE,            /* 0x7, 00 */
    AS_BYTES,           /* [0x1, 00] */
    AS_HEX_STRING,      /* "\x01\x02" */
    AS_HEX_NAME,        /* 0x2, and its name or the label as a comment */
    AS_NAMED_HEX,       /* a name of xlat, else as AS_HEX */
    AS_NAMED_UINT,      /* ... else as AS_UINT */
    AS_ETH_P,           /* htons(ETH_P_IP): enum in network byte order */
    AS_GAP,             /* not shown */
    AS_CALL,            /* by @print, which takes what it needs */
} MemberKind;

#define MEMBER_NEXT     0xffff  /* an offset: behind the member before */

#define MEMBER_IF_SET   1       /* left out when all its bytes are zero */

typedef struct Member {
    const char *name;       /* NULL ends a table */
    uint16_t offset;        /* or MEMBER_NEXT */
    uint16_t size;          /* bytes, or a MemberSize */
    uint8_t kind;           /* MemberKind */
    uint8_t flags;
    const Xlat *xlat;
    void (*print)(Members *m);
} Member;

#define MEMBER_WITH(name_, size_, kind_, ...) \
    { .name = (name_), .offset = MEMBER_NEXT, .size = (size_), \
      .kind = AS_##kind_, __VA_ARGS__ }
#define MEMBER(name, size, kind)        MEMBER_WITH(name, SIZE_##size, kind)
#define MEMBER_FLAGS(name, size, x) \
    MEMBER_WITH(name, SIZE_##size, FLAGS, .xlat = &xlat_##x)
#define MEMBER_ENUM(name, size, x) \
    MEMBER_WITH(name, SIZE_##size, ENUM, .xlat = &xlat_##x)
#define MEMBER_TEXT(name, count)        MEMBER_WITH(name, count, CSTR)
#define MEMBER_GAP(count)               MEMBER_WITH("", count, GAP)
#define MEMBER_CALL(name, fn)           MEMBER_WITH(name, 0, CALL, .print = fn)

#define FIELD(type, member, kind_, ...) \
    { .name = #member, .offset = offsetof(type, member), \
      .size = sizeof(((type *)0)->member), .kind = AS_##kind_, \
      __VA_ARGS__ }
#define FIELD_X(type, member, kind_, table, ...) \
    FIELD(type, member, kind_, .xlat = &xlat_##table, __VA_ARGS__)

#define MEMBER_END { .name = NULL }

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

/* "{name=" for the first, print_member() for the others. */
void member_name(Members *m, const char *name);
/*
 * @count members, or those up to MEMBER_END.  False when one of them, and so
 * the rest, does not lie within the structure.
 */
bool members_print(Members *m, const Member *list, unsigned count);
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
 * Those of @fields, a table with an end, that lie within the @len bytes at
 * @data; the brace stands already.  As members_print().
 */
bool print_fields(Printer *p, const void *data, size_t len,
                  const Member *fields);
/* One value, without its name; @data has f->size bytes. */
void print_field(Printer *p, const void *data, const Member *f);

/*
 * The structure at @addr, @size bytes of it, in braces; the bare address when
 * it cannot be read.  @size is at most FIELDS_STRUCT_MAX.
 */
#define FIELDS_STRUCT_MAX 512
bool print_fields_at(Printer *p, uint64_t addr, size_t size,
                     const Member *fields);

#endif /* FRAIL_MEMBERS_H */
