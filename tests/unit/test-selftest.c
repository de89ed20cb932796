/*
 * The self-test of the host's KVM, on made-up KVMs that each lack one thing.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "kvm/selftest-vm.h"

typedef enum Flaw {
    FLAW_NONE,
    FLAW_NO_CAPABILITY,
    FLAW_CREATE_VM,
    FLAW_NO_RDMSR,
    FLAW_NO_WRMSR,
    FLAW_NATIVE,            /* SYSCALL works with EFER.SCE clear */
    FLAW_NO_BREAK0,
    FLAW_NO_BREAK1,
    FLAW_BAD_FRAME,
    FLAW_BAD_RSP,
    FLAW_NO_RF,             /* in the frame */
    FLAW_RF_IGNORED,        /* for breakpoints */
    FLAW_REGS,              /* set registers are not taken */
    FLAW_IMMEDIATE_EXIT,
    FLAW_PENDING,
    FLAW_GP,
    FLAW_SYSRET_RSP,
    FLAW_HANG,
    FLAW_SHUTDOWN,
} Flaw;

typedef struct Fake {
    Flaw flaw;
    unsigned capability;        /* that FLAW_NO_CAPABILITY takes away */
    int kvm_fd, vm_fd, vcpu_fd;
    struct kvm_run *run;
    uint8_t *memory;
    struct kvm_regs regs;
    uint64_t star, sfmask, lstar, efer;
    uint64_t breaks[2];
} Fake;

#define FRAME_RSP   (SELFTEST_KERNEL_STACK - 40)

/* Stations of the guest between its labels; the fake knows no x86 code. */
#define AT_START    SELFTEST_CODE
#define AT_EFER     (SELFTEST_CODE + 1)
#define AT_LSTAR    (SELFTEST_CODE + 2)
#define AT_ENTRY    SELFTEST_AT(frail_selftest_entry)
#define AT_SYSRETQ  SELFTEST_AT(frail_selftest_sysretq)
#define AT_IRETQ    SELFTEST_AT(frail_selftest_iretq)
#define AT_UD       SELFTEST_AT(frail_selftest_ud)
#define AT_USER     SELFTEST_AT(frail_selftest_user)
#define AT_USER_UD  SELFTEST_AT(frail_selftest_user_ud)

static int stop(Fake *f, uint32_t reason)
{
    f->run->exit_reason = reason;
    f->run->s.regs.regs = f->regs;
    return 0;
}

static int stop_msr(Fake *f, uint32_t reason, uint32_t index, uint64_t data)
{
    f->run->msr.index = index;
    f->run->msr.data = data;
    return stop(f, reason);
}

static int stop_port(Fake *f, uint16_t port)
{
    f->run->io.port = port;
    return stop(f, KVM_EXIT_IO);
}

static void invalid_opcode(Fake *f, bool syscall)
{
    uint64_t frame[5] = {
        f->regs.rip, SELFTEST_USER_CS, f->regs.rflags | RFLAGS_RF,
        f->regs.rsp, SELFTEST_USER_SS,
    };

    if (f->flaw == FLAW_BAD_FRAME) {
        frame[0] += 2;
    } else if (f->flaw == FLAW_NO_RF && syscall) {
        frame[2] &= ~(uint64_t)RFLAGS_RF;
    }
    f->regs.rsp = FRAME_RSP;
    memcpy(f->memory + FRAME_RSP, frame, sizeof(frame));
    if (f->flaw == FLAW_BAD_RSP) {
        f->regs.rsp = 0x123000;
    }
    f->regs.rip = AT_UD;
    f->regs.rflags = 2;
}

static void syscall_insn(Fake *f)
{
    if (!(f->efer & EFER_SCE) && f->flaw != FLAW_NATIVE) {
        invalid_opcode(f, true);
        return;
    }
    f->regs.rcx = AT_USER_UD;
    f->regs.r11 = f->regs.rflags;
    f->regs.rflags = (f->regs.rflags & ~f->sfmask) | 2;
    f->regs.rip = f->lstar;
}

static void iretq(Fake *f)
{
    uint64_t frame[5];

    memcpy(frame, f->memory + f->regs.rsp, sizeof(frame));
    g_assert_cmpuint(frame[1], ==, SELFTEST_USER_CS);
    g_assert_cmpuint(frame[4], ==, SELFTEST_USER_SS);
    f->regs.rip = frame[0];
    f->regs.rflags = frame[2];
    f->regs.rsp = frame[3];
}

