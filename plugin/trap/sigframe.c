/*
 * The frames that Linux makes on the user's stack for the handlers of signals.
 * All of this is user ABI: it does not change from kernel to kernel.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include <glib.h>

#include "trap/abi.h"
#include "trap/sigframe.h"

#define SIGNALS         64
#define FRAME_MAX       440
#define NR_I386_SIGRETURN   119

/*
 * Offsets from the handler's stack pointer;
 * arch/x86/include/uapi/asm/{sigcontext,ucontext}.h and
 * arch/x86/include/asm/sigframe.h (5.10 to 7.x).
 */
typedef struct SigLayout {
    uint8_t abi, width;
    uint16_t rax, rsp, rip;             /* what was interrupted */
    uint16_t rdi, rsi, rdx, rcx;
    uint16_t info, uc;                  /* 0: sigframe_ia32 has none */
    uint16_t len;                       /* up to the end of what is told */
} SigLayout;

static const SigLayout layouts[] = {
    /* rt_sigframe */
    { CALL_ABI_X86_64, 8, 152, 168, 176, 112, 120, 144, 160, 312, 8, 440 },
    /* rt_sigframe_x32 */
    { CALL_ABI_X32, 8, 136, 152, 160, 96, 104, 128, 144, 296, 8, 424 },
    /* rt_sigframe_ia32 */
    { CALL_ABI_I386, 4, 208, 192, 220, 180, 184, 200, 204, 16, 144, 252 },
    /* sigframe_ia32 */
    { CALL_ABI_I386, 4, 52, 36, 64, 24, 28, 44, 48, 0, 0, 96 },
};

/* --- Where a call's result is -------------------------------------------- */

static bool read_word(FrailMem *mem, FrailSpace space, uint64_t va,
                      unsigned width, uint64_t *value)
{
    *value = 0;         /* the CPU is little-endian, and so are we */
    return frail_mem_read(mem, space, va, value, width) == width;
}

static bool follow_frames(FrailMem *mem, FrailSpace space, FrailCall *call,
                          uint64_t rsp, const SigLayout *l)
{
    for (unsigned i = 0; i < SIGFRAMES_MAX; i++) {
        uint64_t rax, rip;

        if (!read_word(mem, space, rsp + l->rip, l->width, &rip) ||
            !read_word(mem, space, rsp + l->rax, l->width, &rax)) {
            return false;
        }
        if (rip == call->user_rip) {
            abi_take_result(call, rax);
            return true;
        }
        if (rip == call->user_rip - ABI_RESTART_BACK) {
            call->restarts = true;
            return true;
        }
        if (!read_word(mem, space, rsp + l->rsp, l->width, &rsp)) {
            return false;
        }
    }
    return false;
}

bool sigframe_ends_call(FrailMem *mem, FrailSpace space, FrailCall *call,
                        uint64_t rsp)
{
    if (!call->user_rip) {
        return false;
    }
    /*
     * The frame is of the ABI that the handler was set with, which is nearly
     * always the call's own: first those, then the others.
     */
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(layouts); i++) {
        bool own = i < G_N_ELEMENTS(layouts);
        const SigLayout *l = &layouts[i % G_N_ELEMENTS(layouts)];

        if ((l->abi == call->abi) == own &&
            follow_frames(mem, space, call, rsp, l)) {
            return true;
        }
    }
    return false;
}

/* --- Handlers that are about to start ------------------------------------ */

/* The registers that say so, of the CPU or of a frame. */
typedef struct Entry {
    uint64_t rip, rsp, rax, rdi, rsi, rdx, rcx;
} Entry;

/*
 * __setup_rt_frame(), ia32_setup_rt_frame() and ia32_setup_frame() in
 * arch/x86/kernel/signal*.c and, before 6.2, arch/x86/ia32/ia32_signal.c: the
 * signal's number and the addresses in its frame are the handler's arguments.
 */
static bool fits(const Entry *e, const SigLayout *l, int32_t *sig)
{
    uint64_t number = l->abi == CALL_ABI_I386 ? e->rax : e->rdi;

    if (number < 1 || number > SIGNALS) {
        return false;
    }
    *sig = number;
    if (l->abi != CALL_ABI_I386) {
        return !e->rax && e->rsi == e->rsp + l->info &&
               e->rdx == e->rsp + l->uc;
    }
    if (!l->info) {
        return !e->rdx && !e->rcx;
    }
    return e->rdx == (uint32_t)(e->rsp + l->info) &&
           e->rcx == (uint32_t)(e->rsp + l->uc);
}

