/*
 * What a virtual machine monitor gives libfrail, and what it gets back.
 *
 * A monitor fills in FrailHostOps, makes one FrailVM and one FrailVCPU per
 * vCPU, and calls the entry points below.  All state lives in these two
 * objects; the one exception is frail_plugin_bind().
 *
 * Thread context: unless a function says otherwise it is called on the
 * thread of the vCPU it names while that vCPU is stopped, without any lock
 * of the monitor, and the host operations run on that same thread.  "Any
 * thread" means that calls for one object must not run at the same time.
 *
 * Errors: negative errno.  Sizes are in bytes, addresses in the guest's
 * linear or, where it says so, guest-physical address space.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_HOST_H
#define FRAIL_HOST_H

#if defined(FRAIL_PLUGIN_H) && !defined(FRAIL_LIBRARY)
#error "an analyzer includes frail-plugin.h only, not frail-host.h"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct FrailVM FrailVM;
typedef struct FrailVCPU FrailVCPU;

/*
 * The general registers, RIP and RFLAGS.  The order is that of Linux's
 * struct kvm_regs, so that a KVM monitor can pass the shared kvm_run page.
 */
typedef struct FrailRegs {
    uint64_t rax, rbx, rcx, rdx;
    uint64_t rsi, rdi, rsp, rbp;
    uint64_t r8, r9, r10, r11;
    uint64_t r12, r13, r14, r15;
    uint64_t rip, rflags;
} FrailRegs;

/* The system registers the engine reads.  It never writes them. */
typedef struct FrailSregs {
    uint64_t cr0, cr3, cr4;
    uint64_t idt_base, gdt_base, tr_base;
    uint32_t idt_limit, gdt_limit, tr_limit;
    uint16_t cs, ss;
} FrailSregs;

/* Why the engine gave a vCPU's trap back.  See frail_disarm_reason_name(). */
typedef enum FrailDisarmReason {
    FRAIL_DISARM_NONE,
    FRAIL_DISARM_LSTAR_WRITTEN,     /* kexec, resume: armed again later */
    FRAIL_DISARM_RESET,
    FRAIL_DISARM_NO_SYSRET,         /* no SYSRET near LSTAR */
    FRAIL_DISARM_NO_IRET,           /* no IRETQ near LSTAR */
    FRAIL_DISARM_UD_GATE,           /* IDT gate 6 unreadable or unsuitable */
    FRAIL_DISARM_TSS,               /* TSS.RSP0 unreadable */
    FRAIL_DISARM_NO_REGISTER,       /* more breakpoints needed than four */
    FRAIL_DISARM_HOST,              /* a host operation failed */
} FrailDisarmReason;

/*
 * What the monitor implements.  @vm and @vcpu are the opaque pointers given
 * to frail_vm_new() and frail_vcpu_new().
 *
 * map_page, page_written, get_sregs and get_msr must be there; set_msr and
 * set_breakpoints too, but for FRAIL_TRAP_EMULATOR.  The rest may be NULL.
 */
