/*
 * Values of the process that makes the call.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "filter/expr.h"
#include "filter/family.h"

const FrailProcess *eval_process(Eval *e)
{
    if (!e->asked) {
        e->process = frail_call_process(e->call);
        e->asked = true;
    }
    return e->process;
}

static ExprGot one_text(unsigned i, ExprItem *item, const char *text)
{
    if (i) {
        return GOT_NONE;
    }
    if (!text) {
        return GOT_UNKNOWN;
    }
    item->text = text;
    item->len = strlen(text);
    return GOT_ONE;
}

ExprGot get_pid(Eval *e, const Leaf *leaf, unsigned i, ExprItem *item)
{
    const FrailProcess *p = eval_process(e);

    if (!p) {
        return GOT_UNKNOWN;
    }
    switch (leaf->term->which) {
    case PID_PID:
        item->number = frail_process_pid(p);
        break;
    case PID_TID:
        item->number = frail_process_tid(p);
        break;
    case PID_PPID:
        item->number = frail_process_ppid(p);
        break;
    default:
        item->number = frail_process_ns_tid(p);
    }
    return i ? GOT_NONE : GOT_ONE;
}

ExprGot get_id(Eval *e, const Leaf *leaf, unsigned i, ExprItem *item)
{
    const FrailProcess *p = eval_process(e);
    FrailId which = leaf->term->which & 0xff;

    if (!p) {
        return GOT_UNKNOWN;
    }
    item->number = leaf->term->which & 0x100 ?
        frail_process_gid(p, which) : frail_process_uid(p, which);
    return i ? GOT_NONE : GOT_ONE;
}

ExprGot get_comm(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                 ExprItem *item)
{
    const FrailProcess *p = eval_process(e);

    return one_text(i, item, p ? frail_process_comm(p) : NULL);
}

ExprGot get_cap(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                ExprItem *item)
{
    const FrailProcess *p = eval_process(e);

    if (!p) {
        return GOT_UNKNOWN;
    }
    item->number = frail_process_caps(p, FRAIL_CAP_EFFECTIVE);
    return i ? GOT_NONE : GOT_ONE;
}

ExprGot get_namespace(Eval *e, const Leaf *leaf, unsigned i, ExprItem *item)
{
    const FrailProcess *p = eval_process(e);
    uint64_t ns = p ? frail_process_namespace(p, leaf->term->which) : 0;

    item->number = ns;
    return i ? GOT_NONE : ns ? GOT_ONE : GOT_UNKNOWN;
}

/* Of those that the leaf names each one in whose tree the process is. */
ExprGot get_tree(Eval *e, const Leaf *leaf, unsigned i, ExprItem *item)
{
    const FrailProcess *p = eval_process(e);

    if (!p) {
        return GOT_UNKNOWN;
    }
    if (i >= leaf->n) {
        return GOT_NONE;
    }
    item->number = leaf_value(e->f, leaf, i)->number;
    switch (family_descends(e->call->family, p, item->number)) {
    case 1:
        return GOT_ONE;
    case 0:
        item->number = (ExprNumber)1 << 100;    /* nobody can ask for it */
        return GOT_ONE;
    default:
        return GOT_UNKNOWN;
    }
}

ExprGot get_process_text(Eval *e, const Leaf *leaf, unsigned i,
                         ExprItem *item)
{
    const FrailProcess *p = eval_process(e);
    const char *text = NULL;

    if (p && !i) {
        switch (leaf->term->which) {
        case TEXT_OF_EXE:
            text = frail_process_exe(p);
            break;
        case TEXT_OF_CWD:
            text = frail_process_cwd(p);
            break;
        case TEXT_OF_ROOT:
            text = frail_process_root(p);
            break;
        default:
            text = frail_process_cgroup(p);
        }
    }
    return one_text(i, item, text);
}

/* Of a process in no container it is known, and empty. */
ExprGot get_container(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                      ExprItem *item)
{
    const FrailProcess *p = eval_process(e);
    const char *id = p && !i ? frail_process_container(p) : NULL;

    if (p && !i && !id && frail_process_cgroup(p)) {
        id = "";
    }
    return one_text(i, item, id);
}

/* The arguments, with spaces between them. */
ExprGot get_cmdline(Eval *e, const Leaf *leaf G_GNUC_UNUSED, unsigned i,
                    ExprItem *item)
{
    const FrailProcess *p = eval_process(e);
    size_t len = 0;
    const char *text = p && !i ? frail_process_cmdline(p, &len) : NULL;

    if (i) {
        return GOT_NONE;
    }
    if (!text) {
        return GOT_UNKNOWN;
    }
    len = MIN(len, sizeof(e->scratch));
    len -= len && !text[len - 1];
    for (size_t k = 0; k < len; k++) {
        e->scratch[k] = text[k] ? text[k] : ' ';
    }
    item->text = e->scratch;
    item->len = len;
    return GOT_ONE;
}
