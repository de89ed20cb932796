/*
 * Finding out what the made-up guest is: BTF, banner, the current task.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE     /* memmem */
#include "fake-guest.h"

typedef struct Case {
    const char *name;
    FgOptions opts;
    const char *confidence;
} Case;

static const Case known[] = {
    { "6.1", { .layout = FG_CURRENT_TASK, .btf_before = true }, "high" },
    { "6.12", { .layout = FG_PCPU_HOT, .unaligned = true }, "high" },
    { "6.18", { .layout = FG_RELATIVE, .rip_relative = true }, "high" },
    { "7.3", { .layout = FG_RELATIVE, .header = 32 }, "high" },
    { "5-levels", { .layout = FG_PCPU_HOT, .la57 = true, .level = 1 },
      "high" },
    { "1-gib", { .layout = FG_CURRENT_TASK, .level = 2 }, "high" },
    { "kpti", { .layout = FG_PCPU_HOT, .kpti = true }, "high" },
    { "kpti-relative", { .layout = FG_RELATIVE, .kpti = true, .level = 1 },
      "high" },
    { "odd-root", { .layout = FG_CURRENT_TASK, .odd_root = true }, "high" },
    { "rip-relative", { .layout = FG_CURRENT_TASK, .rip_relative = true },
      "high" },
    { "old-names", { .layout = FG_CURRENT_TASK, .old_names = true }, "high" },
    { "no-slots", { .layout = FG_PCPU_HOT, .no_slots = true }, "medium" },
    { "no-slots-relative", { .layout = FG_RELATIVE, .no_slots = true },
      "medium" },
    { "scan", { .layout = FG_NO_VARS, .uses = 20 }, "medium" },
    { "scan-kpti", { .layout = FG_NO_VARS, .uses = 20, .kpti = true },
      "medium" },
    { "scan-rip-relative",
      { .layout = FG_NO_VARS, .uses = 20, .rip_relative = true }, "medium" },
};

static FrailGuestInfo info_of(FakeGuest *g)
{
    FrailGuestInfo info = { .sz = sizeof(info) };

    guest_info(g->guest, &info);
    return info;
}

static void test_known(const void *data)
{
    const Case *c = data;
    g_autoptr(FakeGuest) g = fg_new(c->opts);
    const FrailProcess *p;
    FrailGuestInfo info = info_of(g);

    g_assert_false(info.known);
    g_assert_null(guest_btf(g->cpu));
    p = fg_ask(g);
    info = info_of(g);
    g_assert_cmpstr(info.why, ==, NULL);
    g_assert_true(info.known);
    g_assert_cmpstr(info.banner, ==, FG_BANNER);
    g_assert_cmpstr(info.confidence, ==, c->confidence);
    g_assert_cmpstr(info.method, ==, c->opts.layout == FG_NO_VARS ?
                    "btf-scan" : "btf");
    g_assert_cmpuint(info.btf_size, ==, g->btf_len);
    g_assert_cmpuint(info.rejected, ==, 0);
    g_assert_nonnull(guest_btf(g->cpu));
    g_assert_nonnull(p);
    g_assert_cmpint(frail_process_tid(p), ==, 1234);
    g_assert_cmpstr(frail_process_comm(p), ==, "cat");
    g_assert_cmpstr(frail_process_exe(p), ==, "/usr/bin/cat");
    g_assert_cmpuint(frail_process_start_ns(p), ==, 1000001234);
    g_assert_cmpstr(frail_process_cgroup(p), ==, "/system.slice/ssh.service");
    /* Another task on the same CPU: it is not found anew. */
    fg_point(g, &g->systemd->mm, fg_mm(g, g->root));
    fg_switch(g, g->systemd);
    g->n_map = 0;
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1);
    g_assert_cmpuint(g->n_map, <, 200);
}