typedef struct FrailHostOps {
    size_t sz;              /* sizeof(FrailHostOps) of the monitor */

    /*
     * Host pointer to the 4 KiB page of guest RAM at guest-physical @gpa
     * (page aligned), or NULL where there is no plain RAM; with @write, RAM
     * that the guest itself may write.  The pointer must stay valid until the
     * current entry point returns, and beyond it until
     * frail_vm_memory_changed() is called.
     */
    void *(*map_page)(void *vm, uint64_t gpa, bool write);

    /* A guest page was written through map_page (dirty logging, TBs). */
    void (*page_written)(void *vm, uint64_t gpa, size_t len);

    void (*get_sregs)(void *vcpu, FrailSregs *sregs);

    /* The MSR as the hardware has it, not the guest's view.  0 or -errno. */
    int (*get_msr)(void *vcpu, uint32_t msr, uint64_t *value);
    int (*set_msr)(void *vcpu, uint32_t msr, uint64_t value);

    /*
     * Make these addresses, of which the bits in @mask are used, the vCPU's
     * execution breakpoints.  0, or -EBUSY when others hold the registers.
     */
    int (*set_breakpoints)(void *vcpu, const uint64_t addr[4], unsigned mask);

    /*
     * Optional.  Is an NMI pending or being handled?  A hypervisor may then
     * be single-stepping the guest for its own purposes, as KVM does on AMD
     * (svm.c, svm_enable_nmi_window()), and TF in a frame is not the guest's.
     */
    bool (*nmi_pending)(void *vcpu);

    /*
     * Optional.  The vCPU changed between waiting, armed and disarmed.
     */
    void (*state_changed)(void *vcpu, bool armed, FrailDisarmReason why);

    /*
     * Optional.  frail_vm_next_event() has something.  From any thread, also
     * a vCPU's in the midst of a call: it must not wait for anything.
     */
    void (*event_pending)(void *vm);

    /*
     * Optional.  Stop the whole machine, as a user does who pauses it, soon
     * and without waiting for it.  @vcpu, whose thread this is, must not run
     * another instruction first; NULL: this is no vCPU's thread.
     */
    void (*pause)(void *vm, void *vcpu);
} FrailHostOps;

typedef enum FrailTrap {
    FRAIL_TRAP_SCE,         /* EFER.SCE held at 0; SYSCALL raises #UD */
    FRAIL_TRAP_LSTAR,       /* a breakpoint on the entry point */
    FRAIL_TRAP_EMULATOR,    /* the monitor emulates SYSCALL itself (TCG) */
} FrailTrap;

typedef struct FrailVMOptions {
    size_t sz;              /* sizeof(FrailVMOptions) */
    FrailTrap trap;
    bool exact;             /* R11 as the hardware gives it */
} FrailVMOptions;

/*
 * Make the engine for one virtual machine.  @ops and @opts are copied.
 * Returns NULL and, through @err, a static sentence when either is of a
 * version the library does not know.  Any thread.
 */
FrailVM *frail_vm_new(const FrailHostOps *ops, void *vm,
                      const FrailVMOptions *opts, const char **err);

/*
 * Free it and the analyzers registered with it.  All its vCPUs must have been
 * freed.  NULL is allowed.  Any thread.
 */
void frail_vm_free(FrailVM *vm);

/*
 * The whole machine is being reset, or goes on from another state of its
 * own: the calls that are open now will not return.  No vCPU runs meanwhile.
 * Any thread.
 */
void frail_vm_reset(FrailVM *vm);

/*
 * The guest-physical memory map changed; cached host pointers are dropped
 * at each vCPU's next entry.  Any thread.
 */
void frail_vm_memory_changed(FrailVM *vm);

/*
 * Make a vCPU's engine state; never NULL.  @efer_valid is the set of EFER
 * bits that the guest's CPUID gives it; writing another one raises #GP.
 * @compat_syscall: SYSCALL is legal in compatibility mode, as on AMD's CPUs
 * (APM vol. 3, SYSCALL), and not a genuine #UD.  Any thread.
 */
FrailVCPU *frail_vcpu_new(FrailVM *vm, void *vcpu, unsigned index,
                          uint64_t efer_valid, bool compat_syscall);

/* The vCPU must not run any more.  NULL is allowed.  Any thread. */
void frail_vcpu_free(FrailVCPU *v);

/* The MSRs the monitor is to bring here when the guest touches them. */
#define FRAIL_MSR_EFER      0xc0000080u     /* reads and writes */
#define FRAIL_MSR_STAR      0xc0000081u     /* the rest: writes */
#define FRAIL_MSR_LSTAR     0xc0000082u
#define FRAIL_MSR_CSTAR     0xc0000083u
#define FRAIL_MSR_SFMASK    0xc0000084u
#define FRAIL_MSR_GS_BASE   0xc0000101u     /* these two: only the engine */
#define FRAIL_MSR_KERNEL_GS_BASE 0xc0000102u    /* reads them */

