/*
 * Printer of what comes with a signal.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <signal.h>

#include "decode/decode.h"
#include "decode/print/members.h"
#include "decode/print/signal.h"
#include "decode/print/time.h"

#define SIGINFO_SIZE    128
/* Codes of single signals, as the kernel's headers have them. */
#define CODE_CLD_EXITED     1
#define CODE_SEGV_BNDERR    3
#define CODE_SEGV_PKUERR    4
#define CODE_BUS_MCEERR_AR  4
#define CODE_BUS_MCEERR_AO  5

#define ARCH_X86_64     0xc000003eu
#define ARCH_I386       0x40000003u

/* Codes that any signal may have stand for themselves. */
static void print_code(Printer *p, int32_t sig, int32_t code)
{
    const Xlat *x = NULL;
    const char *name = xlat_name(&xlat_sicodes_any, (uint32_t)code);

    switch (sig) {
    case SIGTRAP:
        x = &xlat_sicodes_trap;
        break;
    case SIGCHLD:
        x = &xlat_sicodes_chld;
        break;
    case SIGIO:
        x = &xlat_sicodes_poll;
        break;
    case SIGILL:
        x = &xlat_sicodes_ill;
        break;
    case SIGFPE:
        x = &xlat_sicodes_fpe;
        break;
    case SIGSEGV:
        x = &xlat_sicodes_segv;
        break;
    case SIGBUS:
        x = &xlat_sicodes_bus;
        break;
    case SIGSYS:
        x = &xlat_sicodes_sys;
        break;
    }
    if (!name && x) {
        name = xlat_name(x, (uint32_t)code);
    }
    if (name) {
        text_str(p->out, name);
    } else {
        text_hex(p->out, (uint32_t)code);
    }
}

static void info_sender(Members *m)
{
    static const Member list[] = {
        MEMBER("si_pid", 32, INT),
        MEMBER("si_uid", 32, ID),
    };

    MEMBERS_PRINT(m, list);
}

/* What sigqueue() was given, if anything. */
static void info_value(Members *m)
{
    uint64_t value = take(m, SIZE_WORD);

    if (value) {
        member_name(m, "si_int");
        text_dec(m->p->out, (int32_t)value);
        member_name(m, "si_ptr");
        print_addr(m->p, value);
    }
}

static void info_from_user(Members *m, int32_t code)
{
    if (code == SI_TIMER) {
        member_name(m, "si_timerid");
        text_hex(m->p->out, take(m, SIZE_32));
        member_name(m, "si_overrun");
        text_dec(m->p->out, take_signed(m, SIZE_32));
    } else {
        info_sender(m);
    }
    if (code != SI_USER && code != SI_TKILL) {
        info_value(m);
    }
}

static void info_child(Members *m, int32_t code)
{
    uint32_t status;

    info_sender(m);
    status = take(m, SIZE_32);
    member_name(m, "si_status");
    if (code == CODE_CLD_EXITED) {
        text_dec(m->p->out, (int32_t)status);
    } else {
        print_signal_name(m->p, status);
    }
    member_name(m, "si_utime");
    print_clock_t(m->p, take(m, SIZE_KLONG));
    member_name(m, "si_stime");
    print_clock_t(m->p, take(m, SIZE_KLONG));
}

static void info_fault(Members *m, int32_t sig, int32_t code)
{
    member_name(m, "si_addr");
    print_addr(m->p, take(m, SIZE_WORD));
    if (sig == SIGBUS &&
        (code == CODE_BUS_MCEERR_AR || code == CODE_BUS_MCEERR_AO)) {
        member_name(m, "si_addr_lsb");
        text_hex(m->p->out, take(m, SIZE_16));
    }
    if (sig != SIGSEGV) {
        return;
    }
    if (code == CODE_SEGV_BNDERR) {
        take(m, SIZE_16);
        member_name(m, "si_lower");
        print_addr(m->p, take(m, SIZE_WORD));
        member_name(m, "si_upper");
        print_addr(m->p, take(m, SIZE_WORD));
    } else if (code == CODE_SEGV_PKUERR) {
        /* Behind a dummy as large as a pointer and aligned like one. */
        take(m, SIZE_16);
        take_align(m, m->word);
        member_name(m, "si_pkey");
        text_udec(m->p->out, take(m, SIZE_32));
    }
}

