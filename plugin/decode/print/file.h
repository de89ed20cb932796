/*
 * Printers of file handles, mount attributes, old directory entries and what
 * openat2 is given.
 *
 * On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_FILE_H
#define FRAIL_PRINT_FILE_H

#include "decode/printer.h"

/* open_by_handle_at: {handle_bytes=8, handle_type=1, f_handle="\x01..."} */
void print_file_handle(Printer *p, uint64_t addr);
/*
 * name_to_handle_at: its size at entry; at return, behind that, the kernel's
 * size if it is another, the handle unless the call has failed, and "}".
 */
void print_file_handle_out(Printer *p, uint64_t addr);
/* mount_setattr, open_tree_attr; @size is the argument behind it. */
void print_mount_attr(Printer *p, uint64_t addr, uint64_t size);
/* openat2; @size is the argument behind it. */
void print_open_how(Printer *p, uint64_t addr, uint64_t size);
/* i386: readdir's, one. */
void print_old_dirent(Printer *p, uint64_t addr);
/*
 * "\x01\x02" of @len bytes, and "..." if @more.
 */
void print_hex_text(Printer *p, const uint8_t *bytes, size_t len, bool more);

#endif /* FRAIL_PRINT_FILE_H */
