/*
 * Calls to compare with strace: what is no socket.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <glib.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/syscall.h>

#include "decode/print/members.h"
#include "decode/print/bpf.h"
#include "decode/print/ifreq.h"
#include "decode/print/iouring.h"
#include "decode/print/ipc.h"
#include "decode/print/perf.h"
#include "strace-net.h"

#define ADDR(x) ((uint64_t)(uintptr_t)(x))

static uint8_t pattern[256];

static void print_msgctl_call(Printer *p, Case *k)
{
    text_dec(p->out, (int)k->arg[0]);
    print_next(p);
    print_enum(p->out, &xlat_msgctl_cmds, k->arg[1]);
    print_next(p);
    print_msgctl(p, k->arg[1], k->arg[2]);
}

static void print_shmctl_call(Printer *p, Case *k)
{
    text_dec(p->out, (int)k->arg[0]);
    print_next(p);
    print_enum(p->out, &xlat_shmctl_cmds, k->arg[1]);
    print_next(p);
    print_shmctl(p, k->arg[1], k->arg[2]);
}

static void print_semctl_call(Printer *p, Case *k)
{
    text_dec(p->out, (int)k->arg[0]);
    print_next(p);
    text_dec(p->out, (int)k->arg[1]);
    print_next(p);
    print_enum(p->out, &xlat_semctl_cmds, k->arg[2]);
    print_next(p);
    print_semctl(p, k->arg[2], k->arg[3]);
}

static void print_semop_call(Printer *p, Case *k)
{
    text_dec(p->out, (int)k->arg[0]);
    print_next(p);
    print_sembufs(p, k->arg[1], k->arg[2]);
    print_next(p);
    text_udec(p->out, k->arg[2]);
}

static void print_msgsnd_call(Printer *p, Case *k)
{
    text_dec(p->out, (int)k->arg[0]);
    print_next(p);
    print_msgbuf(p, k->arg[1], k->arg[2]);
    print_next(p);
    text_udec(p->out, k->arg[2]);
    print_next(p);
    text_udec(p->out, 0);
}

/* No queue has the number -1: nothing is changed by these. */
static void ipc(void)
{
    struct sembuf ops[40] = { { 0, -1, IPC_NOWAIT }, { 1, 1, SEM_UNDO } };
    uint64_t at[] = { ADDR(case_bytes(pattern, 200)), 8, 0 };

    for (unsigned i = 0; i < G_N_ELEMENTS(at); i++) {
        for (int cmd = 1; cmd < 3; cmd++) {
            case_add(SYS_msgctl, "msgctl", print_msgctl_call, NULL, -1, cmd,
                     at[i], 0, 0);
            case_add(SYS_shmctl, "shmctl", print_shmctl_call, NULL, -1, cmd,
                     at[i], 0, 0);
            case_add(SYS_semctl, "semctl", print_semctl_call, NULL, -1, 0,
                     cmd, at[i], 0);
        }
        case_add(SYS_msgsnd, "msgsnd", print_msgsnd_call, NULL, -1, at[i], 50,
                 0, 0);
        case_add(SYS_semop, "semop", print_semop_call, NULL, -1, at[i], 3, 0,
                 0);
        /* The limits of this machine. */
        case_add(SYS_msgctl, "msgctl", print_msgctl_call, NULL, 0, 3,
                 i ? at[i] : ADDR(g_malloc0(64)), 0, 0);
        case_add(SYS_shmctl, "shmctl", print_shmctl_call, NULL, 0, 3,
                 i ? at[i] : ADDR(g_malloc0(128)), 0, 0);
        case_add(SYS_semctl, "semctl", print_semctl_call, NULL, 0, 0, 3,
                 i ? at[i] : ADDR(g_malloc0(64)), 0);
    }
    case_add(SYS_semop, "semop", print_semop_call, NULL, -1,
             ADDR(case_bytes(ops, sizeof(ops))), 40, 0, 0);
    case_add(SYS_semop, "semop", print_semop_call, NULL, -1,
             ADDR(case_bytes(ops, sizeof(ops))), 0, 0, 0);
}

static void print_ioctl_call(Printer *p, Case *k)
{
    print_fd(p, k->arg[0]);
    print_next(p);
    text_str(p->out, "#");
    print_next(p);
    g_assert_true(print_ifreq_ioctl(p, k->arg[1], k->arg[2], k->saved[0]));
}

static void enter_ioctl(Printer *p, Case *k)
{
    k->saved[0] = ifconf_len(p, k->arg[2]);
}

/* To a descriptor that is none: no interface is touched. */
static void interfaces(void)
{
    static const uint16_t requests[] = {
        SIOCGIFNAME, SIOCGIFCONF, SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCGIFADDR,
        SIOCSIFADDR, SIOCSIFDSTADDR, SIOCSIFBRDADDR, SIOCSIFNETMASK,
        SIOCGIFMETRIC, SIOCSIFMETRIC, SIOCGIFMTU, SIOCSIFMTU, SIOCSIFNAME,
        SIOCSIFHWADDR, SIOCGIFHWADDR, SIOCGIFSLAVE, SIOCSIFSLAVE,
        SIOCADDMULTI, SIOCDELMULTI, SIOCGIFINDEX, SIOCSIFHWBROADCAST,
        SIOCGIFTXQLEN, SIOCSIFTXQLEN, SIOCGIFMAP, SIOCSIFMAP,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
        char r[40] = "eth7";

        for (unsigned j = 0; j < 4; j++) {
            static const uint8_t value[4][8] = {
                { 0 }, { 2, 0, 0, 80, 127, 0, 0, 1 }, { 1, 0, 'x' },
                { 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4 }
            };

            memcpy(r + 16, value[j], 8);
            case_add(SYS_ioctl, "ioctl", print_ioctl_call, enter_ioctl, -1,
                     requests[i], ADDR(case_bytes(r, sizeof(r))), 0, 0);
        }
        case_add(SYS_ioctl, "ioctl", print_ioctl_call, enter_ioctl, -1,
                 requests[i], 8, 0, 0);
        case_add(SYS_ioctl, "ioctl", print_ioctl_call, enter_ioctl, -1,
                 requests[i], 0, 0, 0);
    }
}

