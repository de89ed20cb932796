/*
 * The scratch virtual machine of the self-test.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_KVM_SELFTEST_VM_H
#define FRAIL_KVM_SELFTEST_VM_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <linux/kvm.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

#include "kvm/selftest.h"

typedef struct ScratchVM {
    const FrailKvm *kvm;
    int kvm_fd;
    FrailTrap trap;
    char *why;
    size_t why_size;

    int vm_fd, vcpu_fd;
    uint8_t *memory;
    struct kvm_run *run;
    size_t run_size;

    /* What ends a run that does not end by itself. */
    bool have_timer;
    timer_t timer;
    sigset_t old_mask;
    struct timespec deadline;
} ScratchVM;

/* What the guest did when KVM_RUN came back. */
typedef enum EventKind {
    EVENT_BREAK,                /* @value: address */
    EVENT_RDMSR,                /* @value: index */
    EVENT_WRMSR,                /* @value: index */
    EVENT_PORT,                 /* @value: port */
    EVENT_OTHER,                /* @value: KVM_EXIT_* */
} EventKind;

typedef struct Event {
    EventKind kind;
    uint64_t value;
} Event;

/*
 * All return 0 or a negative errno; then @why has a sentence.  A ScratchVM
 * that was not made whole can be freed.
 */
int scratch_make(ScratchVM *s, const FrailKvm *kvm, int kvm_fd, FrailTrap trap,
                 char *why, size_t why_size);
void scratch_free(ScratchVM *s);
int scratch_next(ScratchVM *s, Event *event);
int scratch_set_msr(ScratchVM *s, uint32_t index, uint64_t value);
/* Have the changed registers of the shared page loaded, and look at them. */
int scratch_check_regs(ScratchVM *s);

/* selftest-run.c; scratch_raw() leaves @why alone. */
int scratch_raw(ScratchVM *s, int fd, unsigned long request, void *arg);
int scratch_call(ScratchVM *s, int fd, unsigned long request, void *arg,
                 const char *name);
int scratch_start_timer(ScratchVM *s);
void scratch_stop_timer(ScratchVM *s);
int scratch_set_signal_mask(ScratchVM *s);
int scratch_fail(ScratchVM *s, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define CALL(s, fd, request, arg) \
    scratch_call(s, fd, request, arg, #request)
#define NUMBER(n) ((void *)(uintptr_t)(n))

#define EFER_SCE        (1u << 0)
#define EFER_LME        (1u << 8)
#define EFER_LMA        (1u << 10)
#define RFLAGS_RF       (1u << 16)

#define MSR_EFER        FRAIL_MSR_EFER
#define MSR_LSTAR       FRAIL_MSR_LSTAR

/* IF, and two flags that would show a frame mixed up. */
#define USER_RFLAGS     0x246u
#define SFMASK          0x47700u

#endif /* FRAIL_KVM_SELFTEST_VM_H */
