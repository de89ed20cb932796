/*
 * The made-up machine: memory, page tables, entry text, host operations.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <stdlib.h>

#include "fake-vmm.h"

#define PRESENT     3ull        /* P, RW */
#define LARGE       0x80ull
#define ADDR        0x000ffffffffff000ull

/* --- Memory -------------------------------------------------------------- */

void *fake_phys(FakeVM *vm, uint64_t gpa)
{
    if (gpa < FAKE_RAM) {
        return vm->ram + gpa;
    }
    if (gpa >= FAKE_HIGH && gpa < FAKE_HIGH + FAKE_HIGH_SIZE) {
        return vm->high + (gpa - FAKE_HIGH);
    }
    return NULL;
}

uint64_t fake_alloc(FakeVM *vm, unsigned pages)
{
    uint64_t gpa = vm->next;

    vm->next += pages * 0x1000ull;
    g_assert_cmpuint(vm->next, <=, FAKE_RAM);
    return gpa;
}

/* Linux maps the lower half for user mode, and nothing else. */
static uint64_t user_bit(uint64_t va)
{
    return va >> 63 ? 0 : 4;
}

static uint64_t *entry_of(FakeVM *vm, uint64_t root, uint64_t va, int level,
                          bool make)
{
    uint64_t table = root & ADDR;

    for (int l = vm->opts.la57 ? 4 : 3;; l--) {
        uint64_t *host = fake_phys(vm, table);
        uint64_t *e;

        if (!host) {
            return NULL;
        }
        e = &host[(va >> (12 + 9 * l)) & 511];
        if (l == level || (l <= 2 && l > 0 && (*e & LARGE))) {
            return e;
        }
        if (!(*e & 1)) {
            if (!make) {
                return NULL;
            }
            *e = fake_alloc(vm, 1) | PRESENT | user_bit(va);
        }
        table = *e & ADDR;
    }
}

void fake_map(FakeVM *vm, uint64_t root, uint64_t va, uint64_t gpa,
              unsigned level)
{
    *entry_of(vm, root, va, level, true) = gpa | PRESENT | user_bit(va) |
        (level ? LARGE : 0);
}

void fake_unmap(FakeVM *vm, uint64_t root, uint64_t va)
{
    *entry_of(vm, root, va, 0, false) = 0;
}

void *fake_ptr(FakeVM *vm, uint64_t cr3, uint64_t va)
{
    /* Large pages are not used behind this function. */
    uint64_t *e = frail_canonical(va, vm->opts.la57) ?
        entry_of(vm, cr3, va, 0, false) : NULL;

    return e && (*e & 1) ? fake_phys(vm, (*e & ADDR) | (va & 4095)) : NULL;
}

void *fake_kernel_ptr(FakeVM *vm, uint64_t va)
{
    void *p = fake_ptr(vm, vm->root, va);

    g_assert_nonnull(p);
    return p;
}

void fake_put64(FakeVM *vm, uint64_t va, uint64_t value)
{
    memcpy(fake_kernel_ptr(vm, va), &value, 8);
}

uint64_t fake_kernel_cr3(FakeVM *vm, uint64_t root)
{
    return root | (vm->opts.kpti ? 3 : 0);
}

/* KPTI: the other half, and its PCID's bit 11. */
uint64_t fake_user_cr3(FakeVM *vm, uint64_t root)
{
    return vm->opts.kpti ? root | 0x1803 : root;
}

uint64_t fake_new_root(FakeVM *vm)
{
    uint64_t root = (vm->next + 0x1fff) & ~0x1fffull;

    vm->next = root;
    fake_alloc(vm, 2);
    if (vm->root) {
        memcpy(fake_phys(vm, root), fake_phys(vm, vm->root), 0x2000);
    }
    return root;
}

/* @user: in the user's half of a KPTI address space as well. */
static void map_new(FakeVM *vm, uint64_t va, unsigned pages, bool user)
{
    for (unsigned i = 0; i < pages; i++, va += 0x1000) {
        uint64_t gpa = fake_alloc(vm, 1);

        fake_map(vm, vm->root, va, gpa, 0);
        if (user && vm->opts.kpti) {
            fake_map(vm, vm->root + 0x1000, va, gpa, 0);
        }
    }
}

