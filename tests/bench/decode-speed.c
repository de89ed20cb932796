/*
 * How fast an analyzer takes system calls, over recorded memory.
 *
 *     decode-speed [--once] RAM CALLS ANALYZER.so [OPTION=VALUE...]
 *
 * The analyzer is loaded as QEMU loads it, and gets the calls the way an
 * emulating monitor brings them: frail_vcpu_syscall(), frail_vcpu_return().
 * Everything runs on one processor, the writer's thread too, and its time is
 * that of the processor, so that other programs do not count.
 *
 * RAM is guest-physical memory from 0 on, as QEMU's pmemsave or a
 * memory-backend-file has it.  CALLS is text:
 *
 *     regs cr3=... cr4=... gs=... kgs=... lstar=... rip=... rsp=...
 *     call NUMBER ARG0 ARG1 ARG2 ARG3 ARG4 ARG5 = RESULT
 *     call ...
 *
 * Prints "events_per_s=... ns_per_event=... allocations=...": an event is a
 * call with its return; allocations are those that the vCPU's thread made
 * after warming up.  --once makes each call once and measures nothing.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <qemu-plugin.h>

#include "frail-host.h"

#define CALLS_MAX   256
#define WARM_UP     20000       /* events */
#define ROUNDS      5           /* the median of them is taken */
#define ROUND_NS    INT64_C(1000000000)

typedef struct Call {
    uint64_t nr, arg[6], result;
} Call;

typedef struct Recording {
    uint8_t *ram;
    size_t size;
    uint64_t cr3, cr4, gs, kgs, lstar, rip, rsp;
    Call call[CALLS_MAX];
    unsigned n;
} Recording;

static Recording rec;

/* --- Allocations of this thread ------------------------------------------ */

static __thread bool counting;
static __thread uint64_t allocations;

#ifndef __SANITIZE_ADDRESS__
/* Names that the GNU C library has for those who put themselves before it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
    allocations += counting;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    allocations += counting;
    return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    allocations += counting;
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    allocations += counting;
    return __libc_memalign(align, size);
}

int posix_memalign(void **p, size_t align, size_t size)
{
    allocations += counting;
    *p = __libc_memalign(align, size);
    return *p ? 0 : ENOMEM;
}
#endif

/* --- The monitor --------------------------------------------------------- */

static void *map_page(void *vm G_GNUC_UNUSED, uint64_t gpa, bool write)
{
    return !write && gpa < rec.size && rec.size - gpa >= 4096 ?
        rec.ram + gpa : NULL;
}

static void page_written(void *vm G_GNUC_UNUSED, uint64_t gpa G_GNUC_UNUSED,
                         size_t len G_GNUC_UNUSED)
{
}

static void get_sregs(void *vcpu G_GNUC_UNUSED, FrailSregs *s)
{
    *s = (FrailSregs) {
        .cr0 = 0x80050033, .cr3 = rec.cr3, .cr4 = rec.cr4,
        .cs = 0x33, .ss = 0x2b,
    };
}

static int get_msr(void *vcpu G_GNUC_UNUSED, uint32_t msr, uint64_t *value)
{
    switch (msr) {
    case FRAIL_MSR_LSTAR:
        *value = rec.lstar;
        return 0;
    case FRAIL_MSR_GS_BASE:
        *value = rec.gs;
        return 0;
    case FRAIL_MSR_KERNEL_GS_BASE:
        *value = rec.kgs;
        return 0;
    }
    return -EINVAL;
}

/* What an analyzer takes from QEMU; it is loaded once. */
static qemu_plugin_udata_cb_t at_exit;
static void *at_exit_data;

void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id G_GNUC_UNUSED,
                                    qemu_plugin_udata_cb_t cb, void *data)
{
    at_exit = cb;
    at_exit_data = data;
}

static void load(FrailVM *vm, char **argv, int argc)
{
    static const qemu_info_t info = { .target_name = "x86_64" };
    int (*install)(qemu_plugin_id_t, const qemu_info_t *, int, char **);
    void *so = dlopen(argv[0], RTLD_NOW | RTLD_LOCAL);

    if (!so) {
        g_error("%s", dlerror());
    }
    install = (typeof(install))dlsym(so, "qemu_plugin_install");
    frail_plugin_bind(vm);
    if (!install || install(1, &info, argc - 1, argv + 1)) {
        g_error("%s cannot be installed", argv[0]);
    }
    frail_plugin_bind(NULL);
}

/* --- The recording ------------------------------------------------------- */

static bool parse_regs(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    const struct {
        const char *name;
        uint64_t *to;
    } regs[] = {
        { "cr3=", &rec.cr3 }, { "cr4=", &rec.cr4 }, { "gs=", &rec.gs },
        { "kgs=", &rec.kgs }, { "lstar=", &rec.lstar }, { "rip=", &rec.rip },
        { "rsp=", &rec.rsp },
    };

    for (char **w = words; *w; w++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(regs); i++) {
            if (g_str_has_prefix(*w, regs[i].name)) {
                *regs[i].to = strtoull(strchr(*w, '=') + 1, NULL, 0);
            }
        }
    }
    return rec.cr3 && rec.lstar;
}

