/*
 * Printers of the structures of ioctl: files, block and loop devices.
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_BLOCK_H
#define FRAIL_PRINT_BLOCK_H

#include "decode/printer.h"

/* FS_IOC_GETFLAGS, FS_IOC_SETFLAGS: [FS_IMMUTABLE_FL] */
void print_inode_flags(Printer *p, uint64_t addr);
/* FS_IOC_FSGETXATTR, FS_IOC_FSSETXATTR */
void print_fsxattr(Printer *p, uint64_t addr);
void print_clone_range(Printer *p, uint64_t addr);
/* At entry, and at return what is added to that. */
void print_dedupe(Printer *p, uint64_t addr);
void print_fiemap(Printer *p, uint64_t addr);

void print_hd_geometry(Printer *p, uint64_t addr);
void print_blkpg(Printer *p, uint64_t addr);
/* [4096, 8192]; [512], an unsigned short; [1073741824], of 64 bits. */
void print_two_u64(Printer *p, uint64_t addr);
void print_short_pointer(Printer *p, uint64_t addr);
void print_u64_pointer(Printer *p, uint64_t addr);

void print_loop_info(Printer *p, uint64_t addr);
void print_loop_info64(Printer *p, uint64_t addr);
void print_loop_config(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_BLOCK_H */
