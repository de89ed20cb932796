/*
 * Shared by the files of plugin/guest/ only.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_GUEST_INTERNAL_H
#define FRAIL_GUEST_INTERNAL_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <glib.h>

#include "frail-plugin.h"

#include "guest/guest.h"
#include "guest/types.h"

#define GUEST_PATH_MAX      4096u
#define GUEST_COMM_LEN      16u
#define GUEST_TASK_NAME     64u
#define GUEST_PID_LEVELS    32u     /* MAX_PID_NS_LEVEL */

/* Do the user's page tables lie 4 KiB above the kernel's? */
typedef enum GuestKpti {
    GUEST_KPTI_UNKNOWN,     /* only the kernel's have been seen, or none */
    GUEST_KPTI_OFF,
    GUEST_KPTI_ON,
} GuestKpti;

/*
 * One kernel that was looked at, known by its LSTAR; immutable once it is in
 * the guest's list, so that no vCPU needs a lock to read it.
 */
typedef struct GuestKernel {
    uint64_t lstar;
    bool known;
    GuestTypes types;
    uint64_t current_offset;    /* from a CPU's per-CPU base: its task */
    uint64_t percpu_start;      /* what is added to offsets in the section */
    uint64_t btf_va;            /* 0: it came from elsewhere */
    GuestKpti kpti;             /* atomic: it may be learnt later */
    struct GuestSyscallTable *syscalls;     /* NULL: not read; atomic */
    FrailGuestInfo info;
    char banner[256];
} GuestKernel;

/*
 * How many kernels are looked at between two resets: a guest that starts more
 * (kexec), or only pretends to, is unknown from then on.
 */
#define GUEST_KERNELS   16

struct FrailGuest {
    unsigned n;                 /* in kernel[]; atomic, only ever grows */
    GuestKernel *kernel[GUEST_KERNELS];
    bool working;               /* somebody looks at one; atomic */
    unsigned attempts;          /* that failed; of whoever is working */
    uint64_t rejected;          /* atomic */
    uint32_t resets;            /* how often it was forgotten */
    uint8_t *file;              /* frail-btf= */
    size_t file_len;
    GMutex lock;                /* of whoever reads a table of calls */
    struct GuestTasks *tasks;   /* NULL: nobody wants to know of their end */
};

/*
 * What tells a task from another one, or from itself before an exec or a
 * setuid.  Without padding: compared as bytes.
 */
typedef struct TaskKey {
    uint64_t start, mm, cred, parent, cgroups, nsproxy, exec_id;
    int32_t pid, tgid, static_prio, prio, policy, rt_priority, flags, pad;
    uint32_t ids[8];        /* uid gid suid sgid euid egid fsuid fsgid */
    char comm[GUEST_COMM_LEN];
} TaskKey;

#define KEY_TASK_FIELDS     13
#define KEY_CRED_FIELDS     8
#define KEY_PARTS           (KEY_TASK_FIELDS + KEY_CRED_FIELDS + 1)

enum {
    TEXT_EXE, TEXT_CWD, TEXT_ROOT, TEXT_CGROUP, TEXT_CONTAINER, TEXT_CMDLINE,
    TEXT_FD, TEXT_COUNT
};

#define GUEST_NOTES     8       /* for a task; a power of two */

struct FrailProcess {
    FrailGuestCpu *cpu;
    uint64_t task;          /* address of its task_struct; 0: empty */
    uint64_t cr3;           /* of the space that was found to be its own */
    uint64_t pgd;           /* guest-physical; 0: a kernel thread */
    TaskKey key;
    int32_t ppid, ns_tid;
    uint32_t ns_level;      /* of its pid namespace; 0: the first */
    /* Where in the host the parts of the key lie; NULL: nowhere for sure */
    const uint8_t *part[KEY_PARTS];
    uint32_t seen;          /* the memory map that these are of */
    GuestNote note[GUEST_NOTES];
    /* It has ended: nothing but what stands here is its own any more. */
    bool gone;
    uint64_t leader_start;  /* then */
};

#define GUEST_CACHE     256     /* tasks for a vCPU */