/* Why it is not known, and that it is not looked for without end. */
static void expect_unknown(FakeGuest *g, const char *why)
{
    FrailGuestInfo info;

    for (unsigned i = 0; i < 8; i++) {
        g_assert_null(fg_ask(g));
    }
    info = info_of(g);
    g_assert_false(info.known);
    g_assert_nonnull(info.why);
    g_assert_nonnull(strstr(info.why, why));
    g_assert_null(info.method);
    g_assert_null(guest_btf(g->cpu));
    g_assert_null(guest_syscall(g->cpu, 0));
    g->n_map = 0;
    g_assert_null(fg_ask(g));
    g_assert_cmpuint(g->n_map, ==, 0);
}

static void test_no_btf(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .no_btf = true });

    expect_unknown(g, "no BTF");
    g_assert_cmpstr(info_of(g).banner, ==, FG_BANNER);
}

static void test_file(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .no_btf = true,
                                                  .layout = FG_PCPU_HOT });
    FrailGuestInfo info;
    const char *why = NULL;

    g_assert_false(guest_set_btf(g->guest, g->btf, g->btf_len - 1, &why));
    g_assert_nonnull(why);
    g_assert_true(guest_set_btf(g->guest, g->btf, g->btf_len, &why));
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1234);
    info = info_of(g);
    g_assert_cmpstr(info.method, ==, "btf-file");
    g_assert_cmpstr(info.confidence, ==, "medium");
    g_assert_cmpuint(info.btf_size, ==, g->btf_len);
}

/* A guest's own BTF is right, a file may be another kernel's. */
static void test_own_before_file(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    FgOptions other = { .layout = FG_PCPU_HOT };
    size_t len;
    g_autofree uint8_t *btf = fg_make_btf(&other, &len);
    const char *why;

    g_assert_true(guest_set_btf(g->guest, btf, len, &why));
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1234);
    g_assert_cmpstr(info_of(g).method, ==, "btf");
}

static void test_contradiction(void)
{
    /* this_cpu_off says something else than the entry code. */
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_PCPU_HOT });

    *(uint64_t *)fg_percpu(g, FG_OFF_SELF) += 8;
    expect_unknown(g, "contradict");
}

static void test_contradicting_slots(void)
{
    /* The entry code's two accesses do not agree, and nothing else helps. */
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_RELATIVE });
    uint64_t gpa;

    *(uint64_t *)fg_percpu(g, FG_OFF_SELF) += 8;
    g_assert_true(frail_mem_walk(&g->mem, (FrailSpace) { .cr3 = g->root },
                                 g->lstar, &gpa));
    g->ram[gpa + 7 + 5] ^= 8;           /* where RSP is saved */
    expect_unknown(g, "start of the per-CPU variables was not found");
}

static void test_wrong_stack(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    static const uint64_t tops[] = { 0x8000, 0x4000 - 16, 0x8000 - 16,
                                     0x4000 };

    g->task->stack += 8;
    expect_unknown(g, "current task is not sound");
    g->task->stack -= 8;
    for (unsigned i = 0; i < G_N_ELEMENTS(tops); i++) {
        fg_forget(g);
        *(uint64_t *)fg_percpu(g, FG_OFF_TOP) = g->task->stack + tops[i];
        g_assert_nonnull(fg_ask(g));
    }
}

static void test_wrong_comm(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });

    memset(g->task->comm, 'x', 16);
    expect_unknown(g, "current task is not sound");
    fg_forget(g);
    strcpy(g->task->comm, "\x01");
    g_assert_null(fg_ask(g));
    fg_forget(g);
    g->task->comm[0] = '\0';
    g_assert_null(fg_ask(g));
}

static void test_wrong_space(void)
{
    static const FgLayout layouts[] = { FG_CURRENT_TASK, FG_NO_VARS };

    for (unsigned i = 0; i < G_N_ELEMENTS(layouts); i++) {
        g_autoptr(FakeGuest) g = fg_new((FgOptions) {
            .layout = layouts[i], .uses = 20 });

        g->mm->pgd += FRAIL_PAGE_SIZE;
        expect_unknown(g, i ? "no per-CPU variables" : "not sound");
    }
}

/* Other places in the area lead to the task that runs when one looks. */
static void test_stale_pointers(void)
{
    static const unsigned stale[] = { 0x800, 0x808, FG_OFF_CURRENT - 8,
                                      FG_OFF_CURRENT + 16 };
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_NO_VARS,
                                                  .uses = 20 });

    for (unsigned i = 0; i < G_N_ELEMENTS(stale); i++) {
        fg_point(g, fg_percpu(g, stale[i]), g->task);
    }
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1234);
    fg_point(g, &g->systemd->mm, g->mm);
    fg_switch(g, g->systemd);
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1);
}

