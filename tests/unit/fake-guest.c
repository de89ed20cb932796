/*
 * The made-up guest's memory, image and per-CPU area.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fake-guest.h"

#define PRESENT     3ull        /* P, RW */
#define USER        4ull
#define LARGE       0x80ull
#define ADDR        0x000ffffffffff000ull
#define BTF_AT      0x200000ull /* from the image's start, or before it */

/* --- Memory -------------------------------------------------------------- */

static void *map_page(void *opaque, uint64_t gpa, bool write)
{
    FakeGuest *g = opaque;

    g_assert_cmpuint(gpa % FRAIL_PAGE_SIZE, ==, 0);
    g_assert_false(write);
    g->n_map++;
    return gpa < FG_RAM ? g->ram + gpa : NULL;
}

const FrailHostOps fg_ops = { .sz = sizeof(fg_ops), .map_page = map_page };

uint64_t fg_pages(FakeGuest *g, unsigned n)
{
    uint64_t gpa = g->next;

    g->next += n * (uint64_t)FRAIL_PAGE_SIZE;
    g_assert_cmpuint(g->next, <=, g->top);
    return gpa;
}

void fg_map(FakeGuest *g, uint64_t root, uint64_t va, uint64_t gpa,
            unsigned level)
{
    uint64_t table = root & ADDR, bits = PRESENT | (va >> 63 ? 0 : USER);

    for (unsigned l = g->opts.la57 ? 4 : 3;; l--) {
        uint64_t *e = (uint64_t *)(g->ram + table) +
            (va >> (12 + 9 * l) & 511);

        if (l == level) {
            *e = gpa | bits | (l ? LARGE : 0);
            return;
        }
        if (!(*e & 1)) {
            *e = fg_pages(g, 1) | bits;
        }
        table = *e & ADDR;
    }
}

/* Objects lie in one piece, from the end of RAM down. */
void *fg_alloc(FakeGuest *g, size_t size)
{
    g->top = (g->top - size) & ~15ull;
    g_assert_cmpuint(g->top, >=, g->next);
    return memset(g->ram + g->top, 0, size);
}

uint64_t fg_va(const FakeGuest *g, const void *object)
{
    const uint8_t *p = object;

    g_assert_true(p >= g->ram && p < g->ram + FG_RAM);
    return g->phys + (p - g->ram);
}

void fg_point(FakeGuest *g, uint64_t *at, const void *object)
{
    *at = fg_va(g, object);
    g_ptr_array_add(g->pointers, at);
}

uint64_t fg_string(FakeGuest *g, const char *text)
{
    size_t len = strlen(text) + 1;

    return fg_va(g, memcpy(fg_alloc(g, len), text, len));
}

static void map_phys(FakeGuest *g)
{
    static const uint64_t step[] = { 4096, 2 << 20, 1 << 30 };

    for (uint64_t at = 0; at < FG_RAM; at += step[g->opts.level]) {
        fg_map(g, g->root, g->phys + at, at, g->opts.level);
    }
}

/* --- The image ----------------------------------------------------------- */

/* Where the per-CPU section is linked. */
static uint64_t start(const FakeGuest *g)
{
    return g->opts.layout == FG_RELATIVE ? FG_START : 0;
}

static uint8_t *put(uint8_t *at, const char *bytes, size_t n)
{
    return (uint8_t *)memcpy(at, bytes, n) + n;
}

#define PUT(at, bytes)  put(at, bytes, sizeof(bytes) - 1)

#define RSP         4u

/* mov between @reg and %gs:@slot */
static uint8_t *put_access(FakeGuest *g, uint8_t *at, uint8_t *page,
                           uint8_t opcode, unsigned reg, uint64_t slot)
{
    int32_t disp;

    at = PUT(at, "\x65\x48");
    *at++ = opcode;
    *at++ = (g->opts.rip_relative ? 5 : 4) | reg << 3;
    if (g->opts.rip_relative) {
        disp = slot - ((g->lstar & FRAIL_PAGE_MASK) + (at + 4 - page));
    } else {
        *at++ = 0x25;
        disp = slot;
    }
    return put(at, (const char *)&disp, 4);
}

static void put_entry(FakeGuest *g, uint8_t *page)
{
    uint8_t *at = page + g->lstar % FRAIL_PAGE_SIZE;
    uint64_t top = g->opts.layout == FG_PCPU_HOT ? FG_OFF_HOT + 16 :
        FG_OFF_TOP;

    memset(page, 0xcc, FRAIL_PAGE_SIZE);
    at = PUT(at, "\xf3\x0f\x1e\xfa\x0f\x01\xf8");   /* endbr64, swapgs */
    if (!g->opts.no_slots) {
        at = put_access(g, at, page, 0x89, RSP, start(g) + FG_OFF_TSS + 20);
    }
    /* mov %cr3,%rsp; and $~0x1fff,%rsp; mov %rsp,%cr3 */
    at = PUT(at, "\x0f\x20\xdc\x48\x81\xe4\xff\xe7\xff\xff\x0f\x22\xdc");
    if (!g->opts.no_slots) {
        at = put_access(g, at, page, 0x8b, RSP, start(g) + top);
    }
    at = PUT(at, "\x6a\x2b\x65\xff\x34\x25\x14\x60\x00\x00");  /* push, push */
    /* The kernel's other code: what reads the current task. */
    for (unsigned i = 0; i < g->opts.uses; i++) {
        at = put_access(g, at, page, 0x8b, i % 4, start(g) + FG_OFF_CURRENT);
    }
}