/*
 * The guest reads or writes one of the MSRs above.  Return 0 when done, or
 * -EPERM when the guest is to get #GP(0), as SDM vol. 4 (EFER) and Linux's
 * set_efer() in arch/x86/kvm/x86.c have it.
 */
int frail_vcpu_rdmsr(FrailVCPU *v, uint32_t msr, uint64_t *value);
int frail_vcpu_wrmsr(FrailVCPU *v, uint32_t msr, uint64_t value);

/* The system-call MSRs as the guest has them, when the monitor sets state. */
typedef struct FrailMsrs {
    uint64_t efer, star, lstar, cstar, sfmask;
} FrailMsrs;

/*
 * The monitor is about to load the whole state of the vCPU: reset, a
 * snapshot, incoming migration.  The trap is given up and, when LSTAR is
 * set, waits for the next call.  Call before EFER goes to the hardware.
 */
void frail_vcpu_load(FrailVCPU *v, const FrailMsrs *msrs);

/*
 * EFER on its way to the hardware, and back to the guest's own view, which
 * the first of them takes note of.
 */
uint64_t frail_vcpu_efer_to_hw(FrailVCPU *v, uint64_t guest);
uint64_t frail_vcpu_efer_from_hw(FrailVCPU *v, uint64_t hw);

typedef enum FrailDebugResult {
    FRAIL_DEBUG_FOREIGN,    /* not ours: give it to the guest or to gdb */
    FRAIL_DEBUG_DONE,       /* ours; @regs unchanged */
    FRAIL_DEBUG_REGS,       /* ours; @regs changed, write them back */
} FrailDebugResult;

/*
 * The vCPU stopped with a debug exception at @pc.  @regs are its registers
 * and are changed in place.
 */
FrailDebugResult frail_vcpu_debug(FrailVCPU *v, uint64_t pc, uint64_t dr6,
                                  FrailRegs *regs);

/* How a system call came in, for a monitor that emulates the instruction. */
typedef enum FrailInsn {
    FRAIL_INSN_SYSCALL64,
    FRAIL_INSN_SYSCALL32,
    FRAIL_INSN_SYSENTER,
    FRAIL_INSN_INT80,
} FrailInsn;

/*
 * The guest executes a system call in user mode.  @regs is the user's state
 * with RIP already behind the instruction.  Returns 0 to go on, with RAX, RBX,
 * RCX, RSI, RDI and RBP as they are in @regs then, which differ from before
 * when another call takes the place of this one; a negative errno when an analyzer refuses: then RAX and RIP in @regs have been set to
 * what user mode goes on with, and nothing else.  RIP is 0 when that cannot be
 * told, for a SYSENTER that is not the vDSO's: the monitor then lets the
 * kernel run, with a number that it does not know.
 */
int frail_vcpu_syscall(FrailVCPU *v, FrailInsn insn, FrailRegs *regs);

/*
 * The guest goes to user mode (SYSRET, SYSEXIT, IRET).  @regs is the state
 * as user mode will see it.
 */
void frail_vcpu_return(FrailVCPU *v, const FrailRegs *regs);

/*
 * Must the monitor call frail_vcpu_return()?  The answer is final once the
 * analyzers have been loaded.  Any thread.
 */
bool frail_vm_wants_returns(const FrailVM *vm);

