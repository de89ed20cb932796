/*
 * The arguments of prctl, by its first one.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/prctl.h>

#include "decode/kinds/kinds.h"
#include "decode/result.h"

typedef enum Kind {
    END,            /* this argument and those behind it are not shown */
    ADDR,
    HEX,
    DEC,            /* unsigned long */
    INT,
    ENUM,
    FLAGS,
    SIGNAL,
    STRING,
    NAME,           /* of a thread */
    NAME_OUT,
    INT_OUT,
    SIGNAL_OUT,
    ENUM_OUT,
    ADDR_OUT,
    PTRACER,
} Kind;

typedef struct Option {
    uint32_t option;
    uint8_t kind[4];            /* of the second to the fifth argument */
    const Xlat *xlat;           /* of the first of them that has names */
    const Xlat *xlat2;          /* of the next one */
    const Xlat *result;
    bool result_hex;
} Option;

#ifndef PR_SET_MDWE
#define PR_SET_MDWE             65
#define PR_GET_MDWE             66
#endif

#define ZEROS   DEC, DEC

#define OPTION(o, ...)  .option = (o), .kind = { __VA_ARGS__ }

static const Option options[] = {
    { OPTION(PR_SET_PDEATHSIG, SIGNAL) },
    { OPTION(PR_GET_PDEATHSIG, SIGNAL_OUT) },
    { OPTION(PR_GET_DUMPABLE, END),
      .result = &xlat_prctl_dumpable },
    { OPTION(PR_SET_DUMPABLE, ENUM), .xlat = &xlat_prctl_dumpable },
    { OPTION(PR_GET_UNALIGN, ENUM_OUT), .xlat = &xlat_prctl_unalign },
    { OPTION(PR_SET_UNALIGN, FLAGS), .xlat = &xlat_prctl_unalign },
    { OPTION(PR_GET_KEEPCAPS, END) },
    { OPTION(PR_SET_KEEPCAPS, DEC) },
    { OPTION(PR_GET_FPEMU, INT_OUT) },
    { OPTION(PR_SET_FPEMU, HEX) },
    { OPTION(PR_GET_FPEXC, INT_OUT) },
    { OPTION(PR_SET_FPEXC, HEX) },
    { OPTION(PR_GET_TIMING, END) },
    { OPTION(PR_SET_TIMING, DEC) },
    { OPTION(PR_SET_NAME, NAME) },
    { OPTION(PR_GET_NAME, NAME_OUT) },
    { OPTION(PR_GET_ENDIAN, INT_OUT) },
    { OPTION(PR_SET_ENDIAN, HEX) },
    { OPTION(PR_GET_SECCOMP, END) },
    { OPTION(PR_SET_SECCOMP, ENUM, HEX, HEX, HEX), .xlat = &xlat_seccomp_modes },
    { OPTION(PR_CAPBSET_READ, ENUM), .xlat = &xlat_caps },
    { OPTION(PR_CAPBSET_DROP, ENUM), .xlat = &xlat_caps },
    { OPTION(PR_GET_TSC, ENUM_OUT), .xlat = &xlat_prctl_tsc },
    { OPTION(PR_SET_TSC, ENUM), .xlat = &xlat_prctl_tsc },
    { OPTION(PR_GET_SECUREBITS, END),
      .result = &xlat_securebits, .result_hex = true },
    { OPTION(PR_SET_SECUREBITS, FLAGS), .xlat = &xlat_securebits },
    { OPTION(PR_SET_TIMERSLACK, DEC) },
    { OPTION(PR_GET_TIMERSLACK, END) },
    { OPTION(PR_TASK_PERF_EVENTS_DISABLE, END) },
    { OPTION(PR_TASK_PERF_EVENTS_ENABLE, END) },
    { OPTION(PR_MCE_KILL, ENUM, ENUM, ZEROS), .xlat = &xlat_prctl_mce_kill,
      .xlat2 = &xlat_prctl_mce_kill_policy },
    { OPTION(PR_MCE_KILL_GET, DEC, DEC, ZEROS),
      .result = &xlat_prctl_mce_kill_policy },
    { OPTION(PR_SET_MM, ENUM, HEX, DEC, DEC), .xlat = &xlat_prctl_set_mm },
    { OPTION(PR_SET_PTRACER, PTRACER) },
    { OPTION(PR_SET_CHILD_SUBREAPER, DEC) },
    { OPTION(PR_GET_CHILD_SUBREAPER, INT_OUT) },
    { OPTION(PR_SET_NO_NEW_PRIVS, DEC, DEC, ZEROS) },
    { OPTION(PR_GET_NO_NEW_PRIVS, DEC, DEC, ZEROS) },
    { OPTION(PR_GET_TID_ADDRESS, ADDR_OUT) },
    { OPTION(PR_SET_THP_DISABLE, DEC, DEC, ZEROS) },
    { OPTION(PR_GET_THP_DISABLE, DEC, DEC, ZEROS) },
    { OPTION(PR_SET_FP_MODE, FLAGS, HEX, HEX, HEX), .xlat = &xlat_prctl_fp_mode },
    { OPTION(PR_GET_FP_MODE, DEC, DEC, ZEROS) },
    { OPTION(PR_CAP_AMBIENT, ENUM, ENUM, ZEROS), .xlat = &xlat_prctl_cap_ambient,
      .xlat2 = &xlat_caps },
    { OPTION(PR_GET_SPECULATION_CTRL, ENUM), .xlat = &xlat_prctl_spec_which,
      .result = &xlat_prctl_spec_flags, .result_hex = true },
    { OPTION(PR_SET_SPECULATION_CTRL, ENUM, ENUM), .xlat = &xlat_prctl_spec_which,
      .xlat2 = &xlat_prctl_spec_flags },
    { OPTION(PR_SET_IO_FLUSHER, DEC, DEC, ZEROS) },
    { OPTION(PR_GET_IO_FLUSHER, DEC, DEC, ZEROS) },
    { OPTION(PR_SET_SYSCALL_USER_DISPATCH, ENUM, HEX, HEX, ADDR), .xlat = &xlat_prctl_dispatch },
    { OPTION(PR_SCHED_CORE, ENUM, INT, HEX, ADDR), .xlat = &xlat_prctl_sched_core },
    { OPTION(PR_SET_MDWE, FLAGS, DEC, ZEROS), .xlat = &xlat_prctl_mdwe },
    { OPTION(PR_GET_MDWE, DEC, DEC, ZEROS) },
};

