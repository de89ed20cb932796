/*
 * Values of the call's arguments, as the decoder's tables describe them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "decode/multiplex.h"
#include "filter/expr.h"
#include "text/near.h"

/* --- Which arguments there are ------------------------------------------- */

const CallSpec *static_spec(FrailAbi abi, int64_t nr, bool *open)
{
    const CallSpec *spec = call_spec(abi, nr);

    *open = spec && (spec->via == VIA_SOCKETCALL || spec->via == VIA_IPC);
    return *open ? NULL : spec && spec->via ? spec->target : spec;
}

const CallSpec *eval_spec(Eval *e)
{
    if (!e->resolved) {
        const char *name = NULL;

        e->args = *e->call;
        e->spec = call_spec(e->call->abi, e->call->nr);
        if (e->spec && e->spec->via) {
            e->spec = multiplex(&e->args, e->spec, &name);
        }
        e->resolved = true;
    }
    return e->spec;
}

static const ArgSpec *arg_named(const CallSpec *spec, const char *name)
{
    for (unsigned i = 0; spec && i < spec->n; i++) {
        if (!strcmp(spec->args[i].name, name)) {
            return &spec->args[i];
        }
    }
    return NULL;
}

static bool is_kind(const ArgSpec *arg, const char *const *kinds)
{
    for (; *kinds; kinds++) {
        if (!strcmp(arg->kind, *kinds)) {
            return true;
        }
    }
    return false;
}

/* Argument number @i of those that are of a kind in @kinds. */
static const ArgSpec *arg_of_kind(const CallSpec *spec,
                                  const char *const *kinds, unsigned i)
{
    for (unsigned k = 0; spec && k < spec->n; k++) {
        if (is_kind(&spec->args[k], kinds) && !i--) {
            return &spec->args[k];
        }
    }
    return NULL;
}

const ArgSpec *eval_arg(Eval *e, const char *const *kinds, unsigned i)
{
    return arg_of_kind(eval_spec(e), kinds, i);
}

bool can_kind(FrailAbi abi, int64_t nr, const char *const *kinds)
{
    bool open;
    const CallSpec *spec = static_spec(abi, nr, &open);

    return open || arg_of_kind(spec, kinds, 0);
}

bool arg_is_known(const char *name, const char **nearest)
{
    Near near;

    near_begin(&near, name);
    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        for (unsigned nr = 0; nr < frail_syscall_table_size(abi); nr++) {
            bool open;
            const CallSpec *spec = static_spec(abi, nr, &open);

            if (arg_named(spec, name)) {
                return true;
            }
            for (unsigned i = 0; spec && i < spec->n; i++) {
                near_try(&near, spec->args[i].name);
            }
        }
    }
    *nearest = near.name;
    return false;
}

/* --- arg.NAME ------------------------------------------------------------ */

/* The table of its constants; special kinds have one of a like name. */
static const Xlat *arg_table(const ArgSpec *arg)
{
    if (arg->xlat) {
        return arg->xlat;
    }
    for (size_t i = 0; i < xlat_tables_count; i++) {
        const char *name = xlat_tables[i].name;
        size_t len = strlen(arg->kind);

        if (!strncmp(name, arg->kind, len) &&
            (!name[len] || !strcmp(name + len, "s"))) {
            return xlat_tables[i].xlat;
        }
    }
    return NULL;
}

