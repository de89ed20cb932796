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

#include "frail-host.h"

#include "mem/mem.h"
#include "text/text.h"

struct btf;

/* What was found out about the guest; one for a machine. */
typedef struct FrailGuest FrailGuest;
/* One vCPU's way to it, with its cache of tasks. */
typedef struct FrailGuestCpu FrailGuestCpu;
/* A task as it is now (see frail-plugin.h); valid until the next call. */
typedef struct FrailProcess FrailProcess;

/* --- Discovery ----------------------------------------------------------- */

/* Any thread. */
FrailGuest *guest_new(void);
/* All its vCPUs have been freed.  NULL is allowed. */
void guest_free(FrailGuest *g);
/*
 * Use this BTF for guests that have none of their own; copied.  Before the
 * first vCPU runs.  False and a sentence in *@why (static) when it is not
 * sound.
 */
bool guest_set_btf(FrailGuest *g, const uint8_t *blob, size_t len,
                   const char **why);
/* The guest was reset, or another was loaded: forget it.  No vCPU runs. */
void guest_reset(FrailGuest *g);
void guest_info(const FrailGuest *g, FrailGuestInfo *info);

/* One for each vCPU; @mem is the vCPU's and must outlive it.  Any thread. */
FrailGuestCpu *guest_cpu_new(FrailGuest *g, FrailMem *mem);
void guest_cpu_free(FrailGuestCpu *c);

/* --- The guest's own description ----------------------------------------- */

/*
 * The types of the guest's kernel, once guest_process() has found them; NULL
 * when there are none.  Valid until the guest is reset.
 */
const struct btf *guest_btf(const FrailGuestCpu *cpu);

/* A call as the guest's own table has it (struct syscall_metadata). */
typedef struct GuestSyscall {
    const char *name;           /* without "sys_" */
    unsigned nargs;
    const char *type[6];        /* "const char *" */
    const char *arg[6];         /* "filename" */
} GuestSyscall;

/* --- The vCPU and its current task --------------------------------------- */

/* What the engine knows of a vCPU when a call comes in. */
typedef struct GuestCpuState {
    uint64_t cr3;
    uint64_t lstar;             /* MSR_LSTAR */
    uint64_t percpu;            /* the kernel's GS base */
    bool la57;
} GuestCpuState;

const FrailGuest *guest_of(const FrailGuestCpu *cpu);

/*
 * An x86-64 call of the guest's; NULL when its table does not have it.  The
 * first time it looks through the kernel's data.  On the vCPU's thread.
 */
const GuestSyscall *guest_syscall(FrailGuestCpu *cpu, int64_t nr);

/*
 * A call enters or returns on this vCPU: what is asked from now on is of its
 * task.  Costs nothing until somebody asks.  On the vCPU's thread.
 */
void guest_begin(FrailGuestCpu *cpu, const GuestCpuState *state);

/*
 * The task that makes the call, with the vCPU in user mode or on its way in or
 * out; NULL when not known.  The first time it looks for the guest's BTF, which
 * takes a while; other vCPUs that ask meanwhile get NULL.  On its thread.
 */
const FrailProcess *guest_process(FrailGuestCpu *cpu);

/* --- Families ------------------------------------------------------------ */

/* What no other process of this boot has. */
typedef struct GuestProcessKey {
    int32_t pid;
    uint64_t start_ns;
} GuestProcessKey;

/*
 * @p's process, its parent and so on, as the guest has them now: a process
 * whose parent has ended is the child of another one.  Returns how many, at
 * most @max; 0 when not even its own is known.
 */
unsigned guest_lineage(const FrailProcess *p, GuestProcessKey *keys,
                       unsigned max);
/*
 * The child that clone() and the like have returned to @p as @nr, which is a
 * number of its own pid namespace; *@brother: it is @p's parent's child
 * (CLONE_PARENT).  False when there is none any more, or it is a thread.
 */
bool guest_find_child(const FrailProcess *p, int32_t nr,
                      GuestProcessKey *child, bool *brother);

/* --- Notes --------------------------------------------------------------- */

/*
 * What somebody has found out about a process, and what stays true for as
 * long as it is the same: no exec, no other credentials, name, control group
 * or namespaces.
 */
typedef struct GuestNote {
    uint32_t owner, epoch;
    uint32_t known, value;      /* bits of the owner's own */
} GuestNote;

/*
 * The note of @owner (not 0), which is empty when there was none; valid until
 * the next call of the guest's on this vCPU.  On its thread.
 */
GuestNote *guest_note(const FrailProcess *p, uint32_t owner);

/* What happens when @p gets a signal. */
typedef struct GuestAction {
    uint64_t handler;           /* or SIG_DFL, SIG_IGN */
    uint64_t flags;             /* SA_SIGINFO and so on */
} GuestAction;

/* False when it is not known.  On the vCPU's thread. */
bool guest_signal_action(FrailGuestCpu *cpu, const FrailProcess *p, int sig,
                         GuestAction *action);

/*
 * --- The end of tasks ------------------------------------------------------
 *
 * A task that has been noted is told of once, by @fn, when it is found to have
 * ended.  All are called on the vCPU's thread, after guest_begin(), and do
 * nothing when it is not known who runs there.
 */