static const Option vma_option = {
    .kind = { ENUM, ADDR, DEC, STRING }, .xlat = &xlat_prctl_vma,
};
static const Option unknown_option = {
    .kind = { HEX, HEX, HEX, HEX },
};

static const Option *find_option(uint32_t option)
{
    if (option == PR_SET_VMA) {
        return &vma_option;
    }
    for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (options[i].option == option) {
            return &options[i];
        }
    }
    return &unknown_option;
}

/* A number the kernel has written, printed by @print. */
static void boxed(Arg *a, const Option *o, Kind kind)
{
    Printer *p = a->p;
    uint32_t value;

    if (!arg_written(a)) {
        return;
    }
    if (!a->value || !printer_read(p, a->value, &value, sizeof(value))) {
        print_addr(p, a->value);
        return;
    }
    text_char(p->out, '[');
    if (kind == SIGNAL_OUT) {
        print_signal(p, value);
    } else if (kind == ENUM_OUT) {
        print_flags(p->out, o->xlat, value);
    } else {
        text_udec(p->out, value);
    }
    text_char(p->out, ']');
}

/* What has no table of its own is told by a number. */
static void named(Arg *a, const Xlat *x, Kind kind)
{
    uint64_t value = a->value;

    if (!x) {
        arg_hex(a);
    } else if (kind == FLAGS) {
        print_flags(a->p->out, x, value);
    } else {
        print_enum(a->p->out, x, value);
    }
}

static void prctl_arg(Arg *a, unsigned i)
{
    const Option *o = find_option(a->p->call->args[0]);
    Kind kind = o->kind[i];

    switch (kind) {
    case END:
        a->absent = true;
        break;
    case ADDR:
        arg_addr(a);
        break;
    case HEX:
        if (o == &unknown_option) {
            a->raw = true;
        }
        arg_hex(a);
        break;
    case DEC:
        arg_ulong(a);
        break;
    case INT:
        arg_int(a);
        break;
    case ENUM:
    case FLAGS:
        named(a, i ? o->xlat2 : o->xlat, kind);
        break;
    case SIGNAL:
        print_signal(a->p, a->value);
        break;
    case STRING:
        arg_str(a);
        break;
    case NAME:
        /* 16 bytes with the zero. */
        print_string(a->p, a->value, 15);
        break;
    case NAME_OUT:
        if (arg_written(a)) {
            print_string(a->p, a->value, 15);
        }
        break;
    case INT_OUT:
    case SIGNAL_OUT:
    case ENUM_OUT:
        boxed(a, o, kind);
        break;
    case ADDR_OUT:
        arg_addr_out(a);
        break;
    case PTRACER:
        if ((uint32_t)a->value == UINT32_MAX) {
            text_str(a->p->out, "PR_SET_PTRACER_ANY");
        } else {
            arg_ulong(a);
        }
        break;
    }
}

void arg_prctl2(Arg *a)
{
    prctl_arg(a, 0);
}

/* Only those that say which capability have one. */
void arg_prctl3(Arg *a)
{
    const uint64_t *args = a->p->call->args;

    if ((uint32_t)args[0] == PR_CAP_AMBIENT &&
        args[1] != PR_CAP_AMBIENT_RAISE && args[1] != PR_CAP_AMBIENT_LOWER &&
        args[1] != PR_CAP_AMBIENT_IS_SET) {
        arg_hex(a);
        return;
    }
    prctl_arg(a, 1);
}

void arg_prctl4(Arg *a)
{
    prctl_arg(a, 2);
}

void arg_prctl5(Arg *a)
{
    prctl_arg(a, 3);
}

void res_prctl(Printer *p)
{
    const Option *o = find_option(p->call->args[0]);

    if (o->result_hex) {
        text_hex(p->out, p->result);
    } else {
        text_dec(p->out, p->result);
    }
    if (o->result && (p->result || !o->result_hex)) {
        text_str(p->out, " (");
        print_flags(p->out, o->result, p->result);
        text_char(p->out, ')');
    }
}
