/*
 * What the records of frail-test's guest must say
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "frail-helpers.h"

/* --- Equality ----------------------------------------------------------- */

/*
 * What may differ from the untraced guest, and nothing else.
 *
 * SS at the kernel's entry: SYSCALL loads the kernel's, the exception that
 * sce makes of it leaves a null selector, as every interrupt from user mode
 * does.  64-bit code does not use it.
 *
 * frail-exact=off only: RF in R11, until R11 is used again.
 *
 * RF at the end of user mode: an emulated CPU forgets to clear it behind an
 * instruction, depending on where it cuts its translation blocks.
 */
static uint64_t comparable(const Mode *m, const uint64_t *rec, unsigned word)
{
    bool sce = m->trap == TRAP_SCE || m->trap == TRAP_SCE_INEXACT;

    if (rec[R_TAG] == RECORD_VALUE) {
        return word == R_TAG || word == R_RAX ? rec[word] : 0;
    }
    if (sce && rec[R_TAG] == RECORD_ENTRY && word == R_SS) {
        return 0;
    }
    if (rec[R_TAG] == RECORD_USER && word == R_RFLAGS) {
        return rec[word] & ~(uint64_t)FLAG_RF;
    }
    if (m->trap == TRAP_SCE_INEXACT && word == R_R11) {
        return rec[word] & ~(uint64_t)FLAG_RF;
    }
    return rec[word];
}

static const char *word_name(unsigned word)
{
    static const char *const names[R_WORDS] = {
        "tag", "CR2", "RAX", "RBX", "RCX", "RDX", "RSI", "RDI", "RBP", "-",
        "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15", "vector",
        "error code", "RIP", "CS", "RFLAGS", "RSP", "SS",
    };

    return names[word];
}

void compare(const Mode *m, const Case *c, const Result *off,
                    const Result *on)
{
    unsigned different = 0;

    for (unsigned i = 0; i < MIN(off->records, on->records); i++) {
        for (unsigned word = 0; word < R_WORDS; word++) {
            uint64_t a = comparable(m, off->record[i], word);
            uint64_t b = comparable(m, on->record[i], word);

            if (a != b) {
                different++;
                g_test_message("%s: record %u, %s: 0x%" PRIx64
                               " untraced, 0x%" PRIx64 " traced", c->name, i,
                               word_name(word), a, b);
            }
        }
    }
    g_assert_cmpuint(off->records, ==, on->records);
    g_assert_cmpuint(different, ==, 0);
    g_assert_cmpuint(off->calls, ==, on->calls);
    g_assert_cmpuint(off->exceptions, ==, on->exceptions);
}

/* --- Absolute expectations, of traced and untraced guests alike ---------- */

static const Result *result_of(const Battery *b, const char *name)
{
    for (unsigned i = 0; i < cases->len; i++) {
        if (!strcmp(g_array_index(cases, Case, i).name, name)) {
            return b->result[i];
        }
    }
    g_assert_not_reached();
}

/*
 * Good: SYSCALL enters at LSTAR with RCX = the next RIP, R11 = RFLAGS, flags
 * cleared by SFMASK; SYSRET brings everything back.
 * Bad: any other register changed on the way in or out.
 */
void check_call(const Result *r, uint64_t rflags)
{
    const uint64_t *in = r->record[0], *out = r->record[1];

    g_assert_cmpuint(r->records, ==, 2);
    g_assert_cmpuint(in[R_TAG], ==, RECORD_ENTRY);
    g_assert_cmpuint(out[R_TAG], ==, RECORD_USER);
    g_assert_cmphex(in[R_RIP], ==, SYM_entry64);
    g_assert_cmphex(in[R_CS], ==, KERNEL_CS);
    g_assert_cmphex(in[R_RCX], ==, USER_AT(user_call) + SYSCALL_LEN);
    g_assert_cmphex(in[R_R11] & ~(uint64_t)FLAG_RF, ==, rflags);
    g_assert_cmphex(in[R_RFLAGS], ==, (rflags & ~SFMASK_VALUE) | FLAG_FIXED);
    g_assert_cmphex(in[R_RSP], ==, USER_STACK);
    g_assert_cmphex(out[R_RCX], ==, in[R_RCX]);
    g_assert_cmphex(out[R_R11], ==, in[R_R11]);
    g_assert_cmphex(out[R_RFLAGS] & ~(uint64_t)FLAG_RF, ==, rflags);
    g_assert_cmphex(out[R_RSP], ==, USER_STACK);
    g_assert_cmphex(out[R_CS], ==, USER_CS);
    g_assert_cmphex(out[R_SS], ==, USER_SS);
    g_assert_cmphex(out[R_RAX], ==, in[R_RAX] + RESULT_ADD);
    for (unsigned word = R_RBX; word <= R_R15; word++) {
        if (word != R_RCX && word != R_R11 && word != 9) {
            g_assert_cmphex(in[word], ==, start_value(word));
            g_assert_cmphex(out[word], ==, start_value(word));
        }
    }
}