/* --- The guest kernel's text and tables ---------------------------------- */

void fake_put_gate(FakeVM *vm, uint64_t handler, unsigned type, unsigned ist,
                   unsigned selector)
{
    uint64_t low = (handler & 0xffff) | (uint64_t)selector << 16 |
        (uint64_t)ist << 32 | (uint64_t)type << 40 |
        (handler >> 16 & 0xffff) << 48;

    fake_put64(vm, ENTRY_AREA + 6 * 16, low);
    fake_put64(vm, ENTRY_AREA + 6 * 16 + 8, handler >> 32);
}

#define PUT(va, bytes) ((va) = put_code(vm, (va), bytes, sizeof(bytes) - 1))

static uint64_t put_code(FakeVM *vm, uint64_t va, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        *(char *)fake_kernel_ptr(vm, va + i) = bytes[i];
    }
    return va + n;
}

static uint64_t put32(FakeVM *vm, uint64_t va, uint32_t value)
{
    return put_code(vm, va, (const char *)&value, 4);
}

void fake_entry_empty(FakeVM *vm)
{
    for (unsigned i = 0; i < 6 * 4096; i++) {
        *(uint8_t *)fake_kernel_ptr(vm, ENTRY_TEXT + i) = 0xcc;
    }
}

void fake_entry_text(FakeVM *vm)
{
    uint64_t va = LSTAR;

    fake_entry_empty(vm);
    PUT(va, "\xf3\x0f\x1e\xfa");                /* endbr64 */
    PUT(va, "\x0f\x01\xf8");                    /* swapgs */
    PUT(va, "\x65\x48\x89\x24\x25\x14\x60\x00\x00");    /* mov %rsp,%gs:.. */
    PUT(va, "\x0f\x20\xdc\x48\x83\xe4\xf0\x0f\x22\xdc");    /* cr3 */
    if (vm->opts.rip_slot) {
        PUT(va, "\x65\x48\x8b\x25");            /* mov %gs:..(%rip),%rsp */
        va = put32(vm, va, STACK_SLOT - (va + 4));
    } else if (!vm->opts.no_slot) {
        PUT(va, "\x65\x48\x8b\x24\x25");        /* mov %gs:..,%rsp */
        va = put32(vm, va, STACK_SLOT);
    }
    PUT(va, "\x6a\x2b\x50\xe8\x00\x01\x00\x00");    /* push, push, call */
    PUT(va, "\x5f\x5c\x0f\x01\xf8");            /* pop, pop, swapgs */
    vm->sysretq = va;
    PUT(va, "\x48\x0f\x07\xcc");
    PUT(va, "\x48\x0f\xc3\x07\x48\xcf");        /* movnti; the wrong iretq */
    PUT(va, "\x0f\x01\xf8\xf6\x44\x24\x20\x04\x75\x02");    /* SS test, jnz */
    vm->iretq = va;
    PUT(va, "\x48\xcf");
    va = UD_HANDLER;
    PUT(va, "\xf3\x0f\x1e\xfa\x0f\x01\xca\xfc\x6a\xff");
    va = CSTAR;
    PUT(va, "\xf3\x0f\x1e\xfa\x0f\x01\xf8\x89\xe4\x5c\x0f\x01\xf8");
    vm->sysretl = va;
    PUT(va, "\x0f\x07");
}

/* --- Host operations ----------------------------------------------------- */

static void *map_page(void *opaque, uint64_t gpa, bool write)
{
    FakeVM *vm = opaque;

    g_assert_cmpuint(gpa & 4095, ==, 0);
    vm->n_map++;
    if (write && vm->rom && gpa == vm->rom) {
        return NULL;
    }
    return vm->hole && gpa == vm->hole ? NULL : fake_phys(vm, gpa);
}

static void page_written(void *opaque, uint64_t gpa, size_t len)
{
    FakeVM *vm = opaque;

    g_assert_cmpuint((gpa & 4095) + len, <=, 4096);
    g_assert_nonnull(fake_phys(vm, gpa));
    vm->n_written++;
    vm->written_gpa = gpa;
    vm->written_len = len;
}