static bool has_constant(const Xlat *x, const char *name)
{
    for (unsigned i = 0; x && i < x->count; i++) {
        if (x->names[i].name && !strcmp(x->names[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* Are the values of @leaf what such an argument can have? */
static bool suits(const FrailFilter *f, const Leaf *leaf, const ArgSpec *arg)
{
    const Xlat *x = arg_table(arg);

    for (unsigned i = 0; i < leaf->n; i++) {
        const ExprValue *v = leaf_value(f, leaf, i);

        if (!v->text || has_constant(x, v->text)) {
            return true;
        }
    }
    return false;
}

static bool add_calls(const FrailFilter *f, const Leaf *leaf, bool constants,
                      CallSet *set)
{
    bool any = false;

    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        for (unsigned nr = 0; nr < frail_syscall_table_size(abi); nr++) {
            bool open;
            const ArgSpec *arg = arg_named(static_spec(abi, nr, &open),
                                           leaf->name);
            bool good = arg && (!constants || suits(f, leaf, arg));

            if (good || open) {
                callset_add_call(set, abi, nr);
            }
            any |= good;
        }
    }
    return any;
}

/* O_CREAT is a bit of open's flags, and another thing in those of mmap. */
CallSet *arg_calls(const FrailFilter *f, const Leaf *leaf)
{
    CallSet *set = g_new0(CallSet, 1);
    bool numbers = leaf->term->type == EXPR_NUMBER;

    if (!add_calls(f, leaf, numbers, set) && numbers) {
        add_calls(f, leaf, false, set);
    }
    return set;
}

bool can_arg(const Leaf *leaf, FrailAbi abi, int64_t nr)
{
    return callset_has(leaf->calls, abi, nr);
}

/* As the kernel takes it: of an int the upper half does not count. */
static void arg_number(const FrailCall *call, const ArgSpec *arg,
                       ExprItem *item)
{
    static const char *const ints[] = {
        "int", "fd", "dirfd", "fan_dirfd", "pid", NULL
    };
    static const char *const longs[] = { "long", "off", NULL };
    static const char *const words[] = {
        "uint", "hex32", "flags", "enum", "open_flags", "open_mode", "mode",
        "mode_type", "uid", "uid16", "signal", "mmap_flags", "statx_flags",
        "socket_type", "socket_protocol", "sock_level", "sockopt_name",
        "ipc_get_flags", "swap_flags", "ioctl_cmd", "quotactl_cmd", NULL
    };
    uint64_t value = call_arg_value(call, arg);

    if (is_kind(arg, ints)) {
        item->number = (int32_t)value;
    } else if (is_kind(arg, words)) {
        item->number = (uint32_t)value;
        item->word = 4;
    } else if (is_kind(arg, longs)) {
        item->number = call->abi == CALL_ABI_I386 && !arg->wide ?
            (int32_t)value : (int64_t)value;
    } else {
        item->number = value;
        item->word = 8;
    }
}

ExprGot get_arg(Eval *e, const Leaf *leaf, unsigned i, ExprItem *item)
{
    const ArgSpec *arg = i || !callset_has(leaf->calls, e->call->abi,
                                           e->call->nr) ? NULL :
        arg_named(eval_spec(e), leaf->name);

    if (!arg) {
        return GOT_NONE;
    }
    arg_number(&e->args, arg, item);
    return GOT_ONE;
}

ExprGot get_register(Eval *e, const Leaf *leaf, unsigned i, ExprItem *item)
{
    item->number = e->call->args[leaf->index];
    item->word = 8;
    return i ? GOT_NONE : GOT_ONE;
}

/* --- Descriptors --------------------------------------------------------- */

static const char *const fd_kinds[] = { "fd", "dirfd", "fan_dirfd", NULL };

bool can_fd(const Leaf *leaf G_GNUC_UNUSED, FrailAbi abi, int64_t nr)
{
    return can_kind(abi, nr, fd_kinds);
}

ExprGot get_fd(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
               ExprItem *item)
{
    const ArgSpec *arg = eval_arg(e, fd_kinds, i);

    if (!arg) {
        return GOT_NONE;
    }
    item->number = (int32_t)e->args.args[arg->reg];
    return GOT_ONE;
}

/* AT_FDCWD is no descriptor, but stands for a directory as they do. */
ExprGot eval_fd_path(Eval *e, int fd, ExprItem *item)
{
    const FrailProcess *p = eval_process(e);

    item->text = !p ? NULL : fd == EVAL_FDCWD ? frail_process_cwd(p) :
                 frail_process_fd(p, fd);
    if (!item->text) {
        return GOT_SKIP;
    }
    item->len = strlen(item->text);
    return GOT_ONE;
}

ExprGot get_fd_path(Eval *e, const Leaf *leaf, unsigned i, ExprItem *item)
{
    ExprGot got = get_fd(e, leaf, i, item);

    return got == GOT_ONE ? eval_fd_path(e, item->number, item) : got;
}

/* --- text.NAME ----------------------------------------------------------- */

/* The decoder's own text, as strace shows it when the call is entered. */
ExprGot get_text(Eval *e, const Leaf *leaf, unsigned i, ExprItem *item)
{
    static const FrailDecodeOptions opts = {
        .sz = sizeof(opts), .string_limit = 4096, .fd_style = FRAIL_FD_PATH,
    };

    if (!e->tried && eval_has_memory(e)) {
        e->decoded = frail_call_decode(e->call, &opts);
        e->tried = true;
    }
    if (!e->decoded) {
        return GOT_UNKNOWN;
    }
    for (unsigned k = 0; !i && k < frail_decoded_arg_count(e->decoded); k++) {
        unsigned flags = frail_decoded_arg_flags(e->decoded, k);

        if (strcmp(frail_decoded_arg_name(e->decoded, k), leaf->name)) {
            continue;
        }
        if (flags & FRAIL_ARG_OUT) {
            return GOT_SKIP;
        }
        if (flags & FRAIL_ARG_UNREADABLE) {
            return eval_unreadable(e, item);
        }
        item->text = frail_decoded_arg_text(e->decoded, k);
        item->len = strlen(item->text);
        return GOT_ONE;
    }
    return GOT_NONE;
}
