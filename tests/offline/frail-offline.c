/*
 * What plugin/guest/ finds in a file of a guest's RAM.
 *
 *     frail-offline RAM cr3=... cr4=... gs=... kgs=... lstar=... [WHAT...]
 *
 * RAM is guest-physical memory from 0 on, as QEMU's pmemsave or a
 * memory-backend-file has it.  WHAT: info (default), ps, current, fds, calls.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frail-plugin.h"
#include "guest/guest.h"

typedef struct Ram {
    uint8_t *bytes;
    size_t size;
} Ram;

static void *map_page(void *vm, uint64_t gpa, bool write G_GNUC_UNUSED)
{
    const Ram *ram = vm;

    return gpa + FRAIL_PAGE_SIZE <= ram->size ? ram->bytes + gpa : NULL;
}

static void print_process(const FrailProcessInfo *p, void *opaque G_GNUC_UNUSED)
{
    printf("%5d %5d %5u %3d %3d %d", p->pid, p->ppid, p->uid, p->nice,
           139 - p->priority, p->policy);
    printf(" %-15s ", p->name);
    if (p->cmdline) {
        for (size_t i = 0; i < p->cmdline_len; i++) {
            putchar(p->cmdline[i] ? p->cmdline[i] : ' ');
        }
    } else {
        printf("[%s]", p->name);
    }
    printf(" exe=%s cgroup=%s\n", p->exe ? p->exe : "-",
           p->cgroup ? p->cgroup : "-");
}

static void print_current(FrailGuestCpu *c, const FrailProcess *p)
{
    if (!p) {
        printf("current: unknown\n");
        return;
    }
    printf("current: tid %d pid %d ppid %d ns_tid %d comm %s start %" PRIu64
           " uid %u euid %u nice %d policy %d caps %#" PRIx64 "\n",
           frail_process_tid(p), frail_process_pid(p), frail_process_ppid(p),
           frail_process_ns_tid(p), frail_process_comm(p),
           frail_process_start_ns(p), frail_process_uid(p, FRAIL_ID_REAL),
           frail_process_uid(p, FRAIL_ID_EFFECTIVE), frail_process_nice(p),
           frail_process_sched_policy(p),
           frail_process_caps(p, FRAIL_CAP_EFFECTIVE));
    printf("exe %s cwd %s root %s cgroup %s\n", frail_process_exe(p),
           frail_process_cwd(p), frail_process_root(p),
           frail_process_cgroup(p));
    for (int i = FRAIL_NS_CGROUP; i <= FRAIL_NS_UTS; i++) {
        printf(" ns%d=%" PRIu64, i, frail_process_namespace(p, i));
    }
    printf("\n");
    for (int fd = 0; fd < 256; fd++) {
        char buf[5000];
        FrailText t;

        text_init(&t, buf, sizeof(buf));
        if (guest_fd_text(c, p, fd, true, &t)) {
            printf("fd %d%s\n", fd, text_terminate(&t));
        }
    }
}

int main(int argc, char **argv)
{
    static const uint32_t generation;
    uint64_t cr3 = 0, cr4 = 0, gs = 0, kgs = 0, lstar = 0;
    FrailHostOps ops = { .sz = sizeof(ops), .map_page = map_page };
    GuestCpuState state;
    const char *why = NULL;
    FrailGuestCpu *c;
    FrailGuestInfo info = { .sz = sizeof(info) };
    FrailGuest *g;
    FrailMem mem;
    struct stat st;
    Ram ram;
    int fd, n;

    if (argc < 7 || (fd = open(argv[1], O_RDONLY)) < 0 || fstat(fd, &st)) {
        fprintf(stderr, "usage: frail-offline RAM cr3= cr4= gs= kgs= "
                "lstar= [calls]\n");
        return 1;
    }
    ram.size = st.st_size;
    ram.bytes = mmap(NULL, ram.size, PROT_READ, MAP_PRIVATE, fd, 0);
    for (int i = 2; i < argc; i++) {
        const char *value = strchr(argv[i], '=');
        struct {
            const char *name;
            uint64_t *to;
        } regs[] = {
            { "cr3=", &cr3 }, { "cr4=", &cr4 }, { "gs=", &gs },
            { "kgs=", &kgs }, { "lstar=", &lstar },
        };

        for (unsigned r = 0; value && r < G_N_ELEMENTS(regs); r++) {
            if (g_str_has_prefix(argv[i], regs[r].name)) {
                *regs[r].to = strtoull(value + 1, NULL, 0);
            }
        }
    }
    frail_mem_init(&mem, &ops, &ram, &generation);
    g = guest_new();
    c = guest_cpu_new(g, &mem);
    state = (GuestCpuState) {
        .cr3 = cr3, .lstar = lstar, .percpu = kgs, .la57 = cr4 & 0x1000,
    };
    guest_begin(c, &state);
    print_current(c, guest_process(c));
    n = guest_list_processes(c, &state, gs, print_process, NULL, &why);
    printf("%d processes%s%s\n", n, n < 0 ? ": " : "", n < 0 ? why : "");
    guest_info(g, &info);
    printf("known %d banner %s method %s confidence %s why %s btf %zu "
           "%.1f ms\n", info.known, info.banner, info.method,
           info.confidence, info.why, info.btf_size,
           info.duration_ns / 1e6);
    if (argc > 7) {
        gint64 start = g_get_monotonic_time();

        for (int nr = 0; nr < 600; nr++) {
            const GuestSyscall *s = guest_syscall(c, nr);

            if (s && nr % 40 == 0) {
                printf("%d %s(", nr, s->name);
                for (unsigned i = 0; i < s->nargs; i++) {
                    printf("%s %s, ", s->type[i], s->arg[i]);
                }
                printf(")\n");
            }
            n += s != NULL;
        }
        printf("calls %d in %.1f ms\n", n,
               (g_get_monotonic_time() - start) / 1e3);
    }
    {
        gint64 start = g_get_monotonic_time();

        for (int i = 0; i < 1000000; i++) {
            guest_begin(c, &state);
            guest_process(c);
        }
        printf("guest_process: %.0f ns\n",
               (g_get_monotonic_time() - start) / 1e3);
    }
    guest_cpu_free(c);
    guest_free(g);
    return 0;
}