static void test_unused(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_NO_VARS,
                                                  .uses = 15 });

    expect_unknown(g, "no per-CPU variables");
}

/* The text reads another sound pointer, too: it is not told which it is. */
static void test_two_used(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .layout = FG_NO_VARS,
                                                  .uses = 64 });
    const int32_t other = 0x800;
    uint64_t gpa;
    uint8_t *p;

    fg_point(g, fg_percpu(g, other), g->task);
    g_assert_true(frail_mem_walk(&g->mem, (FrailSpace) { .cr3 = g->root },
                                 g->lstar, &gpa));
    /* The entry code's own read comes first. */
    p = memmem(g->ram + gpa, 64, "\x65\x48\x8b", 3);
    g_assert_nonnull(p);
    for (unsigned i = 0; i < 16; i++) {
        p = memmem(p + 3, 64, "\x65\x48\x8b", 3);
        g_assert_nonnull(p);
        memcpy(p + 5, &other, 4);
    }
    expect_unknown(g, "no per-CPU variables");
    /* 12 of 64 are not much. */
    fg_forget(g);
    for (unsigned i = 0; i < 4; i++) {
        const int32_t current = FG_OFF_CURRENT;

        memcpy(p + 5, &current, 4);
        p -= 9;
    }
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1234);
}

/* A caller is known at a bad moment at first, and then at a good one. */
static void test_again(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });

    for (unsigned i = 0; i < 3; i++) {
        g->mm->pgd += FRAIL_PAGE_SIZE;
        g_assert_null(fg_ask(g));
        g->mm->pgd -= FRAIL_PAGE_SIZE;
    }
    g_assert_nonnull(fg_ask(g));
}

/* A vCPU in the kernel, whose CR3 is the kernel's half, was asked first. */
static void test_kpti_from_kernel(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .kpti = true });
    g_autofree char *list = NULL;
    uint64_t user = g->state.cr3;

    g->state.cr3 = g->root | 3;
    list = fg_list(g);
    g_assert_nonnull(strstr(list, "1234 1 "));
    g_assert_true(info_of(g).known);
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1234);
    g->state.cr3 = user;
    g_assert_nonnull(fg_ask(g));
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1234);
}

/* The same with an address that has bit 12 set, where there is no KPTI. */
static void test_odd_root_later(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    uint64_t root;

    g_assert_nonnull(fg_ask(g));
    g->next |= FRAIL_PAGE_SIZE;
    root = fg_pages(g, 1);
    memcpy(g->ram + root, g->ram + g->root, FRAIL_PAGE_SIZE);
    g_assert_cmphex(root & 0x1000, !=, 0);
    g->state.cr3 = root;
    fg_point(g, &g->mm->pgd, g->ram + root);
    g_assert_nonnull(fg_ask(g));
}

/* What was kept of the machine before its reset is not used any more. */
static void test_reset(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    uint64_t old = g->area, gpa;

    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1234);
    guest_reset(g->guest);
    g_assert_false(info_of(g).known);
    gpa = fg_pages(g, FG_AREA_PAGES);
    memcpy(g->ram + gpa, fg_percpu(g, 0), FG_AREA_PAGES * 4096);
    g->area = g->state.percpu = g->phys + gpa;
    *(uint64_t *)fg_percpu(g, FG_OFF_SELF) = g->area;
    fg_point(g, &g->systemd->mm, g->mm);
    fg_switch(g, g->systemd);
    g_assert_cmphex(g->area, !=, old);
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1);
}

/* The processor has another per-CPU area (another vCPU, or kexec). */
static void test_two_areas(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    uint64_t first = g->area, second, gpa;
    FgTask *cat = g->task;

    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1234);
    gpa = fg_pages(g, FG_AREA_PAGES);
    memcpy(g->ram + gpa, fg_percpu(g, 0), FG_AREA_PAGES * 4096);
    second = g->phys + gpa;
    g->area = g->state.percpu = second;
    fg_point(g, &g->systemd->mm, g->mm);
    fg_switch(g, g->systemd);
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, 1);
    g->area = g->state.percpu = first;
    g_assert_cmpint(frail_process_tid(fg_ask(g)), ==, cat->pid);
}

