/*
 * Members of a structure that has been copied from the caller, by table.
 *
 * Most structures of the kernel's interface have the same layout in every
 * ABI; a printer of one is then a table of its members.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_FIELDS_H
#define FRAIL_FIELDS_H

#include "decode/printer.h"
#include "decode/names/xlat.h"

typedef enum FieldKind {
    FIELD_UINT,         /* 7 */
    FIELD_INT,          /* -1 */
    FIELD_HEX,          /* 0x7, 0 */
    FIELD_FLAGS,        /* of xlat */
    FIELD_ENUM,
    FIELD_ID,           /* as FIELD_UINT; all ones is -1 */
    FIELD_FD,
    FIELD_ADDR,         /* NULL, 0x7f... */
    FIELD_IFINDEX,      /* if_nametoindex("lo"), 7 */
    FIELD_HTONS,        /* htons(80) */
    FIELD_HTONL_HEX,    /* htonl(0x50) */
    FIELD_IN,           /* inet_addr("127.0.0.1") */
    FIELD_IN6,          /* inet_pton(AF_INET6, "::1", &name) */
    FIELD_CSTR,         /* "text", ended by a zero or, with "...", not */
    FIELD_STRING,       /* "bytes", all */
    FIELD_MAC,          /* 01:02:03 */
    FIELD_BYTE,         /* 0x7, 00 */
    FIELD_BYTES,        /* [0x1, 00] */
    FIELD_HEX_STRING,   /* "\x01\x02" */
    FIELD_HEX_NAME,     /* 0x2, and its name or the label as a comment */
    FIELD_NAMED_HEX,    /* a name of xlat, else as FIELD_HEX */
    FIELD_NAMED_UINT,   /* ... else as FIELD_UINT */
    FIELD_ETH_P,        /* htons(ETH_P_IP): enum in network byte order */
} FieldKind;

#define FIELD_IF_SET    1   /* left out when all its bytes are zero */

typedef struct Field {
    const char *name;       /* NULL ends a table */
    uint16_t offset;
    uint16_t size;
    uint8_t kind;           /* FieldKind */
    uint8_t flags;
    const Xlat *xlat;
} Field;

#define FIELD(type, member, kind_, ...) \
    { .name = #member, .offset = offsetof(type, member), \
      .size = sizeof(((type *)0)->member), .kind = FIELD_##kind_, \
      __VA_ARGS__ }
#define FIELD_X(type, member, kind_, table, ...) \
    FIELD(type, member, kind_, .xlat = &xlat_##table, __VA_ARGS__)
#define FIELD_END { .name = NULL }

/* ", " unless a brace or a bracket has just been opened. */
void print_next(Printer *p);
/* The same, and "name=". */
void print_member(Printer *p, const char *name);

/*
 * The members of @fields that lie within the @len bytes at @data, each behind
 * print_next().  True if none was left out for lack of bytes.
 */
bool print_fields(Printer *p, const void *data, size_t len,
                  const Field *fields);
/* One value, without its name; @data has f->size bytes. */
void print_field(Printer *p, const void *data, const Field *f);

/*
 * The structure at @addr, @size bytes of it, in braces; the bare address when
 * it cannot be read.  @size is at most FIELDS_STRUCT_MAX.
 */
#define FIELDS_STRUCT_MAX 512
bool print_fields_at(Printer *p, uint64_t addr, size_t size,
                     const Field *fields);

/*
 * @count elements of @size bytes (at most FIELDS_STRUCT_MAX) at @addr, in
 * brackets; as many as the options' string_limit, then "...".  @element prints
 * one, a copy of which is at @data.  Without any that can be read: the address.
 */
typedef void PrintElement(Printer *p, const uint8_t *data, void *opaque);
void print_elements(Printer *p, uint64_t addr, uint64_t count, size_t size,
                 PrintElement *element, void *opaque);
/* Elements of print_elements(): an int, an unsigned int (32 bits). */
void print_element_int(Printer *p, const uint8_t *data, void *opaque);
void print_element_uint(Printer *p, const uint8_t *data, void *opaque);
/* How many elements of an array are shown. */
uint64_t print_array_limit(const Printer *p);

/* An unsigned number of 1, 2, 4 or 8 bytes. */
uint64_t load_uint(const void *data, size_t size);

/* --- Parts, also of use by themselves ----------------------------------- */

void print_in_addr(Printer *p, const void *addr);       /* inet_addr("...") */
void print_in6_addr(Printer *p, const void *addr, const char *name);
void print_ifindex(Printer *p, uint32_t index);
/* Text of at most @size bytes, ended by a zero; "..." if there is none. */
void print_cstring(Printer *p, const void *text, size_t size);
void print_mac(Printer *p, const void *bytes, size_t len);
void print_hex_bytes(Printer *p, const void *bytes, size_t len);
void print_hex_string(Printer *p, const void *bytes, size_t len);
/* "quoted", at most the options' string_limit, then "...". */
void print_bytes(Printer *p, const void *bytes, size_t len);

#endif /* FRAIL_FIELDS_H */