static void get_sregs(void *opaque, FrailSregs *sregs)
{
    FakeCPU *c = opaque;

    c->n_sregs++;
    *sregs = c->sregs;
    sregs->cr3 = c->cr3;
    sregs->cs = c->cs;
    sregs->ss = c->ss;
}

static uint64_t *msr_of(FakeCPU *c, uint32_t msr)
{
    switch (msr) {
    case FRAIL_MSR_EFER:
        return &c->efer;
    case FRAIL_MSR_STAR:
        return &c->star;
    case FRAIL_MSR_LSTAR:
        return &c->lstar;
    case FRAIL_MSR_CSTAR:
        return &c->cstar;
    case FRAIL_MSR_SFMASK:
        return &c->sfmask;
    case FRAIL_MSR_KERNEL_GS_BASE:
        return &c->gs_base;
    default:
        return NULL;
    }
}

static int get_msr(void *opaque, uint32_t msr, uint64_t *value)
{
    FakeCPU *c = opaque;

    c->n_get++;
    if (!msr_of(c, msr) || msr == c->fail_get) {
        return -EIO;
    }
    *value = *msr_of(c, msr);
    return 0;
}

static int set_msr(void *opaque, uint32_t msr, uint64_t value)
{
    FakeCPU *c = opaque;

    c->n_set++;
    if (!msr_of(c, msr) || msr == c->fail_set) {
        return -EIO;
    }
    if ((msr == FRAIL_MSR_LSTAR || msr == FRAIL_MSR_CSTAR) &&
        !frail_canonical(value, c->vm->opts.la57)) {
        return -EINVAL;
    }
    *msr_of(c, msr) = value;
    return 0;
}

static int set_breakpoints(void *opaque, const uint64_t addr[4], unsigned mask)
{
    FakeCPU *c = opaque;

    c->n_breaks++;
    if (c->fail_breaks) {
        return -EBUSY;
    }
    memcpy(c->bp, addr, sizeof(c->bp));
    c->bp_mask = mask;
    return 0;
}

static bool nmi_pending(void *opaque)
{
    return ((FakeCPU *)opaque)->nmi;
}

static void state_changed(void *opaque, bool armed, FrailDisarmReason why)
{
    FakeCPU *c = opaque;

    c->n_state++;
    c->armed = armed;
    c->why = why;
}

static void event_pending(void *opaque)
{
    FakeVM *vm = opaque;

    __atomic_add_fetch(&vm->n_pending, 1, __ATOMIC_RELAXED);
}

static void pause_machine(void *opaque, void *vcpu)
{
    FakeVM *vm = opaque;

    vm->n_pause++;
    vm->paused = vcpu;
}

const FrailHostOps fake_ops = {
    .sz = sizeof(FrailHostOps),
    .map_page = map_page,
    .page_written = page_written,
    .get_sregs = get_sregs,
    .get_msr = get_msr,
    .set_msr = set_msr,
    .set_breakpoints = set_breakpoints,
    .nmi_pending = nmi_pending,
    .state_changed = state_changed,
    .event_pending = event_pending,
    .pause = pause_machine,
};

/* --- The machine --------------------------------------------------------- */

static void new_cpu(FakeVM *vm, unsigned i)
{
    FakeCPU *c = &vm->cpu[i];

    map_new(vm, CPU_AREA(i), 2, true);
    map_new(vm, PERCPU(i) + 0x1000, 1, false);
    fake_put64(vm, CPU_AREA(i) + 0x1000 + 4, CPU_AREA(i) + 0x1000);
    c->vm = vm;
    c->index = i;
    c->sregs = (FrailSregs) {
        .cr0 = CR0_PG | 1,
        .cr4 = vm->opts.la57 ? CR4_LA57 : 0,
        .idt_base = ENTRY_AREA,
        .idt_limit = 4095,
        .tr_base = CPU_AREA(i) + 0x1000,
        .tr_limit = 0x206f,
    };
    c->efer = EFER_LME | EFER_LMA | EFER_NXE;
    c->gs_base = PERCPU(i);
    c->cs = KERNEL_CS;
    c->kernel_gs = true;
    c->cr3 = fake_kernel_cr3(vm, vm->root);
    c->r.rflags = RFLAGS_FIXED;
    c->frail = frail_vcpu_new(vm->frail, c, i, EFER_VALID,
                                  !vm->opts.intel);
    vm->boot_task[i].top = STACK_TOP(i);
    fake_switch(c, &vm->boot_task[i]);
}

