/*
 * Printers of what is told about files and file systems.
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_STAT_H
#define FRAIL_PRINT_STAT_H

#include "decode/printer.h"

/* S_IFREG|S_ISUID|0644, as a member st_mode has it. */
void print_st_mode(Printer *p, unsigned mode);

/* stat, fstat, lstat, newfstatat; of i386 the second oldest of its three. */
void print_stat(Printer *p, uint64_t addr);
/* i386: stat64, fstat64, lstat64, fstatat64. */
void print_stat64(Printer *p, uint64_t addr);
/* i386: oldstat, oldfstat, oldlstat. */
void print_oldstat(Printer *p, uint64_t addr);
void print_statx(Printer *p, uint64_t addr);
/* statfs, fstatfs. */
void print_statfs(Printer *p, uint64_t addr);
/* i386: statfs64, fstatfs64; @size is their second argument. */
void print_statfs64(Printer *p, uint64_t addr, uint64_t size);
/* strace 6.1 shows its pointer only. */
void print_ustat(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_STAT_H */