/* Counters; each only ever grows. */
typedef struct FrailStats {
    size_t sz;                  /* set by the caller */
    bool armed;
    const char *state;          /* idle, waiting, armed, unfit; static */
    FrailDisarmReason reason;   /* of the last disarming */
    uint64_t calls;             /* system calls seen */
    uint64_t delivered;         /* of these, given to an analyzer */
    uint64_t refused;
    uint64_t returns;           /* returns paired with their call */
    uint64_t returns_unpaired;  /* calls given up: their task was killed */
    uint64_t returns_lost;      /* calls given up: too many were open */
    uint64_t genuine_ud;        /* #UD that was not a system call */
    uint64_t retried;           /* instruction bytes not readable: run again */
    uint64_t reinjected_db;     /* #DB that was not ours */
    uint64_t spurious_step;     /* single steps of the hypervisor's own */
    uint64_t late_ud;           /* #UD found by the second breakpoint */
    uint64_t sysret;            /* SYSRETs emulated or stepped over */
    uint64_t armings;
    uint64_t disarmings;
    uint64_t debug_exits;       /* calls of frail_vcpu_debug() */
    uint64_t msr_exits;
    uint64_t killed;            /* calls in whose place the caller ended */
} FrailStats;

/*
 * Copy the counters, as many as @stats->sz has room for.  Any thread, also
 * while the vCPU runs.
 */
void frail_vcpu_stats(const FrailVCPU *v, FrailStats *stats);

/*
 * --- What the guest is ----------------------------------------------------
 */

/* What was found out about the guest; texts as old as the machine's state. */
typedef struct FrailGuestInfo {
    size_t sz;                  /* set by the caller */
    bool known;                 /* processes can be named */
    const char *banner;         /* "Linux version 6.1.0-..."; NULL: not found */
    const char *method;         /* "btf", "btf-scan", "btf-file"; or NULL */
    const char *confidence;     /* "high": two ways agree; "medium"; or NULL */
    const char *why;            /* why not, in a sentence; or NULL */
    size_t btf_size;            /* bytes; 0: none */
    int64_t duration_ns;        /* what looking for it took, once */
    uint64_t rejected;          /* callers that contradicted themselves */
} FrailGuestInfo;

/*
 * The thread that loads state and resets, so that it does not change
 * meanwhile.
 */
void frail_vm_guest_info(const FrailVM *vm, FrailGuestInfo *info);

/*
 * Use this BTF, @len bytes, for a guest that has none of its own; copied.
 * Before the first vCPU runs.  0, or -EINVAL with a sentence in *@why
 * (static).
 */
int frail_vm_set_btf(FrailVM *vm, const void *btf, size_t len,
                     const char **why);

/* One process; texts are valid during the callback and may be NULL. */
typedef struct FrailProcessInfo {
    size_t sz;                  /* sizeof(FrailProcessInfo) of the library */
    int32_t pid, ppid;
    uint32_t uid;               /* effective */
    int nice;                   /* -20 to 19 */
    int priority;               /* 0 to 139, 120 for nice 0 */
    int policy;                 /* SCHED_OTHER and so on */
    int rt_priority;            /* 0, or 1 to 99 */
    char state;                 /* 'Z': a zombie; 0: any other */
    bool kernel_thread;
    uint64_t start_ns;          /* since the guest's boot */
    const char *name;           /* comm, as ps shows it */
    const char *cmdline;        /* arguments, each ended by a zero */
    size_t cmdline_len;
    const char *exe;
    const char *cgroup;
    const char *container;
} FrailProcessInfo;
typedef void FrailProcessFn(const FrailProcessInfo *p, void *opaque);

/*
 * Call @fn for each process of the guest, in the order of their pids; the
 * vCPU, which is in any mode, is where it starts from.  Other vCPUs may run.
 * Returns how many there are; or -ENODATA or -EAGAIN with a sentence in *@why
 * (static).  Takes about 10 us a process.
 */
int frail_vcpu_list_processes(FrailVCPU *v, FrailProcessFn *fn, void *opaque,
                              const char **why);

/*
 * --- Events: what whoever manages the machine wants to know ----------------
 */

typedef enum FrailEventType {
    FRAIL_EVENT_ARMED,          /* the calls of @vcpu are traced from now on */
    FRAIL_EVENT_DISARMED,       /* no longer, for @reason */
    FRAIL_EVENT_EVASION,        /* @evasion */
    FRAIL_EVENT_REPORT,         /* an analyzer says so */
    FRAIL_EVENT_PAUSED,         /* an analyzer has paused the machine */
} FrailEventType;