static void print_perf_call(Printer *p, Case *k)
{
    print_perf_attr(p, k->arg[0]);
    print_next(p);
    text_str(p->out, "-2, -1, -1, 0");
}

/* The kernel changes it. */
static void print_first(Printer *p, Case *k)
{
    (void)p;
    k->first = true;
}

static void perf(void)
{
    for (unsigned type = 0; type < 8; type++) {
        for (unsigned i = 0; i < 70; i++) {
            struct perf_event_attr a = {
                .type = type, .size = PERF_ATTR_SIZE_VER7,
                .config = i < 64 ? 1ull << i : i - 64, .sample_period = i,
                .sample_type = 1ull << (i & 31), .read_format = i,
            };
            uint64_t flags = 1ull << (i & 63);

            if (i > 24 && i < 64 && type == 3) {
                continue;
            }
            memcpy((char *)&a + 40, &flags, 8);
            if (i == 65) {
                a.size = 0;
            } else if (i == 66) {
                a.size = 40;
            } else if (i == 67) {
                a.size = PERF_ATTR_SIZE_VER0;
            }
            /* Of a process that is none. */
            case_add(SYS_perf_event_open, "perf_event_open", print_perf_call,
                     print_first, ADDR(case_bytes(&a, sizeof(a))), -2, -1, -1,
                     0);
        }
    }
    case_add(SYS_perf_event_open, "perf_event_open", print_perf_call, NULL, 8,
             -2, -1, -1, 0);
}

static void print_bpf_call(Printer *p, Case *k)
{
    print_enum(p->out, &xlat_bpf_cmds, k->arg[0]);
    print_next(p);
    print_bpf_attr(p, k->arg[0], k->arg[1], k->arg[2]);
    print_next(p);
    text_udec(p->out, k->arg[2]);
}

/* Descriptors are those that are not open, sizes such as fail. */
static void bpf(void)
{
    uint8_t attr[160];

    memset(attr, 0xff, sizeof(attr));
    memset(attr + 24, 0, 8);        /* flags */
    for (int cmd = 0; cmd < 32; cmd++) {
        case_add(SYS_bpf, "bpf", print_bpf_call, NULL, cmd, 8, 64, 0, 0);
        case_add(SYS_bpf, "bpf", print_bpf_call, NULL, cmd, 0, 64, 0, 0);
        if (cmd == BPF_MAP_LOOKUP_ELEM || cmd == BPF_MAP_UPDATE_ELEM ||
            cmd == BPF_MAP_DELETE_ELEM || cmd == BPF_MAP_GET_NEXT_KEY ||
            cmd == BPF_MAP_LOOKUP_AND_DELETE_ELEM) {
            case_add(SYS_bpf, "bpf", print_bpf_call, NULL, cmd,
                     ADDR(case_bytes(attr, 32)), 32, 0, 0);
        }
    }
}

static void print_setup_call(Printer *p, Case *k)
{
    text_udec(p->out, k->arg[0]);
    print_next(p);
    print_io_uring_params(p, k->arg[1]);
}

static void print_register_call(Printer *p, Case *k)
{
    print_fd(p, k->arg[0]);
    print_next(p);
    print_enum(p->out, &xlat_io_uring_register_ops, k->arg[1]);
    print_next(p);
    print_io_uring_register(p, k->arg[1], k->arg[2], k->arg[3]);
    print_next(p);
    text_udec(p->out, (uint32_t)k->arg[3]);
}

static void rings(void)
{
    static const uint8_t ops[] = { 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 20, 21 };
    uint64_t words[8] = { 1, 2, 3, 4 };

    for (unsigned i = 0; i < 12; i++) {
        struct io_uring_params u = {
            .flags = 1u << i, .sq_thread_cpu = i, .sq_thread_idle = 7,
            .wq_fd = -1,
        };

        if (u.flags == IORING_SETUP_CLAMP) {
            continue;           /* would make one */
        }
        /* No ring has so many entries. */
        case_add(SYS_io_uring_setup, "io_uring_setup", print_setup_call, NULL,
                 0x7fffffff, ADDR(case_bytes(&u, sizeof(u))), 0, 0, 0);
    }
    case_add(SYS_io_uring_setup, "io_uring_setup", print_setup_call, NULL, 8,
             8, 0, 0, 0);
    for (unsigned i = 0; i < sizeof(ops); i++) {
        for (unsigned n = 0; n < 3; n++) {
            case_add(SYS_io_uring_register, "io_uring_register",
                     print_register_call, NULL, -1, ops[i],
                     ADDR(case_bytes(words, sizeof(words))), n, 0);
        }
        case_add(SYS_io_uring_register, "io_uring_register",
                 print_register_call, NULL, -1, ops[i], 8, 1, 0);
        case_add(SYS_io_uring_register, "io_uring_register",
                 print_register_call, NULL, -1, ops[i], 0, 0, 0);
    }
}

void cases_build_other(void)
{
    for (unsigned i = 0; i < sizeof(pattern); i++) {
        pattern[i] = i;
    }
    ipc();
    interfaces();
    perf();
    bpf();
    rings();
}