static bool at_break(Fake *f)
{
    bool rf = f->regs.rflags & RFLAGS_RF;

    f->regs.rflags &= ~(uint64_t)RFLAGS_RF;
    if (rf && f->flaw != FLAW_RF_IGNORED) {
        return false;
    }
    return (f->regs.rip == f->breaks[0] && f->flaw != FLAW_NO_BREAK0) ||
        (f->regs.rip == f->breaks[1] && f->flaw != FLAW_NO_BREAK1);
}

/* Stands in a run for ever: until the signal is pending that ends it. */
static int hang(void)
{
    struct pollfd p = { .events = POLLIN };
    sigset_t all;

    sigfillset(&all);
    p.fd = signalfd(-1, &all, SFD_CLOEXEC);
    g_assert_cmpint(p.fd, >=, 0);
    g_assert_cmpint(poll(&p, 1, 20000), ==, 1);
    close(p.fd);
    errno = EINTR;
    return -1;
}

static int run_vcpu(Fake *f)
{
    if (f->run->kvm_dirty_regs && f->flaw != FLAW_REGS) {
        f->regs = f->run->s.regs.regs;
    }
    f->run->kvm_dirty_regs = 0;
    if (f->run->immediate_exit && f->flaw != FLAW_IMMEDIATE_EXIT) {
        f->run->s.regs.regs = f->regs;
        errno = EINTR;
        return -1;
    }
    for (;;) {
        uint64_t rip = f->regs.rip;

        if (at_break(f)) {
            f->run->debug.arch.pc = rip;
            return stop(f, KVM_EXIT_DEBUG);
        } else if (rip == AT_START) {
            f->regs.rip = AT_EFER;
            if (f->flaw != FLAW_NO_RDMSR) {
                return stop_msr(f, KVM_EXIT_X86_RDMSR, MSR_EFER, 0);
            }
        } else if (rip == AT_EFER) {
            f->regs.rip = AT_LSTAR;
            return stop_msr(f, KVM_EXIT_X86_WRMSR, MSR_EFER,
                            f->run->msr.data | EFER_SCE);
        } else if (rip == AT_LSTAR) {
            f->regs.rip = AT_IRETQ;
            if (f->flaw != FLAW_NO_WRMSR) {
                return stop_msr(f, KVM_EXIT_X86_WRMSR, MSR_LSTAR, AT_ENTRY);
            }
            f->lstar = AT_ENTRY;
        } else if (rip == AT_IRETQ) {
            iretq(f);
        } else if (rip == AT_USER) {
            if (f->flaw == FLAW_HANG) {
                return hang();
            } else if (f->flaw == FLAW_SHUTDOWN) {
                return stop(f, KVM_EXIT_SHUTDOWN);
            }
            syscall_insn(f);
        } else if (rip == AT_USER_UD) {
            invalid_opcode(f, false);
        } else if (rip == AT_ENTRY) {
            if (f->flaw == FLAW_GP) {
                f->regs.rax = 13;
                return stop_port(f, SELFTEST_PORT_EXCEPTION);
            }
            if (f->flaw == FLAW_SYSRET_RSP) {
                f->regs.rsp -= 8;
            }
            f->regs.rip = AT_SYSRETQ;
            return stop_port(f, SELFTEST_PORT_ENTRY);
        } else if (rip == AT_SYSRETQ) {
            f->regs.rip = f->efer & EFER_SCE ? f->regs.rcx : AT_UD;
            f->regs.rflags = f->regs.r11;
        } else {
            g_assert_cmphex(rip, ==, AT_UD);
            return stop_port(f, SELFTEST_PORT_UD);
        }
    }
}

static void set_msr(Fake *f, const struct kvm_msrs *msrs)
{
    const struct kvm_msr_entry *e = &msrs->entries[0];

    g_assert_cmpuint(msrs->nmsrs, ==, 1);
    switch (e->index) {
    case FRAIL_MSR_EFER:
        f->efer = e->data;
        break;
    case FRAIL_MSR_STAR:
        f->star = e->data;
        break;
    case FRAIL_MSR_LSTAR:
        f->lstar = e->data;
        break;
    case FRAIL_MSR_SFMASK:
        f->sfmask = e->data;
        break;
    default:
        g_assert_not_reached();
    }
}