struct FrailGuestCpu {
    FrailGuest *guest;
    FrailMem *mem;
    GuestCpuState state;        /* of the present call */
    const FrailProcess *process;
    bool asked;                 /* @process is the answer */
    FrailSpace kernel;          /* of the present call */
    uint64_t percpu;            /* linear base of the per-CPU area */
    const GuestKernel *k;       /* NULL: not looked at */
    /* Where in the host the CPU's current task stands */
    const uint8_t *current;
    uint64_t current_cr3;
    uint32_t current_seen;      /* the memory map that it is of */
    uint32_t resets;
    FrailProcess cache[GUEST_CACHE];
    /* Texts of the process that was asked for last. */
    char text[TEXT_COUNT][GUEST_PATH_MAX + 64];
};

static inline bool guest_is_kernel(uint64_t va)
{
    return va >> 63;
}

/* All of @len bytes of the kernel's memory, or false. */
static inline bool kread(FrailGuestCpu *c, uint64_t va, void *buf, size_t len)
{
    return guest_is_kernel(va) &&
        frail_mem_read(c->mem, c->kernel, va, buf, len) == len;
}

static inline const GuestField *guest_field(const FrailGuestCpu *c,
                                            GuestFieldId id)
{
    return &c->k->types.field[id];
}

static inline bool guest_has(const FrailGuestCpu *c, GuestFieldId id)
{
    return c->k->types.field[id].size;
}

/* Cut a bit field out of the bytes that it lies in. */
static inline uint64_t guest_field_value(const GuestField *f, uint64_t bytes)
{
    return f->bit_size ?
        bytes >> f->bit_shift & ((1ull << f->bit_size) - 1) : bytes;
}

/* A member of at most 8 bytes of the structure at @base. */
static inline bool kread_field(FrailGuestCpu *c, uint64_t base,
                               GuestFieldId id, uint64_t *value)
{
    const GuestField *f = guest_field(c, id);

    *value = 0;
    if (!f->size || f->size > 8 || !kread(c, base + f->offset, value,
                                          f->size)) {
        return false;
    }
    *value = guest_field_value(f, *value);
    return true;
}

/* The same for a pointer into the kernel. */
static inline bool kread_pointer(FrailGuestCpu *c, uint64_t base,
                                 GuestFieldId id, uint64_t *value)
{
    return kread_field(c, base, id, value) && guest_is_kernel(*value);
}

/*
 * A string of the kernel's, at most @size - 1 bytes; false when it is longer
 * or cannot be read.  @buf is terminated either way.
 */
bool kread_string(FrailGuestCpu *c, uint64_t va, char *buf, size_t size);

/* --- find.c -------------------------------------------------------------- */

typedef struct GuestImage {
    uint8_t *btf;           /* to be freed */
    size_t btf_len;
    uint64_t btf_va;
    unsigned btf_tries, banner_tries;
    char banner[256];
} GuestImage;

/* Look around @lstar for the BTF and the kernel's banner. */
bool guest_find_image(FrailMem *mem, FrailSpace space, uint64_t lstar,
                      GuestImage *image);

/* --- percpu.c ------------------------------------------------------------ */

#define GUEST_ENTRY_LEN     128u    /* of the code at LSTAR that is read */

/* What the entry code adds to GS for its stack, and to save the user's. */
typedef struct GuestEntry {
    bool has_stack, has_scratch;
    uint64_t stack, scratch;
} GuestEntry;

GuestEntry guest_read_entry(const uint8_t *code, size_t len, uint64_t lstar);
/*
 * The start of the section of per-CPU variables by these; false when the two
 * contradict each other, or the types do not have the variables.
 */
bool guest_start_by_entry(const GuestTypes *t, const GuestEntry *e,
                          uint64_t *start);

/*
 * Where each CPU keeps its current task: fills in @k's current_offset,
 * percpu_start, kpti, and how sure that is.  @c is the CPU of @cr3, in user
 * mode or, with @any_task, anywhere.
 */
bool guest_find_current(GuestKernel *k, FrailGuestCpu *c, uint64_t cr3,
                        bool la57, bool any_task, const char **why);

