/*
 * Printers of what is told about processes and the machine: limits, usage,
 * wait status, names, ids.
 *
 * All print NULL, or the bare pointer when nothing can be read there or, at
 * return, the call has failed.  On the vCPU's thread.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_PRINT_PROC_H
#define FRAIL_PRINT_PROC_H

#include "decode/printer.h"
#include "decode/names/xlat.h"

/* getrlimit, setrlimit, ugetrlimit; prlimit64. */
void print_rlimit(Printer *p, uint64_t addr);
void print_rlimit64(Printer *p, uint64_t addr);
/* getrusage, wait4, waitid. */
void print_rusage(Printer *p, uint64_t addr);
/*
 * wait4, waitpid at return: the status at @addr, [{WIFEXITED(s) && ...}].  To
 * be called only if a child was found (a result above 0); else print_addr().
 */
void print_wait_status(Printer *p, uint64_t addr);

/* uname (of 65 bytes a name, the newest of i386's three). */
void print_utsname(Printer *p, uint64_t addr);
/* i386: olduname, oldolduname; strace 6.1 shows their pointers only. */
void print_old_utsname(Printer *p, uint64_t addr);
void print_oldold_utsname(Printer *p, uint64_t addr);
void print_sysinfo(Printer *p, uint64_t addr);

/* [7], an int: getresuid is print_id_pointer(). */
void print_int_pointer(Printer *p, uint64_t addr);
/* [3</x>] */
void print_fd_pointer(Printer *p, uint64_t addr);
void print_uint_pointer(Printer *p, uint64_t addr);
/* [0x1000]; [24]; a long or pointer, or a size_t. */
void print_pointer_pointer(Printer *p, uint64_t addr);
void print_size_pointer(Printer *p, uint64_t addr);
/* [NUMBER] of an enumeration, 32 bits. */
void print_enum_pointer(Printer *p, uint64_t addr, const Xlat *x);

/*
 * User and group ids are of 16 bits in i386's calls without "32" in their
 * names, else of 32: @size is 2 or 4.  print_id_size() says which, for the
 * calls that i386 has twice.
 */
unsigned print_id_size(const Printer *p, bool is_32);
void print_id_pointer(Printer *p, uint64_t addr, unsigned size);
/* setgroups: @count is its first argument; getgroups: its result. */
void print_id_list(Printer *p, uint64_t addr, uint64_t count, unsigned size);

/* pipe, pipe2, socketpair: [3</x>, 4</y>] */
void print_fd_pair(Printer *p, uint64_t addr);

#endif /* FRAIL_PRINT_PROC_H */