/*
 * Good: RDMSR shows SCE as the guest wrote it, on or off.
 * Bad: the guest sees the SCE that the tracer took away, or a write that
 * should raise #GP changes EFER.
 *
 * TCG is not @strict: it drops what it does not know, and raises no #GP.
 */
static void check_efer(const Battery *b, bool strict)
{
    const Result *r = result_of(b, "msrs");
    const uint64_t (*rec)[RECORD_SIZE / 8] = (void *)r->record;
    unsigned values = 0;
    uint64_t efer;

    g_assert_cmpuint(r->records, ==, 5);
    efer = rec[0][R_RAX];
    g_assert_cmphex(efer & 0xd01, ==, 0x501);   /* LMA, LME, SCE; no NXE */
    g_assert_cmphex(rec[1][R_RAX], ==, STAR_VALUE);
    g_assert_cmphex(rec[2][R_RAX], ==, SYM_entry64);
    g_assert_cmphex(rec[3][R_RAX], ==, SYM_entry32);
    g_assert_cmphex(rec[4][R_RAX], ==, SFMASK_VALUE);

    r = result_of(b, "efer");
    rec = (void *)r->record;
    /* One value before, one after each of nine writes, one restored */
    for (unsigned i = 0; i + 2 < r->records; i++) {
        if (rec[i][R_TAG] == RECORD_EXCEPTION) {
            g_assert_cmpuint(rec[i][R_VECTOR], ==, 13);
            g_assert_cmpuint(rec[i][R_ERROR], ==, 0);
            g_assert_cmphex(rec[i][R_CS], ==, KERNEL_CS);
        } else {
            /* The first write alone takes SCE away. */
            if (strict || values < 3) {
                g_assert_cmphex(rec[i][R_RAX], ==,
                                values == 1 ? efer & ~EFER_SCE : efer);
            }
            values++;
        }
    }
    g_assert_cmpuint(values, ==, 11);
    g_assert_cmpuint(rec[r->records - 2][R_TAG], ==, RECORD_ENTRY);
    g_assert_cmpuint(rec[r->records - 1][R_TAG], ==, RECORD_USER);
    if (strict) {
        g_assert_cmpuint(r->exceptions, ==, 5);
    }
}

static void check_exception(const uint64_t *rec, unsigned vector, uint64_t rip,
                            uint64_t cs)
{
    g_assert_cmpuint(rec[R_TAG], ==, RECORD_EXCEPTION);
    g_assert_cmpuint(rec[R_VECTOR], ==, vector);
    if (rip) {
        g_assert_cmphex(rec[R_RIP], ==, rip);
    }
    g_assert_cmphex(rec[R_CS], ==, cs);
}

/*
 * Good: an invalid opcode is the guest's own, in user and in kernel mode;
 * so is SYSCALL while the guest itself holds SCE at 0.
 * Bad: it is taken for a system call, or lost.
 */
