/*
 * The made-up processor: what hardware and KVM do at a system call, and the
 * little that the guest's kernel must do around it.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fake-vmm.h"

#define STEPS_MAX   200
#define GO_ON       ((FakeStop)-1)

static unsigned cpl(const FakeCPU *c)
{
    return c->cs & 3;
}

static bool wide(const FakeCPU *c)
{
    return c->cs != USER_CS32;
}

static bool put_frame(FakeCPU *c, uint64_t rsp, const IretFrame *f)
{
    const uint64_t w[5] = { f->rip, f->cs, f->rflags, f->rsp, f->ss };

    for (int i = 0; i < 5; i++) {
        uint64_t *p = fake_ptr(c->vm, c->cr3, rsp + 8 * i);

        if (!p) {
            return false;
        }
        memcpy(p, &w[i], 8);
    }
    return true;
}

/* #UD with KVM's RF in the frame (SDM vol. 3, 6.14.2). */
static FakeStop raise_ud(FakeCPU *c)
{
    IretFrame f = { c->r.rip, c->cs, c->r.rflags | RFLAGS_RF, c->r.rsp, c->ss };
    const uint16_t *gate = fake_ptr(c->vm, c->cr3, c->sregs.idt_base + 96);
    uint64_t rsp = c->r.rsp;

    g_assert_nonnull(gate);
    if (cpl(c) == 3) {
        const void *p = fake_ptr(c->vm, c->cr3, c->sregs.tr_base + 4);

        g_assert_nonnull(p);
        memcpy(&rsp, p, 8);
        g_assert_false(c->kernel_gs);
    }
    rsp = (rsp & ~15ull) - sizeof(f);
    if (!put_frame(c, rsp, &f)) {
        return FAKE_DEAD;
    }
    c->r.rip = gate[0] | (uint64_t)gate[3] << 16 | (uint64_t)gate[4] << 32 |
        (uint64_t)gate[5] << 48;
    c->r.rsp = rsp;
    c->r.rflags &= ~(RFLAGS_TF | RFLAGS_RF | RFLAGS_NT | RFLAGS_IF);
    c->cs = gate[1];
    c->ss = cpl(c) == 0 ? 0 : c->ss;
    if (c->skip_ud_break) {
        c->skip_ud_break = false;
        c->r.rflags |= RFLAGS_RF;
    }
    if (c->after_ud) {
        c->after_ud(c);
    }
    return GO_ON;
}

static FakeStop do_syscall(FakeCPU *c, unsigned len)
{
    bool w = wide(c);

    if (!(c->efer & EFER_SCE) || (!w && c->vm->opts.intel)) {
        return raise_ud(c);
    }
    c->r.rcx = c->r.rip + len;
    c->r.r11 = c->r.rflags & ~RFLAGS_RF;
    c->r.rip = w ? c->lstar : c->cstar;
    c->r.rflags = (c->r.rflags & ~(c->sfmask | RFLAGS_RF)) | RFLAGS_FIXED;
    c->cs = c->star >> 32 & 0xfffc;
    c->ss = c->cs + 8;
    return GO_ON;
}

static FakeStop do_sysret(FakeCPU *c, bool w)
{
    if (cpl(c) != 0) {
        return FAKE_GP;
    }
    if (!(c->efer & EFER_SCE)) {
        return FAKE_DEAD;
    }
    c->r.rip = w ? c->r.rcx : (uint32_t)c->r.rcx;
    c->r.rflags = (c->r.r11 & RFLAGS_SYSRET) | RFLAGS_FIXED;
    c->cs = star_user_cs(c->star, w);
    c->ss = star_user_ss(c->star);
    g_assert_false(c->kernel_gs);
    return FAKE_USER;
}

static FakeStop do_iret(FakeCPU *c)
{
    uint64_t w[5];

    if (cpl(c) != 0 || (c->r.rflags & RFLAGS_NT)) {
        return FAKE_GP;
    }
    for (int i = 0; i < 5; i++) {
        void *p = fake_ptr(c->vm, c->cr3, c->r.rsp + 8 * i);

        if (!p) {
            return FAKE_PF;
        }
        memcpy(&w[i], p, 8);
    }
    if (!frail_canonical(w[0], c->vm->opts.la57) || (w[1] & 3) != (w[4] & 3)) {
        return FAKE_GP;
    }
    c->r.rip = w[0];
    c->cs = w[1] & 0xffff;
    c->r.rflags = w[2];
    c->r.rsp = w[3];
    c->ss = w[4] & 0xffff;
    if (cpl(c) == 3) {
        g_assert_false(c->kernel_gs);
        return FAKE_USER;
    }
    return GO_ON;
}