/* Each LSTAR is a kernel of its own, and there are not many. */
static void test_many_kernels(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });

    for (unsigned i = 0; i < 40; i++) {
        g->state.lstar = FG_IMAGE + 0x40000000 + i * 64;
        g_assert_null(fg_ask(g));
    }
    g->state.lstar = g->lstar;
    g->n_map = 0;
    g_assert_null(fg_ask(g));
    g_assert_cmpuint(g->n_map, ==, 0);
}

static void test_bad_state(void)
{
    static const uint64_t bad[] = {
        0, 1, 0x401000, 0x8000000000000000, 0xffff800000000000, ~0ull,
        0xfffffffffffff000, -(2ull << 20), -(64ull << 20),
    };
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { 0 });
    GuestCpuState good = g->state;

    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        uint64_t *regs[] = { &g->state.cr3, &g->state.lstar,
                             &g->state.percpu };

        for (unsigned r = 0; r < G_N_ELEMENTS(regs); r++) {
            *regs[r] = bad[i];
            g->n_map = 0;
            g_assert_null(fg_ask_all(g));
            g_assert_cmpuint(g->n_map, <, 2000000);
            g->state = good;
            fg_forget(g);
        }
    }
    g_assert_nonnull(fg_ask(g));
}

/*
 * An image full of headers, all of which promise a large BTF: each of them is
 * copied, and there is room for millions.
 */
static void test_many_headers(void)
{
    g_autoptr(FakeGuest) g = fg_new((FgOptions) { .no_btf = true });
    uint64_t page = fg_pages(g, 1), body = fg_pages(g, 1);
    static const uint32_t header[] = {
        0x0001eb9f, 24, 0, 0x800000, 0x800000, 0x600000,
    };

    for (unsigned i = 0; i + sizeof(header) <= 4096; i += sizeof(header)) {
        memcpy(g->ram + page + i, header, sizeof(header));
    }
    for (unsigned i = 0; i < 16384; i++) {
        fg_map(g, g->root, FG_IMAGE + 0x1000 + i * 4096ull,
               i < 2048 ? page : body, 0);
    }
    g->n_map = 0;
    g_assert_null(fg_ask(g));
    g_assert_cmpuint(g->n_map, <, 4000000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autofree char *path = g_strdup_printf("/guest/find/%s",
                                                known[i].name);

        g_test_add_data_func(path, &known[i], test_known);
    }
    g_test_add_func("/guest/find/no-btf", test_no_btf);
    g_test_add_func("/guest/find/btf-file", test_file);
    g_test_add_func("/guest/find/own-before-file", test_own_before_file);
    g_test_add_func("/guest/find/contradiction", test_contradiction);
    g_test_add_func("/guest/find/contradicting-slots",
                    test_contradicting_slots);
    g_test_add_func("/guest/find/wrong-stack", test_wrong_stack);
    g_test_add_func("/guest/find/wrong-comm", test_wrong_comm);
    g_test_add_func("/guest/find/wrong-space", test_wrong_space);
    g_test_add_func("/guest/find/stale-pointers", test_stale_pointers);
    g_test_add_func("/guest/find/unused", test_unused);
    g_test_add_func("/guest/find/two-used", test_two_used);
    g_test_add_func("/guest/find/again", test_again);
    g_test_add_func("/guest/find/kpti-from-kernel", test_kpti_from_kernel);
    g_test_add_func("/guest/find/odd-root-later", test_odd_root_later);
    g_test_add_func("/guest/find/reset", test_reset);
    g_test_add_func("/guest/find/two-areas", test_two_areas);
    g_test_add_func("/guest/find/many-kernels", test_many_kernels);
    g_test_add_func("/guest/find/bad-state", test_bad_state);
    g_test_add_func("/guest/find/many-headers", test_many_headers);
    return g_test_run();
}