typedef enum GuestEndHow {
    GUEST_END_UNKNOWN,
    GUEST_END_EXITED,           /* with @value */
    GUEST_END_KILLED,           /* by signal @value */
    GUEST_END_SUPERSEDED,       /* by an execve of thread @value */
} GuestEndHow;

typedef struct GuestEnd {
    const FrailProcess *process;    /* as it made its last call */
    uint64_t stack, seq;            /* of its last call */
    GuestEndHow how;
    int value;
    bool core;                      /* dumped */
    uint32_t marks;                 /* of guest_mark_task() */
} GuestEnd;
typedef void GuestEndFn(const GuestEnd *end, void *opaque);

/* Before all others; before the first vCPU runs. */
void guest_watch_tasks(FrailGuest *g);
/*
 * The current task, whose kernel stack has its top at @stack, makes call @seq.
 * Whoever had that stack before is dead.  Returns its marks.
 */
uint32_t guest_note_call(FrailGuestCpu *cpu, uint64_t stack, uint64_t seq,
                         GuestEndFn *fn, void *opaque);
/* Add @marks, of the caller's own, to it. */
void guest_mark_task(FrailGuestCpu *cpu, uint64_t stack, uint32_t marks);
/* Those that it has, 0 if it was not noted; false: not known. */
bool guest_task_marks(FrailGuestCpu *cpu, uint64_t stack, uint32_t *marks);
/* It exits with @code; @group: all of its process.  False: not known. */
bool guest_note_exit(FrailGuestCpu *cpu, uint64_t stack, bool group, int code,
                     GuestEndFn *fn, void *opaque);
/* It has executed a program: its process has no other threads any more. */
void guest_note_exec(FrailGuestCpu *cpu, uint64_t stack, GuestEndFn *fn,
                     void *opaque);
/* It has been told that a child has ended, maybe @pid (0: it does not say). */
void guest_note_child(FrailGuestCpu *cpu, int32_t pid, GuestEndFn *fn,
                      void *opaque);

/*
 * The id by which the task can kill its process, all threads of it, as it
 * counts itself; 0: it cannot, or that is not known.
 */
int32_t guest_kill_id(const FrailProcess *p);

/*
 * --- All processes --------------------------------------------------------
 */

/*
 * Call @fn for each process, ordered by pid.  @state is that of the vCPU,
 * which stands still, in any mode; @percpu_alt is another GS base to try, that
 * of a vCPU in the kernel.  Returns how many, or -errno with a sentence in
 * *@why (static).  Allocates.  On the vCPU's thread.
 */
int guest_list_processes(FrailGuestCpu *cpu, const GuestCpuState *state,
                         uint64_t percpu_alt, FrailProcessFn *fn,
                         void *opaque, const char **why);

/*
 * --- A process's open files and directories ---------------------------------
 * They print nothing and return false when it is not known.
 */

/*
 * What open file @fd is, as strace prints it behind the number: -y
 *     </etc/passwd>  </tmp/x>(deleted)  <pipe:[123]>  <socket:[7]>
 * and, with @details, -yy
 *     <TCP:[127.0.0.1:80->127.0.0.1:5000]>  <UNIX-STREAM:[1->2,"/run/x"]>
 *     </dev/null<char 1:3>>  <pid:17>
 * Bytes that cannot be printed are escaped, and '<' and '>' of paths too.
 */
bool guest_fd_text(FrailGuestCpu *cpu, const FrailProcess *p, int fd,
                   bool details, FrailText *out);

/* The current working directory; the root directory. */
bool guest_cwd_text(FrailGuestCpu *cpu, const FrailProcess *p,
                    FrailText *out);
bool guest_root_text(FrailGuestCpu *cpu, const FrailProcess *p,
                     FrailText *out);

/*
 * --- Rings: work that a process gives the kernel many pieces of at once -----
 * Of Linux, those of io_uring.
 */

typedef struct GuestRing {
    uint32_t flags;         /* of its set-up: IORING_SETUP_* */
    uint32_t entries;       /* a power of two, 32768 at most */
    uint32_t head;          /* that of the next entry; counts on for ever */
    uint32_t ready;         /* entries from there on; at most @entries */
    uint64_t slots;         /* where they are */
    uint64_t order;         /* in which; 0: one after the other */
} GuestRing;

typedef struct GuestRingEntry {
    uint8_t data[128];      /* struct io_uring_sqe, and what may follow */
    unsigned len;           /* of it: 64, 128 */
    uint32_t slot;
    bool invalid;           /* there is no such slot: no data */
} GuestRingEntry;

/*
 * The submission queue of the ring that open file @fd is, or, if @registered,
 * that is number @fd of those the process has registered with itself.  False
 * when that is no ring, or not known.
 */
bool guest_ring(FrailGuestCpu *cpu, const FrailProcess *p, int fd,
                bool registered, GuestRing *ring);
/*
 * Copy the next entry and step over it.  False when none is ready or it cannot
 * be read.  Behind an invalid one there is none.
 */
bool guest_ring_next(FrailGuestCpu *cpu, GuestRing *ring,
                     GuestRingEntry *entry);

#endif /* FRAIL_GUEST_H */