static bool is_prefix(const FakeCPU *c, uint8_t b)
{
    static const uint8_t list[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66,
                                    0x67, 0xf0, 0xf2, 0xf3 };

    return memchr(list, b, sizeof(list)) || (wide(c) && (b & 0xf0) == 0x40);
}

static FakeStop execute(FakeCPU *c)
{
    uint8_t b[15];
    unsigned n = 0, i = 0;
    bool lock = false;

    if (cpl(c) == 0 && c->r.rip == c->lstar && c->lstar) {
        c->r.rflags &= ~RFLAGS_RF;
        return FAKE_ENTERED;
    }
    if (cpl(c) == 0 && c->r.rip == c->cstar && c->cstar) {
        c->r.rflags &= ~RFLAGS_RF;
        return FAKE_ENTERED32;
    }
    if (cpl(c) == 0 && c->r.rip == UD_HANDLER + 4) {
        return FAKE_UD;
    }
    while (n < sizeof(b)) {
        const uint8_t *p = fake_ptr(c->vm, c->cr3, c->r.rip + n);

        if (!p) {
            break;
        }
        b[n++] = *p;
    }
    while (i < n && is_prefix(c, b[i])) {
        lock |= b[i++] == 0xf0;
    }
    if (i + 1 >= n) {
        return n == sizeof(b) ? FAKE_GP : FAKE_PF;
    }
    if (cpl(c) == 0 && !memcmp(b, "\xf3\x0f\x1e\xfa", 4)) {
        c->r.rip += 4;
        c->r.rflags &= ~RFLAGS_RF;
        return GO_ON;
    }
    if (b[i] == 0x0f && b[i + 1] == 0x05) {
        return lock ? raise_ud(c) : do_syscall(c, i + 2);
    }
    if (b[i] == 0x0f && b[i + 1] == 0x0b) {
        return raise_ud(c);
    }
    if (b[i] == 0x0f && b[i + 1] == 0x07) {
        return do_sysret(c, i > 0 && (b[i - 1] & 0xf8) == 0x48);
    }
    if (b[i] == 0xcf && i > 0 && b[i - 1] == 0x48) {
        return do_iret(c);
    }
    return FAKE_LOST;
}

FakeStop fake_run(FakeCPU *c)
{
    for (unsigned step = 0; step < STEPS_MAX; step++) {
        unsigned hit = 0;
        FakeStop stop;

        for (unsigned i = 0; i < 4; i++) {
            if ((c->bp_mask >> i & 1) && c->bp[i] == c->r.rip) {
                hit |= 1u << i;
            }
        }
        if (hit && !(c->r.rflags & RFLAGS_RF)) {
            FrailRegs r = c->r;
            FrailDebugResult res = frail_vcpu_debug(c->frail, c->r.rip, hit,
                                                    &r);

            c->exits++;
            if (res != FRAIL_DEBUG_REGS) {
                g_assert_cmpmem(&r, sizeof(r), &c->r, sizeof(r));
            }
            if (res == FRAIL_DEBUG_FOREIGN) {
                return FAKE_DB;
            }
            c->r = r;
            continue;
        }
        stop = execute(c);
        if (stop == FAKE_ENTERED || stop == FAKE_ENTERED32) {
            /* pt_regs */
            c->task->saved = c->r;
            c->task->saved.rip = c->r.rcx;
            c->task->saved.rflags = c->r.r11;
            c->task->cs = stop == FAKE_ENTERED ? USER_CS : USER_CS32;
            c->task->ss = USER_SS;
            c->kernel_gs = true;
            c->cr3 &= ~(c->vm->opts.kpti ? 0x1800ull : 0);
        }
        if (stop != GO_ON) {
            return stop;
        }
    }
    return FAKE_STUCK;
}

/* --- The guest's kernel -------------------------------------------------- */

void fake_boot(FakeCPU *c)
{
    static const struct {
        uint32_t msr;
        uint64_t value;
    } list[] = {
        { FRAIL_MSR_EFER, EFER_LME | EFER_LMA | EFER_NXE | EFER_SCE },
        { FRAIL_MSR_STAR, STAR_LINUX },
        { FRAIL_MSR_LSTAR, LSTAR },
        { FRAIL_MSR_CSTAR, CSTAR },
        { FRAIL_MSR_SFMASK, SFMASK_LINUX },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(list); i++) {
        g_assert_cmpint(frail_vcpu_wrmsr(c->frail, list[i].msr,
                                         list[i].value), ==, 0);
    }
}