static const SigLayout *layout_of(const Entry *e, int32_t *sig)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(layouts); i++) {
        if (fits(e, &layouts[i], sig)) {
            return &layouts[i];
        }
    }
    return NULL;
}

static Entry entry_of(const FrailRegs *r)
{
    return (Entry) {
        .rip = r->rip, .rsp = r->rsp, .rax = r->rax, .rdi = r->rdi,
        .rsi = r->rsi, .rdx = r->rdx, .rcx = r->rcx,
    };
}

bool sigframe_is_entry(const FrailRegs *user)
{
    Entry e = entry_of(user);
    int32_t sig;

    return layout_of(&e, &sig);
}

static uint64_t word_at(const uint8_t *frame, const SigLayout *l,
                        unsigned offset)
{
    uint64_t value = 0;

    memcpy(&value, frame + offset, l->width);
    return value;
}

/* FNV-1a, 64 bits. */
static uint64_t mix(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *p = data;

    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* What a frame in @bytes goes back to. */
static Entry saved_in(const uint8_t *bytes, const SigLayout *l)
{
    return (Entry) {
        .rip = word_at(bytes, l, l->rip),
        .rsp = word_at(bytes, l, l->rsp),
        .rax = word_at(bytes, l, l->rax),
        .rdi = word_at(bytes, l, l->rdi),
        .rsi = word_at(bytes, l, l->rsi),
        .rdx = word_at(bytes, l, l->rdx),
        .rcx = word_at(bytes, l, l->rcx),
    };
}

/*
 * The frame of the handler that starts with *@e, which becomes what it goes
 * back to.  False: there is none.
 */
static bool read_frame(FrailMem *mem, FrailSpace space, Entry *e, SigFrame *f)
{
    const SigLayout *l = layout_of(e, &f->sig);
    uint8_t frame[FRAME_MAX];
    uint64_t mark = UINT64_C(0xcbf29ce484222325);
    uint32_t number;

    if (!l || frail_mem_read(mem, space, e->rsp, frame, l->len) != l->len) {
        return false;
    }
    if (l->abi == CALL_ABI_I386) {
        memcpy(&number, frame + 4, sizeof(number));
        if (number != (uint32_t)f->sig) {
            return false;
        }
    }
    mark = mix(mark, e, sizeof(*e));
    f->mark = mix(mark, frame, l->len) | 1;
    f->at = e->rsp;
    f->handler = e->rip;
    f->info = l->info ? e->rsp + l->info : 0;
    f->abi = l->abi;
    f->always_info = l->abi == CALL_ABI_I386 && l->info;
    *e = saved_in(frame, l);
    return true;
}

uint64_t sigframe_returns_to(FrailMem *mem, FrailSpace space,
                             const FrailCall *call)
{
    bool plain = call->abi == CALL_ABI_I386 && call->nr == NR_I386_SIGRETURN;
    uint8_t bytes[FRAME_MAX];
    SigFrame f;
    Entry e;

    for (unsigned i = 0; i < G_N_ELEMENTS(layouts); i++) {
        const SigLayout *l = &layouts[i];
        /* The handler's RET has taken its first word, i386's restorer two. */
        unsigned taken = l->info ? l->width : 2 * l->width;

        if (l->abi == call->abi && plain == !l->info) {
            if (frail_mem_read(mem, space, call->user_rsp - taken, bytes,
                               l->len) != l->len) {
                return 0;
            }
            e = saved_in(bytes, l);
            return read_frame(mem, space, &e, &f) ? f.mark : 0;
        }
    }
    return 0;
}

unsigned sigframe_walk(FrailMem *mem, FrailSpace space, const FrailRegs *user,
                       uint64_t known, SigFrame list[SIGFRAMES_MAX])
{
    Entry e = entry_of(user);
    unsigned n = 0;

    while (n < SIGFRAMES_MAX && read_frame(mem, space, &e, &list[n]) &&
           list[n].mark != known) {
        n++;
    }
    return n;
}