static void map_image(FakeGuest *g)
{
    uint64_t text = fg_pages(g, 1), data = fg_pages(g, FG_DATA_PAGES);
    uint64_t va, skip = g->opts.unaligned ? FRAIL_PAGE_SIZE - 2 : 64;
    size_t len, pages;
    g_autofree uint8_t *btf = fg_make_btf(&g->opts, &len);
    uint64_t ro;

    if (g->opts.header) {
        uint8_t *longer = fg_long_header(btf, &len, g->opts.header);

        g_free(btf);
        btf = longer;
    }
    g->btf = g_memdup2(btf, len);
    g->btf_len = len;
    pages = (skip + len) / FRAIL_PAGE_SIZE + 1;
    ro = fg_pages(g, pages + 1);
    va = g->opts.btf_before ? FG_IMAGE - BTF_AT : FG_IMAGE + BTF_AT;
    g->btf_va = va + FRAIL_PAGE_SIZE + skip;
    memcpy(g->ram + ro + 0x123, FG_BANNER "\n", sizeof(FG_BANNER) + 1);
    if (!g->opts.no_btf) {
        memcpy(g->ram + ro + FRAIL_PAGE_SIZE + skip, btf, len);
    }
    for (size_t i = 0; i < pages + 1; i++) {
        fg_map(g, g->root, va + i * FRAIL_PAGE_SIZE,
               ro + i * FRAIL_PAGE_SIZE, 0);
    }
    g->data = FG_IMAGE + 2 * BTF_AT;
    for (unsigned i = 0; i < FG_DATA_PAGES; i++) {
        fg_map(g, g->root, g->data + i * FRAIL_PAGE_SIZE,
               data + i * FRAIL_PAGE_SIZE, 0);
    }
    put_entry(g, g->ram + text);
    fg_map(g, g->root, g->lstar & FRAIL_PAGE_MASK, text, 0);
    if (g->opts.kpti) {
        fg_map(g, g->root + FRAIL_PAGE_SIZE, g->lstar & FRAIL_PAGE_MASK,
               text, 0);
    }
}

/* --- The CPU ------------------------------------------------------------- */

void *fg_percpu(FakeGuest *g, uint64_t offset)
{
    return g->ram + (g->area - g->phys) + offset;
}

static void make_area(FakeGuest *g)
{
    uint64_t gpa = fg_pages(g, FG_AREA_PAGES);

    g->area = g->phys + gpa;
    g->state.percpu = g->area - start(g);
    *(uint64_t *)fg_percpu(g, FG_OFF_SELF) = g->state.percpu;
}

uint8_t *fg_user(FakeGuest *g)
{
    uint64_t gpa;
    bool mapped = frail_mem_walk(&g->mem, (FrailSpace) {
        .cr3 = g->root, .la57 = g->opts.la57, .user = true,
    }, FG_USER, &gpa);

    g_assert_true(mapped);
    return g->ram + gpa;
}

void fg_forget(FakeGuest *g)
{
    guest_cpu_free(g->cpu);
    guest_free(g->guest);
    g->guest = guest_new();
    g->cpu = guest_cpu_new(g->guest, &g->mem);
}

FakeGuest *fg_new(FgOptions opts)
{
    FakeGuest *g = g_new0(FakeGuest, 1);
    uint64_t user;

    g->opts = opts;
    g->ram = g_malloc0(FG_RAM);
    g->next = 0x10000;
    g->top = FG_RAM;
    g->phys = opts.la57 ? FG_PHYS57 : FG_PHYS;
    g->pointers = g_ptr_array_new();
    frail_mem_init(&g->mem, &fg_ops, g, &g->generation);
    g->lstar = FG_IMAGE + (opts.btf_before ? 0xc00080 : 0x80);
    g->root = opts.odd_root ? fg_pages(g, 1) | 0x1000 : fg_pages(g, 2);
    if (opts.odd_root) {
        g->next = g->root + FRAIL_PAGE_SIZE;
    }
    map_phys(g);
    map_image(g);
    user = fg_pages(g, 2);
    fg_map(g, g->root, FG_USER, user, 0);
    fg_map(g, g->root, FG_USER + FRAIL_PAGE_SIZE, user + FRAIL_PAGE_SIZE, 0);
    g->state.cr3 = g->root | (opts.kpti ? 0x1803 : 0);
    g->state.lstar = g->lstar;
    g->state.la57 = opts.la57;
    make_area(g);
    fg_populate(g);
    fg_forget(g);
    return g;
}

