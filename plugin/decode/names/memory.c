/*
 * Words of several fields: mappings, memory policy, System V IPC.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/names/print.h"

#include "decode/names/fields.h"

#define HUGE_SHIFT      26
#define HUGE_MASK       (UINT64_C(0x3f) << HUGE_SHIFT)

/* "21<<MAP_HUGE_SHIFT" */
static void print_huge(FrailText *t, uint64_t flags, const char *name)
{
    text_udec(t, (flags & HUGE_MASK) >> HUGE_SHIFT);
    text_str(t, "<<");
    text_str(t, name);
}

#define MAP_TYPES       0xf

void write_mmap_flags(FrailText *t, uint64_t flags)
{
    uint64_t type = flags & MAP_TYPES;

    if (type) {
        print_enum(t, &xlat_mmap_types, type);
    } else {
        text_str(t, "MAP_FILE");
    }
    print_flags_after(t, &xlat_mmap_flags, flags & ~(MAP_TYPES | HUGE_MASK));
    if (flags & HUGE_MASK) {
        text_char(t, '|');
        print_huge(t, flags, "MAP_HUGE_SHIFT");
    }
}

void write_memfd_flags(FrailText *t, uint32_t flags)
{
    if (!(flags & HUGE_MASK)) {
        print_flags(t, &xlat_memfd_flags, flags);
        return;
    }
    if (flags & ~HUGE_MASK) {
        print_flags(t, &xlat_memfd_flags, flags & ~HUGE_MASK);
        text_char(t, '|');
    }
    print_huge(t, flags, "MFD_HUGE_SHIFT");
}

#define MPOL_FLAGS      0xe000

void write_mempolicy_mode(FrailText *t, uint32_t mode)
{
    write_field_and_flags(t, &xlat_mpol_modes, mode & ~MPOL_FLAGS,
                          &xlat_mpol_mode_flags, mode & MPOL_FLAGS);
}

void write_ipc_key(FrailText *t, uint32_t key)
{
    if (key) {
        text_hex(t, key);
    } else {
        text_str(t, "IPC_PRIVATE");
    }
}

#define IPC_MODE        0777

void write_ipc_flags(FrailText *t, uint32_t flags)
{
    if (flags & ~IPC_MODE) {
        print_flags(t, &xlat_ipc_flags, flags & ~IPC_MODE);
        text_char(t, '|');
    }
    text_mode(t, flags & IPC_MODE);
}

void write_shmget_flags(FrailText *t, uint32_t flags)
{
    uint32_t rest = flags & ~(IPC_MODE | HUGE_MASK);

    if (rest) {
        print_flags(t, &xlat_shmget_flags, rest);
        text_char(t, '|');
    }
    if (flags & HUGE_MASK) {
        print_huge(t, flags, "SHM_HUGE_SHIFT");
        text_char(t, '|');
    }
    text_mode(t, flags & IPC_MODE);
}

#define IPC_64          0x100

void write_ipc_cmd(FrailText *t, const Xlat *x, uint32_t cmd)
{
    if (cmd & IPC_64) {
        text_str(t, "IPC_64|");
    }
    print_enum(t, x, cmd & ~IPC_64);
}