static int make_vcpu(Fake *f)
{
    f->vcpu_fd = memfd_create("vcpu", MFD_CLOEXEC);
    g_assert_cmpint(f->vcpu_fd, >=, 0);
    g_assert_cmpint(ftruncate(f->vcpu_fd, sizeof(*f->run)), ==, 0);
    f->run = mmap(NULL, sizeof(*f->run), PROT_READ | PROT_WRITE, MAP_SHARED,
                  f->vcpu_fd, 0);
    g_assert_true(f->run != MAP_FAILED);
    return f->vcpu_fd;
}

static int fake_ioctl(void *opaque, int fd, unsigned long request, void *arg)
{
    Fake *f = opaque;
    const struct kvm_userspace_memory_region *region = arg;
    const struct kvm_guest_debug *debug = arg;

    switch (request) {
    case KVM_CHECK_EXTENSION:
        if (f->flaw == FLAW_NO_CAPABILITY &&
            (uintptr_t)arg == f->capability) {
            return 0;
        }
        return (uintptr_t)arg == KVM_CAP_SYNC_REGS ? 7 : 1;
    case KVM_CREATE_VM:
        if (f->flaw == FLAW_CREATE_VM) {
            errno = EBUSY;
            return -1;
        }
        f->vm_fd = eventfd(0, EFD_CLOEXEC);
        return f->vm_fd;
    case KVM_SET_USER_MEMORY_REGION:
        f->memory = (void *)(uintptr_t)region->userspace_addr;
        return 0;
    case KVM_CREATE_VCPU:
        return make_vcpu(f);
    case KVM_GET_VCPU_MMAP_SIZE:
        return sizeof(*f->run);
    case KVM_SET_MSRS:
        set_msr(f, arg);
        return 1;
    case KVM_SET_REGS:
        f->regs = *(struct kvm_regs *)arg;
        return 0;
    case KVM_GET_REGS:
        *(struct kvm_regs *)arg = f->regs;
        return 0;
    case KVM_GET_SREGS:
        memset(arg, 0, sizeof(struct kvm_sregs));
        return 0;
    case KVM_SET_SREGS:
        f->efer = ((struct kvm_sregs *)arg)->efer;
        return 0;
    case KVM_SET_GUEST_DEBUG:
        memcpy(f->breaks, debug->arch.debugreg, sizeof(f->breaks));
        return 0;
    case KVM_GET_VCPU_EVENTS:
        memset(arg, 0, sizeof(struct kvm_vcpu_events));
        ((struct kvm_vcpu_events *)arg)->exception.pending =
            f->flaw == FLAW_PENDING;
        return 0;
    case KVM_RUN:
        g_assert_cmpint(fd, ==, f->vcpu_fd);
        return run_vcpu(f);
    default:
        return 0;
    }
}

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

/* Run the test on a KVM with @flaw; check that it leaves nothing behind. */
static void check_at(Flaw flaw, unsigned capability, FrailTrap trap,
                     const char *sentence)
{
    Fake f = { .flaw = flaw, .capability = capability,
               .vm_fd = -1, .vcpu_fd = -1 };
    FrailKvm kvm = { .ioctl = fake_ioctl, .opaque = &f,
                     .timeout_ms = flaw == FLAW_HANG ? 20 : 20000 };
    char why[256] = "";
    sigset_t before = { 0 }, after = { 0 }, pending;
    int ret;

    pthread_sigmask(SIG_SETMASK, NULL, &before);
    ret = frail_kvm_selftest_on(&kvm, 99, trap, why, sizeof(why));
    if (!sentence) {
        g_assert_cmpstr(why, ==, "");
        g_assert_cmpint(ret, ==, 0);
    } else {
        if (!strstr(why, sentence)) {
            g_test_message("flaw %d: \"%s\"", flaw, why);
        }
        g_assert_nonnull(strstr(why, sentence));
        g_assert_cmpint(ret, <, 0);
        g_assert_null(strchr(why, '\n'));
    }
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    g_assert_cmpmem(&before, sizeof(before), &after, sizeof(after));
    sigpending(&pending);
    g_assert_true(sigisemptyset(&pending));
    g_assert_false(f.vm_fd >= 0 && is_open(f.vm_fd));
    g_assert_false(f.vcpu_fd >= 0 && is_open(f.vcpu_fd));
    if (f.run) {
        munmap(f.run, sizeof(*f.run));
    }
}