/*
 * Is @task a task in the space of @cr3, whose stack ends at @top (0: not
 * known)?  With @any_task also one that has no space.
 */
bool guest_is_current(FrailGuestCpu *c, uint64_t task, uint64_t top,
                      uint64_t cr3, bool any_task);

/*
 * The space in which the kernel's memory is mapped, of a vCPU with @cr3 that
 * runs c->k; c->percpu is its per-CPU area.
 */
FrailSpace guest_kernel_space(FrailGuestCpu *c, uint64_t cr3, bool la57,
                              bool any_task);

/* --- search.c ------------------------------------------------------------ */

/*
 * Where each CPU keeps its current task, when BTF has no variables: @offset
 * from c->percpu.  @top and @cr3 as for guest_is_current(), of a task that runs
 * on @c now.
 */
bool guest_search_current(FrailGuestCpu *c, uint64_t top, uint64_t cr3,
                          uint64_t *offset);

/* --- process.c ----------------------------------------------------------- */

/* A value that may be missing: then 0. */
uint64_t guest_optional(FrailGuestCpu *c, uint64_t base, GuestFieldId id);
bool guest_read_key(FrailGuestCpu *c, uint64_t task, TaskKey *key);
/* Guest-physical address of a process's page tables; 0 when not known. */
uint64_t guest_pgd(FrailGuestCpu *c, uint64_t mm);
/* As ps shows it: a kernel thread's long name, a worker's with its work. */
void guest_task_name(FrailGuestCpu *c, uint64_t task, const TaskKey *key,
                     FrailText *out);
/* As /proc/PID/cmdline; false when it cannot be read or there is none. */
bool guest_cmdline(FrailGuestCpu *c, uint64_t mm, uint64_t pgd,
                   FrailText *out);
bool guest_exe_text(FrailGuestCpu *c, uint64_t mm, FrailText *out);
bool guest_cgroup_text(FrailGuestCpu *c, uint64_t task, FrailText *out);
/* The id in a cgroup's path; false: no container's. */
bool guest_container_id(const char *cgroup, char *id, size_t size);

/* --- tasks.c ------------------------------------------------------------- */

typedef struct GuestTasks GuestTasks;

void guest_tasks_clear(GuestTasks *t);
void guest_tasks_free(GuestTasks *t);

/* --- path.c -------------------------------------------------------------- */

/*
 * The path of a struct path at @path, or of the struct file at @file, with
 * pseudo files, without the mark of a deleted one.
 */
bool guest_path_parts(FrailGuestCpu *c, uint64_t path, FrailText *out,
                      bool *deleted);
bool guest_file_parts(FrailGuestCpu *c, uint64_t file, FrailText *out,
                      bool *deleted);
/* The same with " (deleted)", as /proc shows it. */
bool guest_path_text(FrailGuestCpu *c, uint64_t path, FrailText *out);
bool guest_file_text(FrailGuestCpu *c, uint64_t file, FrailText *out);
bool guest_file_dentry(FrailGuestCpu *c, uint64_t file, uint64_t *dentry);
/* An entry's own name; false when it does not fit. */
bool guest_dentry_name(FrailGuestCpu *c, uint64_t dentry, char *buf,
                       size_t size);

/* --- files.c ------------------------------------------------------------- */

/* The struct file of @fd; false when it is closed or not known. */
bool guest_file_at(FrailGuestCpu *c, uint64_t task, int fd, uint64_t *file);

/* The path of an open file, as readlink() of /proc/PID/fd/@fd. */
bool guest_fd_path(FrailGuestCpu *c, const FrailProcess *p, int fd,
                   FrailText *out);

/* --- sockets.c ----------------------------------------------------------- */

/*
 * "<TCP:[127.0.0.1:80->...]>" of the struct file and dentry of a socket;
 * false, and nothing, when its protocol is none of those that are told apart.
 */
bool guest_socket_text(FrailGuestCpu *c, uint64_t file, uint64_t dentry,
                       FrailText *out);

#endif /* FRAIL_GUEST_INTERNAL_H */