static bool parse_call(const char *text)
{
    Call *c = &rec.call[rec.n];
    uint64_t *to[] = { &c->nr, &c->arg[0], &c->arg[1], &c->arg[2],
                       &c->arg[3], &c->arg[4], &c->arg[5] };
    char *end;

    for (unsigned i = 0; i < G_N_ELEMENTS(to); i++) {
        *to[i] = strtoull(text, &end, 0);
        if (end == text) {
            return false;
        }
        text = end;
    }
    if (rec.n == CALLS_MAX || strncmp(text, " = ", 3)) {
        return false;
    }
    c->result = strtoll(text + 3, NULL, 0);
    rec.n++;
    return true;
}

static void read_recording(const char *ram, const char *calls)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    struct stat st;
    int fd = open(ram, O_RDONLY | O_CLOEXEC);
    GError *err = NULL;

    if (fd < 0 || fstat(fd, &st)) {
        g_error("%s: %s", ram, g_strerror(errno));
    }
    rec.size = st.st_size;
    rec.ram = mmap(NULL, rec.size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (rec.ram == MAP_FAILED || !g_file_get_contents(calls, &text, NULL,
                                                      &err)) {
        g_error("%s", err ? err->message : "the RAM cannot be mapped");
    }
    lines = g_strsplit(text, "\n", -1);
    for (char **l = lines; *l; l++) {
        bool good = g_str_has_prefix(*l, "regs ") ? parse_regs(*l + 5) :
            g_str_has_prefix(*l, "call ") ? parse_call(*l + 5) :
            !**l || **l == '#';

        if (!good) {
            g_error("%s: not understood: %s", calls, *l);
        }
    }
    if (!rec.n || !rec.lstar) {
        g_error("%s: no registers or no calls", calls);
    }
}

/* --- Measuring ----------------------------------------------------------- */

static void make_calls(FrailVCPU *v)
{
    for (unsigned i = 0; i < rec.n; i++) {
        const Call *c = &rec.call[i];
        FrailRegs r = {
            .rax = c->nr, .rdi = c->arg[0], .rsi = c->arg[1],
            .rdx = c->arg[2], .r10 = c->arg[3], .r8 = c->arg[4],
            .r9 = c->arg[5], .rcx = rec.rip, .rip = rec.rip, .rsp = rec.rsp,
            .r11 = 0x202, .rflags = 0x202,
        };

        frail_vcpu_syscall(v, FRAIL_INSN_SYSCALL64, &r);
        r.rax = c->result;
        frail_vcpu_return(v, &r);
    }
}

static int64_t cpu_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(FrailVCPU *v)
{
    double ns[ROUNDS];

    for (unsigned i = 0; i < WARM_UP; i += rec.n) {
        make_calls(v);
    }
    counting = true;
    for (unsigned round = 0; round < ROUNDS; round++) {
        int64_t start = cpu_ns(), spent;
        uint64_t events = 0;

        do {
            for (unsigned i = 0; i < 1000; i += rec.n) {
                make_calls(v);
                events += rec.n;
            }
            spent = cpu_ns() - start;
        } while (spent < ROUND_NS);
        ns[round] = (double)spent / events;
    }
    counting = false;
    qsort(ns, ROUNDS, sizeof(ns[0]), compare);
    printf("events_per_s=%.0f ns_per_event=%.0f allocations=%" PRIu64 "\n",
           1e9 / ns[ROUNDS / 2], ns[ROUNDS / 2], allocations);
}

/* All threads that are started later stay here too. */
static void pin(void)
{
    int cpu = sched_getcpu();
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu < 0 ? 0 : cpu, &set);
    if (sched_setaffinity(0, sizeof(set), &set)) {
        g_error("sched_setaffinity: %s", g_strerror(errno));
    }
}

int main(int argc, char **argv)
{
    bool once = argc > 1 && !strcmp(argv[1], "--once");
    const FrailHostOps ops = {
        .sz = sizeof(ops), .map_page = map_page,
        .page_written = page_written, .get_sregs = get_sregs,
        .get_msr = get_msr,
    };
    const FrailVMOptions opts = {
        .sz = sizeof(opts), .trap = FRAIL_TRAP_EMULATOR, .exact = true,
    };
    FrailStats stats = { .sz = sizeof(stats) };
    const char *err = NULL;
    FrailVCPU *v;
    FrailVM *vm;

    argc -= once;
    argv += once;
    if (argc < 4) {
        fprintf(stderr, "usage: decode-speed [--once] RAM CALLS ANALYZER.so "
                "[OPTION=VALUE...]\n");
        return 2;
    }
    read_recording(argv[1], argv[2]);
    pin();
    vm = frail_vm_new(&ops, NULL, &opts, &err);
    if (!vm) {
        g_error("%s", err);
    }
    load(vm, argv + 3, argc - 3);
    v = frail_vcpu_new(vm, NULL, 0, 0xd01, true);
    if (once) {
        make_calls(v);
    } else {
        measure(v);
    }
    frail_vcpu_stats(v, &stats);
    if (at_exit) {
        at_exit(1, at_exit_data);
    }
    frail_vcpu_free(v);
    frail_vm_free(vm);
    /* Nothing was measured if not every call came through, and returned. */
    if (stats.delivered != stats.calls || stats.returns != stats.calls) {
        fprintf(stderr, "decode-speed: %" PRIu64 " calls, %" PRIu64
                " delivered, %" PRIu64 " returned\n", stats.calls,
                stats.delivered, stats.returns);
        return 1;
    }
    return allocations != 0;
}
