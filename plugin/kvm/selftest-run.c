/*
 * Running the scratch virtual machine of the self-test, for a bounded time.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kvm/selftest-vm.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* Nothing else in a process is likely to use this one. */
#define KICK            SIGRTMAX

int scratch_fail(ScratchVM *s, int err, const char *format, ...)
{
    va_list ap;

    if (s->why_size) {
        va_start(ap, format);
        vsnprintf(s->why, s->why_size, format, ap);
        va_end(ap);
    }
    return -err;
}

int scratch_raw(ScratchVM *s, int fd, unsigned long request, void *arg)
{
    int ret = s->kvm->ioctl(s->kvm->opaque, fd, request, arg);

    return ret < 0 ? -errno : ret;
}

int scratch_call(ScratchVM *s, int fd, unsigned long request, void *arg,
                 const char *name)
{
    int ret = scratch_raw(s, fd, request, arg);

    if (ret < 0) {
        return scratch_fail(s, -ret, "this host's KVM fails %s: %s", name,
                            strerror(-ret));
    }
    return ret;
}

/*
 * A KVM that does not do what it says could run our guest for ever.  A
 * signal ends KVM_RUN.  It is sent to this thread only, blocked outside
 * KVM_RUN (KVM_SET_SIGNAL_MASK) and taken off before the mask is restored,
 * so that no handler ever runs: the process need not know.
 */
int scratch_start_timer(ScratchVM *s)
{
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD_ID,
        .sigev_signo = KICK,
    };
    struct itimerspec when = {
        .it_value.tv_sec = s->kvm->timeout_ms / 1000,
        .it_value.tv_nsec = s->kvm->timeout_ms % 1000 * 1000000l,
    };
    sigset_t kick;

    event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
    sigemptyset(&kick);
    sigaddset(&kick, KICK);
    if (timer_create(CLOCK_MONOTONIC, &event, &s->timer)) {
        return scratch_fail(s, errno, "no timer for the self-test of KVM: %s",
                            strerror(errno));
    }
    s->have_timer = true;
    pthread_sigmask(SIG_BLOCK, &kick, &s->old_mask);
    clock_gettime(CLOCK_MONOTONIC, &s->deadline);
    s->deadline.tv_sec += when.it_value.tv_sec;
    s->deadline.tv_nsec += when.it_value.tv_nsec;
    if (s->deadline.tv_nsec >= 1000000000l) {
        s->deadline.tv_sec++;
        s->deadline.tv_nsec -= 1000000000l;
    }
    timer_settime(s->timer, 0, &when, NULL);
    return 0;
}

void scratch_stop_timer(ScratchVM *s)
{
    static const struct timespec now;
    sigset_t kick;

    if (!s->have_timer) {
        return;
    }
    timer_delete(s->timer);
    sigemptyset(&kick);
    sigaddset(&kick, KICK);
    while (sigtimedwait(&kick, NULL, &now) == KICK) {
        /* There is one at most; EINTR ends this as well. */
    }
    pthread_sigmask(SIG_SETMASK, &s->old_mask, NULL);
}

static bool too_late(const ScratchVM *s)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > s->deadline.tv_sec ||
        (now.tv_sec == s->deadline.tv_sec &&
         now.tv_nsec >= s->deadline.tv_nsec);
}

/* While the vCPU runs, KICK is the only signal that is not blocked. */
int scratch_set_signal_mask(ScratchVM *s)
{
    uint64_t set = ~(1ull << (KICK - 1));
    union {
        struct kvm_signal_mask mask;
        uint8_t bytes[sizeof(struct kvm_signal_mask) + sizeof(set)];
    } u = { .mask.len = sizeof(set) };

    memcpy(u.mask.sigset, &set, sizeof(set));
    return CALL(s, s->vcpu_fd, KVM_SET_SIGNAL_MASK, &u.mask);
}

int scratch_next(ScratchVM *s, Event *event)
{
    const struct kvm_run *run = s->run;
    int ret;

    do {
        ret = scratch_raw(s, s->vcpu_fd, KVM_RUN, NUMBER(0));
        if (ret == -EINTR && too_late(s)) {
            return scratch_fail(s, ETIME, "the scratch guest did not end "
                                "within %u ms on this host's KVM",
                                s->kvm->timeout_ms);
        }
    } while (ret == -EINTR);
    if (ret < 0) {
        return scratch_fail(s, -ret, "this host's KVM fails KVM_RUN: %s",
                            strerror(-ret));
    }
    switch (run->exit_reason) {
    case KVM_EXIT_DEBUG:
        *event = (Event) { EVENT_BREAK, run->debug.arch.pc };
        break;
    case KVM_EXIT_X86_RDMSR:
        *event = (Event) { EVENT_RDMSR, run->msr.index };
        break;
    case KVM_EXIT_X86_WRMSR:
        *event = (Event) { EVENT_WRMSR, run->msr.index };
        break;
    case KVM_EXIT_IO:
        *event = (Event) { EVENT_PORT, run->io.port };
        break;
    default:
        *event = (Event) { EVENT_OTHER, run->exit_reason };
    }
    return 0;
}

int scratch_check_regs(ScratchVM *s)
{
    struct kvm_regs want = s->run->s.regs.regs, have;
    struct kvm_vcpu_events events;
    int ret;

    s->run->kvm_dirty_regs = KVM_SYNC_X86_REGS;
    s->run->immediate_exit = 1;
    ret = scratch_raw(s, s->vcpu_fd, KVM_RUN, NUMBER(0));
    s->run->immediate_exit = 0;
    if (ret != -EINTR) {
        return scratch_fail(s, EPROTO, "this host's KVM runs the guest "
                            "although immediate_exit is set");
    }
    ret = CALL(s, s->vcpu_fd, KVM_GET_REGS, &have);
    if (ret < 0) {
        return ret;
    }
    if (memcmp(&want, &have, sizeof(want))) {
        return scratch_fail(s, EPROTO, "this host's KVM does not take the "
                            "registers set at a breakpoint as they are");
    }
    ret = CALL(s, s->vcpu_fd, KVM_GET_VCPU_EVENTS, &events);
    if (ret < 0) {
        return ret;
    }
    if (events.exception.injected || events.exception.pending ||
        events.interrupt.injected || events.nmi.injected) {
        return scratch_fail(s, EPROTO, "this host's KVM has an event pending "
                            "at a breakpoint, where none may be");
    }
    return 0;
}
