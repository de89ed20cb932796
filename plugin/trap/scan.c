/*
 * Reading the guest kernel's entry text.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include <capstone/capstone.h>

#include "trap/scan.h"

#define INSN_MAX    15

static bool is_sysret(const cs_insn *insn, bool *wide)
{
    const uint8_t *b = insn->bytes;
    const uint8_t *opcode = insn->detail->x86.opcode;
    uint16_t n = insn->size;

    /* Not by the last bytes alone: immediates end in these, too. */
    if (n < 2 || opcode[0] != 0x0f || opcode[1] != 0x07 ||
        b[n - 2] != 0x0f || b[n - 1] != 0x07) {
        return false;
    }
    *wide = n > 2 && (b[n - 3] & 0xf8) == 0x48;
    return true;
}

/* Linux tests SS in the frame for the LDT (espfix64) just before its IRETQ. */
static bool tests_frame_ss(const cs_insn *insn)
{
    const cs_x86 *x = &insn->detail->x86;

    return insn->id == X86_INS_TEST && x->op_count == 2 &&
        x->operands[0].type == X86_OP_MEM &&
        x->operands[0].mem.base == X86_REG_RSP &&
        x->operands[0].mem.disp == 0x20;
}

/* mov $-ENOSYS,%eax */
static bool says_enosys(const cs_insn *insn)
{
    const cs_x86 *x = &insn->detail->x86;

    return insn->id == X86_INS_MOV && x->op_count == 2 &&
        x->operands[0].type == X86_OP_REG &&
        x->operands[0].reg == X86_REG_EAX &&
        x->operands[1].type == X86_OP_IMM &&
        (uint32_t)x->operands[1].imm == (uint32_t)-38;
}

/* What stands between it and the SYSRET: room for, or a, CPU buffer clear. */
static bool does_nothing(const cs_insn *insn)
{
    return insn->id == X86_INS_NOP || insn->id == X86_INS_VERW;
}

/*
 * mov between RSP, which is operand @reg, and %gs:SLOT: the entry code saves
 * the user's stack pointer, and goes to the task's own stack.
 */
static bool moves_stack(const cs_insn *insn, unsigned reg, uint64_t *slot)
{
    const cs_x86 *x = &insn->detail->x86;
    const cs_x86_op *mem = &x->operands[!reg];

    if (insn->id != X86_INS_MOV || x->op_count != 2 ||
        x->operands[reg].type != X86_OP_REG ||
        x->operands[reg].reg != X86_REG_RSP ||
        mem->type != X86_OP_MEM || mem->mem.segment != X86_REG_GS ||
        mem->mem.index != X86_REG_INVALID) {
        return false;
    }
    *slot = (uint64_t)mem->mem.disp;
    if (mem->mem.base == X86_REG_RIP) {
        *slot += insn->address + insn->size;
    } else if (mem->mem.base != X86_REG_INVALID) {
        return false;
    }
    return true;
}

static void look_for_slots(const cs_insn *insn, FrailSites *sites)
{
    if (!sites->has_stack_slot) {
        sites->has_stack_slot = moves_stack(insn, 0, &sites->stack_slot);
    }
    if (!sites->has_scratch_slot) {
        sites->has_scratch_slot = moves_stack(insn, 1, &sites->scratch_slot);
    }
}

bool frail_scan_entry(const uint8_t *code, size_t len, uint64_t lstar,
                      FrailSites *sites)
{
    csh cs;
    cs_insn *insn;
    uint64_t va = lstar;
    unsigned since_test = 3;
    bool found_by_test = false;
    uint64_t stub = 0;

    memset(sites, 0, sizeof(*sites));
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &cs) != CS_ERR_OK) {
        return false;
    }
    cs_option(cs, CS_OPT_DETAIL, CS_OPT_ON);
    insn = cs_malloc(cs);
    while (insn && len) {
        bool wide;

        if (!cs_disasm_iter(cs, &code, &len, &va, insn)) {
            /* Not an instruction the disassembler knows: step over a byte. */
            code++;
            len--;
            va++;
            since_test = 3;
            stub = 0;
            continue;
        }
        if (is_sysret(insn, &wide)) {
            if (sites->n_sysret < FRAIL_SCAN_SITES) {
                sites->sysret[sites->n_sysret].va = insn->address;
                sites->sysret[sites->n_sysret].wide = wide;
                sites->sysret[sites->n_sysret].stub = stub;
            }
            sites->n_sysret++;
        } else if (insn->id == X86_INS_IRETQ && !found_by_test) {
            found_by_test = since_test <= 1;
            if (!sites->iretq || found_by_test) {
                sites->iretq = insn->address;
            }
        } else {
            look_for_slots(insn, sites);
        }
        since_test = tests_frame_ss(insn) ? 0 : since_test + 1;
        stub = says_enosys(insn) ? insn->address :
            does_nothing(insn) ? stub : 0;
    }
    if (insn) {
        cs_free(insn, 1);
    }
    cs_close(&cs);
    return true;
}

void frail_scan_drop_stubs(FrailSites *sites, uint64_t cstar)
{
    unsigned n = 0;

    if (sites->n_sysret > FRAIL_SCAN_SITES) {
        return;             /* nobody knows where the others are */
    }
    for (unsigned i = 0; i < sites->n_sysret; i++) {
        uint64_t stub = sites->sysret[i].stub;

        /* An ENDBR64 may stand before it. */
        if (!stub || (cstar >= stub - 4 && cstar <= sites->sysret[i].va)) {
            sites->sysret[n++] = sites->sysret[i];
        }
    }
    sites->n_sysret = n;
}

size_t frail_scan_first(const uint8_t *code, size_t len, uint64_t va)
{
    csh cs;
    cs_insn *insn = NULL;
    size_t size = 0;

    if (cs_open(CS_ARCH_X86, CS_MODE_64, &cs) != CS_ERR_OK) {
        return 0;
    }
    if (cs_disasm(cs, code, len, va, 1, &insn) == 1) {
        switch (insn->id) {
        case X86_INS_NOP:
        case X86_INS_CLD:
        case X86_INS_CLAC:
            size = insn->size;
            break;
        default:
            /* ENDBR64, which older disassemblers take for a long NOP */
            if (insn->size == 4 && !memcmp(code, "\xf3\x0f\x1e\xfa", 4)) {
                size = 4;
            }
        }
        cs_free(insn, 1);
    }
    cs_close(&cs);
    return size;
}

static bool is_legacy_prefix(uint8_t byte)
{
    switch (byte) {
    case 0x26: case 0x2e: case 0x36: case 0x3e:     /* ES CS SS DS */
    case 0x64: case 0x65:                           /* FS GS */
    case 0x66: case 0x67:                           /* operand, address size */
    case 0xf2: case 0xf3:
        return true;
    default:
        return false;
    }
}

int frail_scan_syscall(const uint8_t *code, size_t len, bool long_mode)
{
    size_t i = 0;

    while (i < len && i < INSN_MAX && is_legacy_prefix(code[i])) {
        i++;
    }
    /* REX counts only right before the opcode; an earlier one is ignored. */
    while (long_mode && i < len && i < INSN_MAX &&
           ((code[i] & 0xf0) == 0x40 || is_legacy_prefix(code[i]))) {
        i++;
    }
    if (i + 2 > INSN_MAX) {
        return 0;
    }
    if (i >= len) {
        return -1;
    }
    if (code[i] != 0x0f) {
        return 0;
    }
    if (i + 1 >= len) {
        return -1;
    }
    return code[i + 1] == 0x05 ? (int)i + 2 : 0;
}