static void check(Flaw flaw, FrailTrap trap, const char *sentence)
{
    check_at(flaw, 0, trap, sentence);
}

static void check_both(Flaw flaw, const char *sentence)
{
    check(flaw, FRAIL_TRAP_SCE, sentence);
    check(flaw, FRAIL_TRAP_LSTAR, sentence);
}

static void test_good(void)
{
    check_both(FLAW_NONE, NULL);
}

static void test_capabilities(void)
{
    static const struct {
        unsigned cap;
        const char *name;
    } needed[] = {
        { KVM_CAP_X86_USER_SPACE_MSR, "lacks KVM_CAP_X86_USER_SPACE_MSR" },
        { KVM_CAP_X86_MSR_FILTER, "lacks KVM_CAP_X86_MSR_FILTER" },
        { KVM_CAP_SYNC_REGS, "lacks KVM_CAP_SYNC_REGS" },
        { KVM_CAP_SET_GUEST_DEBUG, "lacks KVM_CAP_SET_GUEST_DEBUG" },
        { KVM_CAP_IMMEDIATE_EXIT, "lacks KVM_CAP_IMMEDIATE_EXIT" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(needed); i++) {
        check_at(FLAW_NO_CAPABILITY, needed[i].cap, FRAIL_TRAP_SCE,
                 needed[i].name);
        check_at(FLAW_NO_CAPABILITY, needed[i].cap, FRAIL_TRAP_LSTAR,
                 needed[i].name);
    }
    check_both(FLAW_CREATE_VM, "fails KVM_CREATE_VM: Device or resource busy");
}

static void test_msrs(void)
{
    check_both(FLAW_NO_RDMSR, "RDMSR of EFER");
    check_both(FLAW_NO_WRMSR, "WRMSR of LSTAR");
}

static void test_call(void)
{
    check(FLAW_NATIVE, FRAIL_TRAP_SCE, "runs SYSCALL natively although "
          "EFER.SCE is 0 (a pagetable-based KVM?)");
    check(FLAW_NO_BREAK0, FRAIL_TRAP_SCE, "hardware breakpoint on the guest's "
          "#UD handler");
    check(FLAW_NO_BREAK0, FRAIL_TRAP_LSTAR, "hardware breakpoint on LSTAR");
    check(FLAW_BAD_FRAME, FRAIL_TRAP_SCE, "a wrong frame for #UD");
    check(FLAW_BAD_RSP, FRAIL_TRAP_SCE, "with a wrong RSP");
    check(FLAW_NO_RF, FRAIL_TRAP_SCE, "RF clear");
    check_both(FLAW_SHUTDOWN, "exit reason 0x8 at a SYSCALL");
}

static void test_registers(void)
{
    check_both(FLAW_REGS, "does not take the registers");
    check_both(FLAW_IMMEDIATE_EXIT, "although immediate_exit is set");
    check_both(FLAW_PENDING, "an event pending");
}

static void test_kernel(void)
{
    check_both(FLAW_GP, "injects #GP at LSTAR");
    check_both(FLAW_NO_BREAK1, "on SYSRETQ");
    check_both(FLAW_SYSRET_RSP, "stops at SYSRETQ with wrong registers");
    check(FLAW_RF_IGNORED, FRAIL_TRAP_LSTAR, "breakpoint on LSTAR with "
          "RFLAGS.RF");
    check(FLAW_RF_IGNORED, FRAIL_TRAP_SCE, "breakpoint on the #UD handler "
          "with RFLAGS.RF");
}

static void test_hang(void)
{
    check_both(FLAW_HANG, "did not end within 20 ms");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/selftest/good", test_good);
    g_test_add_func("/selftest/capabilities", test_capabilities);
    g_test_add_func("/selftest/msrs", test_msrs);
    g_test_add_func("/selftest/call", test_call);
    g_test_add_func("/selftest/registers", test_registers);
    g_test_add_func("/selftest/kernel", test_kernel);
    g_test_add_func("/selftest/hang", test_hang);
    return g_test_run();
}
