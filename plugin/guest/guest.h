/*
 * The guest's operating system, read out of its memory: who makes a call,
 * and what its numbers stand for.
 *
 * Nothing is asked of the guest and nothing about it is given: the layout of
 * its structures is that of the BTF found in its RAM, the current task that of
 * its own per-CPU area.  All of it is hostile: every value is copied and
 * bounded; what cannot be read, or contradicts itself, is unknown.
 *
 * Only Linux so far; nothing in this header says so.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_GUEST_H
#define FRAIL_GUEST_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <sys/types.h>

#include "mem/mem.h"
#include "text/text.h"

struct btf;

/* What was found out about the guest; one for a machine. */
typedef struct FrailGuest FrailGuest;
/* One vCPU's way to it, with its cache of tasks. */
typedef struct FrailGuestCpu FrailGuestCpu;
/* A task as it is now; valid until the vCPU's next call. */
typedef struct FrailProcess FrailProcess;

/* --- The guest's own description ------------------------------------------ */

/*
 * The types of the guest's kernel; NULL when there are none.  Valid as long
 * as the machine.  Any thread.
 */
const struct btf *guest_btf(const FrailGuest *g);

/* A call as the guest's own table has it (struct syscall_metadata). */
typedef struct GuestSyscall {
    const char *name;           /* without "sys_" */
    unsigned nargs;
    const char *type[6];        /* "const char *" */
    const char *arg[6];         /* "filename" */
} GuestSyscall;

/* An x86-64 call of the guest's; NULL when its table does not have it. */
const GuestSyscall *guest_syscall(const FrailGuest *g, int64_t nr);

/* --- The vCPU and its current task ----------------------------------------- */

const FrailGuest *guest_of(const FrailGuestCpu *cpu);

/*
 * --- A process's open files and directories ---------------------------------
 * They print nothing and return false when it is not known.
 */

/*
 * What open file @fd is: "/etc/passwd", "/tmp/x (deleted)", "pipe:[123]",
 * "socket:[7]", "anon_inode:[eventpoll]".  With @details, as strace -yy:
 * "TCP:[127.0.0.1:80->127.0.0.1:5000]", "UNIX-STREAM:[1->2]",
 * "/dev/null<char 1:3>", "pidfd: 17".  Bytes that cannot be printed are
 * escaped, and '<' and '>' of paths too (octal).
 */
bool guest_fd_text(FrailGuestCpu *cpu, const FrailProcess *p, int fd,
                   bool details, FrailText *out);

/* The current working directory; the root directory. */
bool guest_cwd_text(FrailGuestCpu *cpu, const FrailProcess *p,
                    FrailText *out);
bool guest_root_text(FrailGuestCpu *cpu, const FrailProcess *p,
                     FrailText *out);

#endif /* FRAIL_GUEST_H */
