/*
 * Finding out what the guest is, once, when it is first asked.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>

#include "guest/discover.h"
#include "guest/internal.h"
#include "guest/syscalls.h"

#define ATTEMPTS    3

FrailGuest *guest_new(void)
{
    FrailGuest *g = g_new0(FrailGuest, 1);

    g_mutex_init(&g->lock);
    return g;
}

static void free_kernel(GuestKernel *k)
{
    if (k) {
        guest_syscalls_free(k->syscalls);
        guest_types_free(&k->types);
        g_free(k);
    }
}

void guest_reset(FrailGuest *g)
{
    for (unsigned i = 0; i < g->n; i++) {
        free_kernel(g->kernel[i]);
    }
    g->n = 0;
    g->attempts = 0;
    g->resets++;
    guest_tasks_clear(g->tasks);
}

void guest_free(FrailGuest *g)
{
    if (g) {
        guest_reset(g);
        g_mutex_clear(&g->lock);
        guest_tasks_free(g->tasks);
        g_free(g->file);
        g_free(g);
    }
}

bool guest_set_btf(FrailGuest *g, const uint8_t *blob, size_t len,
                   const char **why)
{
    g_autofree uint8_t *copy = g_memdup2(blob, len);
    GuestTypes types;

    if (!guest_types_load(&types, copy, len, why)) {
        return false;
    }
    guest_types_free(&types);
    g_free(g->file);
    g->file = g_steal_pointer(&copy);
    g->file_len = len;
    return true;
}

void guest_info(const FrailGuest *g, FrailGuestInfo *info)
{
    unsigned n = __atomic_load_n(&g->n, __ATOMIC_ACQUIRE);
    FrailGuestInfo now = { .why = "no process has been looked at yet" };
    size_t sz = MIN(info->sz, sizeof(now));

    if (n) {
        now = g->kernel[n - 1]->info;
    }
    now.rejected = __atomic_load_n(&g->rejected, __ATOMIC_RELAXED);
    memcpy(info, &now, sz);
    info->sz = sz;
}

FrailGuestCpu *guest_cpu_new(FrailGuest *g, FrailMem *mem)
{
    FrailGuestCpu *c = g_new0(FrailGuestCpu, 1);

    c->guest = g;
    c->mem = mem;
    return c;
}

void guest_cpu_free(FrailGuestCpu *c)
{
    g_free(c);
}

const FrailGuest *guest_of(const FrailGuestCpu *cpu)
{
    return cpu->guest;
}

const struct btf *guest_btf(const FrailGuestCpu *c)
{
    return c->k && c->k->known ? c->k->types.btf : NULL;
}

static bool look(GuestKernel *k, FrailGuestCpu *c, const GuestCpuState *s,
                 bool any_task, const char **why)
{
    static const uint64_t halves[] = { ~0xfffull, ~0x1fffull };
    FrailGuest *g = c->guest;
    g_autofree uint8_t *btf = NULL;
    GuestImage image = { 0 };

    /* Under KPTI, the image may be mapped in one half only. */
    for (unsigned i = 0; i < G_N_ELEMENTS(halves) && !image.btf; i++) {
        FrailSpace space = { .cr3 = s->cr3 & halves[i], .la57 = s->la57 };

        if (i && !(s->cr3 & 0x1000)) {
            break;
        }
        guest_find_image(c->mem, space, s->lstar, &image);
    }
    btf = image.btf;
    k->btf_va = image.btf_va;
    if (*image.banner) {
        g_strlcpy(k->banner, image.banner, sizeof(k->banner));
        k->info.banner = k->banner;
    }
    if (!btf && !g->file) {
        *why = "the guest's kernel has no BTF; give it one with "
               "frail-btf=FILE";
        return false;
    }
    k->info.btf_size = btf ? image.btf_len : g->file_len;
    if (!guest_types_load(&k->types, btf ? btf : g->file, k->info.btf_size,
                          why) ||
        !guest_find_current(k, c, s->cr3, s->la57, any_task, why)) {
        return false;
    }
    if (!btf) {
        k->info.method = "btf-file";
        k->info.confidence = "medium";
    }
    return true;
}

static GuestKernel *find_kernel(const FrailGuest *g, uint64_t lstar)
{
    unsigned n = __atomic_load_n(&g->n, __ATOMIC_ACQUIRE);

    for (unsigned i = n; i-- > 0;) {
        if (g->kernel[i]->lstar == lstar) {
            return g->kernel[i];
        }
    }
    return NULL;
}

static GuestKernel *discover(FrailGuestCpu *c, const GuestCpuState *s,
                             bool any_task)
{
    GuestKernel *k = g_new0(GuestKernel, 1);
    gint64 start = g_get_monotonic_time();
    const char *why = NULL;

    k->lstar = s->lstar;
    c->k = k;
    c->percpu = s->percpu;
    k->known = k->info.known = look(k, c, s, any_task, &why);
    k->info.why = k->known ? NULL : why;
    k->info.duration_ns = (g_get_monotonic_time() - start) * 1000;
    c->k = NULL;
    return k;
}

bool guest_discover(FrailGuestCpu *c, const GuestCpuState *s, bool any_task,
                    const char **why)
{
    FrailGuest *g = c->guest;
    GuestKernel *k;

    if (c->resets != g->resets || (c->k && c->k->lstar != s->lstar)) {
        /* Another kernel: what is kept of tasks is of the one before. */
        memset(c->cache, 0, sizeof(c->cache));
        c->resets = g->resets;
        c->current = NULL;
        c->k = NULL;
    }
    if (!c->k) {
        c->k = find_kernel(g, s->lstar);
    }
    if (!c->k && __atomic_load_n(&g->n, __ATOMIC_RELAXED) == GUEST_KERNELS) {
        *why = "the guest has started too many kernels";
        return false;
    }
    if (!c->k) {
        if (__atomic_exchange_n(&g->working, true, __ATOMIC_ACQUIRE)) {
            *why = "the guest is being looked at";
            return false;
        }
        k = find_kernel(g, s->lstar);
        if (!k && g->n < GUEST_KERNELS) {
            k = discover(c, s, any_task);
            if (!k->known && (any_task || (k->info.btf_size &&
                                           g->attempts++ < ATTEMPTS))) {
                /* A vCPU that was asked at a bad moment: try again. */
                *why = k->info.why;
                free_kernel(k);
                k = NULL;
            } else {
                g->kernel[g->n] = k;
                __atomic_store_n(&g->n, g->n + 1, __ATOMIC_RELEASE);
            }
        }
        __atomic_store_n(&g->working, false, __ATOMIC_RELEASE);
        c->k = k;
    }
    if (!c->k || !c->k->known) {
        *why = c->k ? c->k->info.why : *why;
        return false;
    }
    if (c->percpu != s->percpu) {
        c->percpu = s->percpu;
        c->current = NULL;
    }
    c->kernel = guest_kernel_space(c, s->cr3, s->la57, any_task);
    return true;
}