void fg_free(FakeGuest *g)
{
    guest_cpu_free(g->cpu);
    guest_free(g->guest);
    g_ptr_array_free(g->pointers, TRUE);
    g_free(g->btf);
    g_free(g->ram);
    g_free(g);
}

/* --- Asking -------------------------------------------------------------- */

const FrailProcess *fg_ask(FakeGuest *g)
{
    frail_mem_refresh(&g->mem);
    guest_begin(g->cpu, &g->state);
    return guest_process(g->cpu);
}

static void ignore(const FrailProcessInfo *p, void *opaque)
{
    /* All texts are terminated, whatever is in them. */
    *(size_t *)opaque += strlen(p->name) + (p->exe ? strlen(p->exe) : 0) +
        (p->cgroup ? strlen(p->cgroup) : 0);
}

static void ask_ring(FakeGuest *g, const FrailProcess *p, int fd)
{
    GuestRingEntry entry;
    GuestRing ring;

    for (unsigned registered = 0; registered < 2; registered++) {
        unsigned n = 0;

        if (!guest_ring(g->cpu, p, fd, registered, &ring)) {
            continue;
        }
        g_assert_cmpuint(ring.ready, <=, ring.entries);
        while (n < 64 && guest_ring_next(g->cpu, &ring, &entry)) {
            g_assert_cmpuint(entry.len, <=, sizeof(entry.data));
            g_assert_true(entry.invalid == !entry.len);
            n++;
        }
        g_assert_true(n == 64 || n <= ring.entries);
    }
}

const FrailProcess *fg_ask_all(FakeGuest *g)
{
    const FrailProcess *p = fg_ask(g);
    const char *why = NULL;
    size_t len = 0;
    char buf[256];
    FrailText t;

    for (int nr = 0; p && nr < 4; nr++) {
        guest_syscall(g->cpu, nr);
    }
    if (p) {
        frail_process_exe(p);
        frail_process_cwd(p);
        frail_process_root(p);
        frail_process_cgroup(p);
        frail_process_container(p);
        frail_process_cmdline(p, &len);
        frail_process_start_ns(p);
        frail_process_is_kernel_thread(p);
        for (int i = 0; i <= FRAIL_NS_UTS + 1; i++) {
            frail_process_namespace(p, i);
        }
        for (int i = 0; i <= FRAIL_CAP_AMBIENT + 1; i++) {
            frail_process_caps(p, i);
        }
        for (int fd = -1; fd < 24; fd++) {
            text_init(&t, buf, sizeof(buf));
            guest_fd_text(g->cpu, p, fd, fd & 1, &t);
            g_assert_cmpuint(t.len, <=, sizeof(buf));
            text_init(&t, buf, sizeof(buf));
            guest_fd_text(g->cpu, p, fd, !(fd & 1), &t);
            frail_process_fd(p, fd);
            ask_ring(g, p, fd);
        }
    }
    guest_list_processes(g->cpu, &g->state, 0, ignore, &len, &why);
    return p;
}

char *fg_fd(FakeGuest *g, int fd, bool details)
{
    const FrailProcess *p = fg_ask(g);
    char buf[8192];
    FrailText t;

    text_init(&t, buf, sizeof(buf));
    if (!p || !guest_fd_text(g->cpu, p, fd, details, &t)) {
        g_assert_cmpuint(t.len, ==, 0);
        return NULL;
    }
    return g_strdup(text_terminate(&t));
}

char *fg_cwd(FakeGuest *g)
{
    const FrailProcess *p = fg_ask(g);

    return p ? g_strdup(frail_process_cwd(p)) : NULL;
}

char *fg_root(FakeGuest *g)
{
    const FrailProcess *p = fg_ask(g);

    return p ? g_strdup(frail_process_root(p)) : NULL;
}

static void list_one(const FrailProcessInfo *p, void *opaque)
{
    GString *s = opaque;

    g_string_append_printf(s, "%d %d %u %d %d %s%c%s", p->pid, p->ppid,
                           p->uid, p->nice, p->priority,
                           p->kernel_thread ? "[" : "",
                           p->state ? p->state : '.', p->name);
    if (p->cmdline) {
        g_string_append(s, " \"");
        for (size_t i = 0; i < p->cmdline_len; i++) {
            g_string_append_c(s, p->cmdline[i] ? p->cmdline[i] : '|');
        }
        g_string_append(s, "\"");
    }
    g_string_append_printf(s, " %s %s %.12s\n", p->exe ? p->exe : "-",
                           p->cgroup ? p->cgroup : "-",
                           p->container ? p->container : "-");
}

char *fg_list(FakeGuest *g)
{
    GString *s = g_string_new("");
    const char *why = NULL;
    int n;

    frail_mem_refresh(&g->mem);
    n = guest_list_processes(g->cpu, &g->state, 0, list_one, s, &why);
    if (n < 0) {
        g_string_printf(s, "!%s", why);
    }
    return g_string_free(s, FALSE);
}