static void check_invalid_opcodes(const Battery *b)
{
    const Result *r = result_of(b, "no-sce");

    g_assert_cmpuint(r->records, ==, 5);
    check_exception(r->record[0], 6, USER_AT(user_no_sce), USER_CS);
    check_exception(r->record[1], 6, USER_AT(user_no_sce), USER_CS);
    g_assert_cmphex(r->record[0][R_RSP], ==, USER_STACK);
    g_assert_cmphex(r->record[0][R_SS], ==, USER_SS);
    for (unsigned word = R_RAX; word <= R_R15; word++) {
        if (word != 9) {
            g_assert_cmphex(r->record[0][word], ==, start_value(word));
        }
    }
    g_assert_cmphex(r->record[2][R_RAX] & EFER_SCE, ==, 0);
    g_assert_cmpuint(r->record[3][R_TAG], ==, RECORD_ENTRY);

    r = result_of(b, "ud-user");
    g_assert_cmpuint(r->records, ==, 9);
    check_exception(r->record[2], 6, USER_AT(user_ud2), USER_CS);
    check_exception(r->record[3], 6, 0, USER_CS);
    check_exception(r->record[4], 6, 0, USER_CS);
    check_exception(r->record[5], 6, USER_AT(user_ud2), USER_CS);
    g_assert_cmpuint(r->record[6][R_TAG], ==, RECORD_USER);

    r = result_of(b, "ud-kernel");
    g_assert_cmpuint(r->records, ==, 6);
    check_exception(r->record[2], 6, 0, KERNEL_CS);
    check_exception(r->record[3], 6, 0, KERNEL_CS);
}

/*
 * Good: prefixes count into RCX; more than 15 bytes are #GP, LOCK is #UD.
 * Bad: RCX two bytes behind the first prefix, or a #UD for a legal SYSCALL.
 */
static void check_prefixes(const Battery *b)
{
    static const uint8_t length[PREFIXES] = {
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 6, 4, 15,
        /* the illegal ones */
        [17] = 0x80 | 13, [18] = 0x80 | 6, [19] = 0x80 | 6,
    };

    for (unsigned i = 0; i < PREFIXES; i++) {
        g_autofree char *name = g_strdup_printf("prefix-%u", i);
        const Result *r = result_of(b, name);
        uint64_t rip = USER_AT(user_prefix) + 32 * i;

        if (length[i] & 0x80) {
            g_assert_cmpuint(r->records, ==, 1);
            check_exception(r->record[0], length[i] & 0x7f, rip, USER_CS);
        } else {
            g_assert_cmpuint(r->records, ==, 2);
            g_assert_cmphex(r->record[0][R_RCX], ==, rip + length[i]);
            g_assert_cmphex(r->record[1][R_CS], ==, USER_CS);
        }
    }
}

/*
 * Good: SYSCALL across a page end works; one that ends where a page ends
 * works, and the page fault after it is the guest's; half of one before a
 * missing page is a page fault.
 * Bad: the missing page makes a #UD of a legal call, or hangs.
 */
static void check_edges(const Battery *b)
{
    const Result *r = result_of(b, "edge-0");

    g_assert_cmpuint(r->records, ==, 2);
    g_assert_cmphex(r->record[0][R_RCX], ==, EDGE_VA + 0x1001);
    r = result_of(b, "edge-1");
    g_assert_cmpuint(r->records, ==, 2);
    g_assert_cmphex(r->record[0][R_RCX], ==, EDGE_VA + 0x1001);

    r = result_of(b, "edge-2");
    g_assert_cmpuint(r->records, ==, 2);
    g_assert_cmphex(r->record[0][R_RCX], ==, HOLE_VA);
    check_exception(r->record[1], 14, HOLE_VA, USER_CS);
    g_assert_cmphex(r->record[1][R_CR2], ==, HOLE_VA);

    r = result_of(b, "edge-3");
    g_assert_cmpuint(r->records, ==, 1);
    check_exception(r->record[0], 14, HOLE_VA - 1, USER_CS);
    g_assert_cmphex(r->record[0][R_CR2], ==, HOLE_VA);
}

/*
 * Good: SYSRET brings whatever context the kernel chose, with or without a
 * call before it, to 64-bit and to 32-bit code.
 * Bad: the kernel dies at a SYSRET that nobody emulates, or user mode gets
 * the context of the call.
 */