/* Signs that the guest's kernel evades the trap.  See frail_evasion_name(). */
typedef enum FrailEvasion {
    FRAIL_EVASION_UD_GATE,      /* gate 6 of the IDT was changed */
    FRAIL_EVASION_IDT,          /* there is another IDT */
    FRAIL_EVASION_LSTAR,        /* there is another entry point */
} FrailEvasion;

/* A member of a report.  The guest may have chosen the text: any bytes. */
typedef struct FrailEventItem {
    const char *name;
    const char *text;           /* NULL: the value is @number */
    int64_t number;
} FrailEventItem;

#define FRAIL_EVENT_ITEMS   8
#define FRAIL_EVENT_TEXT    1024

/* Texts are NULL when there are none. */
typedef struct FrailEvent {
    FrailEventType type;
    int vcpu;                   /* its index; -1: none */
    FrailDisarmReason reason;
    FrailEvasion evasion;
    /* What follows is for REPORT and PAUSED. */
    unsigned analyzer;          /* its id */
    const char *name;           /* of the analyzer */
    const char *kind;           /* PAUSED: why */
    const char *call;           /* the call that it is about */
    int32_t tid, pid;           /* who makes it; 0: not known */
    const char *comm;
    bool cut;                   /* not all of the texts found room */
    unsigned n;
    FrailEventItem item[FRAIL_EVENT_ITEMS];
    /* Where the texts are. */
    size_t used;
    char text[FRAIL_EVENT_TEXT];
} FrailEvent;

/*
 * The next event, oldest first, valid until the next call of this function;
 * NULL: there is none.  One thread at a time.
 */
const FrailEvent *frail_vm_next_event(FrailVM *vm);

/* What can be lost for want of room. */
typedef enum FrailLossKind {
    FRAIL_LOSS_EVENTS,          /* events that frail_vm_next_event() had not */
    FRAIL_LOSS_RETURNS,         /* calls whose return will not be seen */
    FRAIL_LOSS_OUTPUT,          /* lines of the analyzers' outputs */
    FRAIL_LOSS_KINDS
} FrailLossKind;

/*
 * How much was lost so far.  After each loss event_pending() is called.  Any
 * thread.
 */
uint64_t frail_vm_lost(const FrailVM *vm, FrailLossKind kind);

/* In words with hyphens, "unknown" for another value; static.  Any thread. */
const char *frail_evasion_name(FrailEvasion evasion);
const char *frail_loss_name(FrailLossKind kind);
const char *frail_disarm_reason_name(FrailDisarmReason reason);
const char *frail_trap_name(FrailTrap trap);

/*
 * A consumer inside the monitor that gets every call, e.g. to serve an
 * existing plugin interface.  Either function may be NULL.  @ret is called
 * for calls whose value is known.  Set before the first vCPU runs, on any
 * thread; the functions run on the vCPU's thread.
 */
typedef void FrailMonitorCallFn(void *vcpu, int64_t nr, const uint64_t args[6]);
typedef void FrailMonitorRetFn(void *vcpu, int64_t nr, int64_t ret);
void frail_vm_set_monitor(FrailVM *vm, FrailMonitorCallFn *call,
                          FrailMonitorRetFn *ret);

/*
 * Analyzers that are loaded into this process from now on belong to @vm;
 * NULL ends that.  A process-wide setting, because the loader of a plugin
 * has no other way to say which machine it means.  For the thread that loads
 * plugins.
 */
void frail_plugin_bind(FrailVM *vm);

/*
 * Check what an analyzer exports as "frail_plugin_version".  0, or -EINVAL
 * with a sentence in @why, cut to @why_size.  Any thread.
 */
int frail_plugin_check_version(int version, char *why, size_t why_size);

#ifdef __cplusplus
}
#endif
#endif /* FRAIL_HOST_H */