FakeVM *fake_new(FakeOptions opts)
{
    FakeVM *vm = g_new0(FakeVM, 1);
    FrailVMOptions o = {
        .sz = sizeof(o),
        .trap = opts.trap,
        .exact = !opts.inexact,
    };
    const char *err = NULL;

    vm->opts = opts;
    vm->ram = aligned_alloc(4096, FAKE_RAM);
    vm->high = aligned_alloc(4096, FAKE_HIGH_SIZE);
    memset(vm->ram, 0, FAKE_RAM);
    memset(vm->high, 0, FAKE_HIGH_SIZE);
    vm->next = 0x10000;
    vm->log = g_array_new(FALSE, TRUE, sizeof(FakeEvent));
    vm->verdict_nr = -1;
    vm->root = fake_new_root(vm);
    map_new(vm, USER_TEXT, 2, true);
    map_new(vm, USER_STACK, 4, true);
    map_new(vm, ENTRY_TEXT, 6, true);
    map_new(vm, ENTRY_AREA, 1, true);
    fake_entry_text(vm);
    fake_put_gate(vm, UD_HANDLER, 0x8e, 0, KERNEL_CS);
    vm->frail = frail_vm_new(&fake_ops, vm, &o, &err);
    g_assert_cmpstr(err, ==, NULL);
    for (unsigned i = 0; i < MAX(opts.cpus, 1); i++) {
        new_cpu(vm, i);
    }
    return vm;
}

void fake_free(FakeVM *vm)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(vm->cpu); i++) {
        frail_vcpu_free(vm->cpu[i].frail);
    }
    frail_plugin_bind(NULL);
    frail_vm_free(vm->frail);
    free(vm->ram);
    free(vm->high);
    g_array_free(vm->log, TRUE);
    g_free(vm);
}

/* --- An analyzer --------------------------------------------------------- */

static void record(FakeVM *vm, const FrailCall *call, bool is_return)
{
    FakeEvent e = {
        .is_return = is_return,
        .restarts = frail_call_restarts(call),
        .killed = frail_call_killed(call),
        .abi = frail_call_abi(call),
        .vcpu = frail_call_vcpu(call),
        .refused = frail_call_refused(call),
        .nr = frail_call_number(call),
        .duration = frail_call_duration_ns(call),
        .seq = frail_call_sequence(call),
        .task = frail_call_task(call),
        .rip = frail_call_user_rip(call),
        .rsp = frail_call_user_rsp(call),
        .cr3 = frail_call_cr3(call),
    };

    e.has_result = !frail_call_result(call, &e.result);
    for (unsigned i = 0; i < 6; i++) {
        e.args[i] = frail_call_arg(call, i);
    }
    g_array_append_val(vm->log, e);
}

static int on_call(const FrailCall *call, void *opaque)
{
    FakeVM *vm = opaque;

    record(vm, call, false);
    return vm->verdict_nr < 0 || vm->verdict_nr == frail_call_number(call) ?
        vm->verdict : FRAIL_CONTINUE;
}

static void on_return(const FrailCall *call, void *opaque)
{
    record(opaque, call, true);
}

FrailAnalyzer *fake_listen(FakeVM *vm, const char *filter, bool returns)
{
    FrailAnalyzerOptions o = {
        .sz = sizeof(o),
        .name = "fake",
        .on_call = on_call,
        .on_return = returns ? on_return : NULL,
        .opaque = vm,
        .filter = filter,
    };
    const char *err = NULL;
    FrailAnalyzer *a;

    frail_plugin_bind(vm->frail);
    a = frail_analyzer_register(&o, &err);
    frail_plugin_bind(NULL);
    g_assert_cmpstr(err, ==, NULL);
    g_assert_nonnull(a);
    return a;
}

const FakeEvent *fake_event(FakeVM *vm, unsigned i)
{
    g_assert_cmpuint(i, <, vm->log->len);
    return &g_array_index(vm->log, FakeEvent, i);
}