static void check_returns(const Battery *b)
{
    static const char *const ways[] = {
        "sigreturn", "sigreturn-iret", "sigreturn-sysretq",
    };
    const uint64_t *out;
    const Result *r;

    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
        r = result_of(b, ways[i]);
        g_assert_cmpuint(r->records, ==, 2);
        out = r->record[1];
        /* behind the LEA and the NOP; INT 0x81 has two bytes */
        g_assert_cmphex(out[R_RIP], ==, USER_AT(user_elsewhere) + 7);
        g_assert_cmphex(out[R_RFLAGS], ==, 0x246);
        g_assert_cmphex(out[R_RSP], ==, USER_STACK - 0x100);
        g_assert_cmphex(out[R_RDI], ==, 0x518);
        g_assert_cmphex(out[R_RAX], ==, -4ull);
        g_assert_cmphex(out[R_R12], ==, start_value(R_R12));
    }

    r = result_of(b, "first-return");
    g_assert_cmpuint(r->records, ==, 5);
    out = r->record[2];
    g_assert_cmpuint(out[R_TAG], ==, RECORD_USER);
    g_assert_cmphex(out[R_RIP], ==, USER_AT(user_first) + 3);
    g_assert_cmphex(out[R_RFLAGS], ==, 0x246);
    g_assert_cmphex(out[R_RSP], ==, USER_STACK);

    r = result_of(b, "sysretl");
    g_assert_cmpuint(r->records, ==, 2);
    out = r->record[1];
    g_assert_cmphex(out[R_CS], ==, USER32_CS);
    g_assert_cmphex(out[R_SS], ==, USER_SS);
    g_assert_cmphex(out[R_RDI], ==, 0x32323232);
}

/*
 * Good: every #DB of the guest's own single step arrives; user mode that
 * jumps to an address with a breakpoint gets its page fault.
 * Bad: a debug exception swallowed, or taken for the tracer's.
 */
static void check_debug(const Battery *b)
{
    static const uint64_t targets[] = {
        SYM_entry64, SYM_vectors + 6 * 16, SYM_sysretq_insn,
    };
    const Result *r = result_of(b, "step");
    unsigned steps = 0;

    for (unsigned i = 0; i < r->records; i++) {
        if (r->record[i][R_TAG] == RECORD_EXCEPTION) {
            check_exception(r->record[i], 1, 0, USER_CS);
            steps++;
        }
    }
    g_assert_cmpuint(steps, ==, 2);     /* after the NOP and the LEA */
    g_assert_cmpuint(r->records, ==, 2 + 2 + 1 + 2);

    r = result_of(b, "user-jump");
    g_assert_cmpuint(r->records, ==, 2 + 3 + 2);
    for (unsigned i = 0; i < 3; i++) {
        check_exception(r->record[2 + i], 14, targets[i], USER_CS);
        g_assert_cmphex(r->record[2 + i][R_CR2], ==, targets[i]);
    }
}

static void check_loops(const Battery *b)
{
    static const char *const names[] = { "loop", "loop-iret" };
    const Result *r;

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        r = result_of(b, names[i]);
        g_assert_cmpuint(r->calls, ==, 500);
        g_assert_cmpuint(r->loops, ==, 500);
        g_assert_cmpuint(r->bad, ==, 0);
    }
    /* LSTAR here, there, there, here, here */
    r = result_of(b, "lstar");
    g_assert_cmpuint(r->records, ==, 10);
    for (unsigned i = 0; i < 5; i++) {
        g_assert_cmphex(r->record[2 * i][R_RIP], ==, i == 1 || i == 2 ?
                        SYM_entry64_other : SYM_entry64);
    }
}

void check_all(const Battery *b, bool strict)
{
    for (unsigned i = 0; i < cases->len; i++) {
        const Case *c = &g_array_index(cases, Case, i);

        if (c->number == CASE_CALL) {
            check_call(b->result[i], c->args[1]);
        }
    }
    check_efer(b, strict);
    check_invalid_opcodes(b);
    check_prefixes(b);
    check_edges(b);
    check_returns(b);
    check_debug(b);
    check_loops(b);
}

void tell_exceptions(const Result *r)
{
    for (unsigned i = 0; i < r->records; i++) {
        const uint64_t *rec = r->record[i];

        if (rec[R_TAG] == RECORD_EXCEPTION) {
            g_test_message("exception %" PRIu64 " at RIP 0x%" PRIx64
                           ", CS 0x%" PRIx64 ", RFLAGS 0x%" PRIx64
                           ", RSP 0x%" PRIx64 ", CR2 0x%" PRIx64,
                           rec[R_VECTOR], rec[R_RIP], rec[R_CS],
                           rec[R_RFLAGS], rec[R_RSP], rec[R_CR2]);
        }
    }
}