void fake_switch(FakeCPU *c, FakeTask *task)
{
    c->task = task;
    fake_put64(c->vm, PERCPU(c->index) + STACK_SLOT, task->top);
}

void fake_user(FakeCPU *c, uint64_t rip, uint64_t nr)
{
    uint64_t *r = &c->r.rax;

    for (unsigned i = 0; i < 16; i++) {
        r[i] = 0x1111000000000000ull + i * 0x0101010101ull;
    }
    c->r.rax = nr;
    c->r.rsp = USER_RSP;
    c->r.rip = rip;
    c->r.rflags = RFLAGS_FIXED | RFLAGS_IF | 0x8d5;     /* and arithmetic */
    c->cs = USER_CS;
    c->ss = USER_SS;
    c->kernel_gs = false;
    if (c->vm->opts.kpti) {
        c->cr3 |= 0x1800;
    }
}

void fake_code(FakeCPU *c, uint64_t va, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        *(char *)fake_kernel_ptr(c->vm, va + i) = bytes[i];
    }
}

FakeStop fake_call(FakeCPU *c, uint64_t nr)
{
    fake_code(c, USER_TEXT, "\x0f\x05", 2);
    fake_user(c, USER_TEXT, nr);
    return fake_run(c);
}

static void restore(FakeCPU *c, uint64_t rax)
{
    c->r = c->task->saved;
    c->r.rax = rax;
    c->task->saved.rax = rax;
    c->cs = KERNEL_CS;
    c->ss = 0x18;
    c->kernel_gs = false;               /* SWAPGS is just behind us */
    if (c->vm->opts.kpti) {
        c->cr3 |= 0x1800;
    }
}

FakeStop fake_leave_sysret(FakeCPU *c, uint64_t rax)
{
    restore(c, rax);
    c->r.rcx = c->r.rip;
    c->r.r11 = c->r.rflags;
    c->r.rip = c->vm->sysretq;
    c->r.rflags = RFLAGS_FIXED;
    return fake_run(c);
}

FakeStop fake_leave_sysretl(FakeCPU *c, uint64_t rax)
{
    restore(c, rax);
    c->r.rcx = c->r.rip;
    c->r.r11 = c->r.rflags;
    c->r.rip = c->vm->sysretl;
    c->r.rflags = RFLAGS_FIXED;
    return fake_run(c);
}

FakeStop fake_leave_iret(FakeCPU *c, uint64_t rax)
{
    IretFrame f;
    uint64_t rsp = CPU_AREA(c->index) + 0x1000 - sizeof(f);

    restore(c, rax);
    f = (IretFrame) { c->r.rip, c->task->cs, c->r.rflags, c->r.rsp,
                      c->task->ss };
    g_assert_true(put_frame(c, rsp, &f));
    c->r.rsp = rsp;
    c->r.rip = c->vm->iretq;
    c->r.rflags = RFLAGS_FIXED;
    return fake_run(c);
}

/* do_syscall_64(): by SYSRET when it restores everything. */
FakeStop fake_leave(FakeCPU *c, uint64_t rax)
{
    const FrailRegs *s = &c->task->saved;

    if (s->rcx == s->rip && s->r11 == s->rflags &&
        !(s->rflags & (RFLAGS_RF | RFLAGS_TF))) {
        return c->task->cs == USER_CS ? fake_leave_sysret(c, rax) :
            fake_leave_sysretl(c, rax);
    }
    return fake_leave_iret(c, rax);
}

FrailStats fake_stats(FakeCPU *c)
{
    FrailStats s = { .sz = sizeof(s) };

    frail_vcpu_stats(c->frail, &s);
    g_assert_cmpuint(s.sz, ==, sizeof(s));
    return s;
}

void fake_arm(FakeCPU *c)
{
    fake_boot(c);
    g_assert_cmpint(fake_call(c, 39), ==, FAKE_ENTERED);
    g_assert_true(fake_stats(c).armed);
    g_assert_cmpint(fake_leave(c, 1), ==, FAKE_USER);
    g_array_set_size(c->vm->log, 0);
    c->exits = c->n_sregs = c->n_get = c->n_set = c->n_breaks = 0;
}