/* With the name of the caller's own ABI, else of the one it says. */
static void info_syscall_number(Members *m, int32_t nr, uint32_t arch)
{
    unsigned abi = m->p->call->abi;
    bool x32 = arch == ARCH_X86_64 && (nr & CALL_X32_BIT);
    unsigned named = arch == ARCH_I386 ? CALL_ABI_I386 :
                     x32 ? CALL_ABI_X32 : CALL_ABI_X86_64;
    const char *name = NULL;

    if (arch == ARCH_X86_64 || arch == ARCH_I386) {
        name = frail_syscall_name((FrailAbi)named,
                                  x32 ? nr & ~CALL_X32_BIT : nr);
    }
    if (name && named == abi) {
        text_str(m->p->out, "__NR_");
        text_str(m->p->out, name);
        return;
    }
    text_dec(m->p->out, nr);
    if (name) {
        text_str(m->p->out, " /* ");
        text_str(m->p->out, name);
        text_str(m->p->out, " */");
    }
}

static void info_sys(Members *m)
{
    int32_t nr;
    uint32_t arch;

    member_name(m, "si_call_addr");
    print_addr(m->p, take(m, SIZE_WORD));
    nr = take_signed(m, SIZE_32);
    arch = take(m, SIZE_32);
    member_name(m, "si_syscall");
    info_syscall_number(m, nr, arch);
    member_name(m, "si_arch");
    print_enum(m->p->out, &xlat_audit_archs, arch);
}

static void info_poll(Members *m)
{
    member_name(m, "si_band");
    text_dec(m->p->out, take_signed(m, SIZE_WORD));
    member_name(m, "si_fd");
    print_fd(m->p, take_signed(m, SIZE_32));
}

static void info_other(Members *m)
{
    uint64_t sender;

    memcpy(&sender, m->buf + m->at, sizeof(sender));
    if (sender) {
        info_sender(m);
    } else {
        take_bytes(m, 8);
    }
    info_value(m);
}

static void info_details(Members *m, int32_t sig, int32_t code)
{
    if (code <= 0 && !(sig == SIGIO && code == SI_SIGIO)) {
        info_from_user(m, code);
        return;
    }
    switch (sig) {
    case SIGCHLD:
        info_child(m, code);
        break;
    case SIGILL:
    case SIGTRAP:
    case SIGFPE:
    case SIGSEGV:
    case SIGBUS:
        info_fault(m, sig, code);
        break;
    case SIGIO:
        info_poll(m);
        break;
    case SIGSYS:
        info_sys(m);
        break;
    default:
        info_other(m);
        break;
    }
}

void print_siginfo(Printer *p, uint64_t addr)
{
    uint8_t buf[SIGINFO_SIZE];
    int32_t sig, error, code;
    Members m;

    if (!members_read(&m, p, addr, buf, sizeof(buf))) {
        return;
    }
    sig = take_signed(&m, SIZE_32);
    error = take_signed(&m, SIZE_32);
    code = take_signed(&m, SIZE_32);
    if (!sig) {
        text_str(p->out, "{}");
        return;
    }
    member_name(&m, "si_signo");
    print_signal_name(p, sig);
    member_name(&m, "si_code");
    print_code(p, sig, code);
    if (error) {
        const char *name = frail_errno_name(error);

        member_name(&m, "si_errno");
        if (name) {
            text_str(p->out, name);
        } else {
            text_dec(p->out, error);
        }
    }
    take_align(&m, m.word);
    info_details(&m, sig, code);
    text_char(p->out, '}');
}
