/*
 * The terms of the language.
 *
 * To add one: a row here, a TermGet function where its value comes from, and
 * a line in docs/filters.md and frail-filter(7), which a test compares with
 * this table.  A value that is made of decoded arguments is got in
 * get-args.c or get-memory.c.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "filter/expr.h"
#include "text/near.h"

/* --- Names of numbers ---------------------------------------------------- */

static bool find_word(const char *const *words, size_t n, const char *name,
                      ExprNumber *number)
{
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(words[i], name)) {
            *number = i;
            return true;
        }
    }
    return false;
}

static bool name_abi(const Leaf *leaf G_GNUC_UNUSED, const char *name,
                     ExprNumber *number)
{
    static const char *const words[] = {
        [FRAIL_ABI_X86_64] = "x86-64", [FRAIL_ABI_X32] = "x32",
        [FRAIL_ABI_I386] = "i386",
    };

    return find_word(words, G_N_ELEMENTS(words), name, number);
}

static bool name_status(const Leaf *leaf G_GNUC_UNUSED, const char *name,
                        ExprNumber *number)
{
    static const char *const words[] = {
        [STATUS_SUCCESSFUL] = "successful", [STATUS_FAILED] = "failed",
        [STATUS_REFUSED] = "refused", [STATUS_RESTARTED] = "restarted",
        [STATUS_UNFINISHED] = "unfinished",
    };

    return find_word(words, G_N_ELEMENTS(words), name, number);
}

static bool name_errno(const Leaf *leaf G_GNUC_UNUSED, const char *name,
                       ExprNumber *number)
{
    for (int i = 1; i <= 4095; i++) {
        const char *known = frail_errno_name(i);

        if (known && !strcmp(known, name)) {
            *number = i;
            return true;
        }
    }
    return false;
}

static bool in_table(const Xlat *x, const char *name, ExprNumber *number)
{
    for (unsigned i = 0; i < x->count; i++) {
        if (x->names[i].name && !strcmp(x->names[i].name, name)) {
            *number = x->names[i].value;
            return true;
        }
    }
    return false;
}

static bool name_family(const Leaf *leaf G_GNUC_UNUSED, const char *name,
                        ExprNumber *number)
{
    return in_table(&xlat_socket_domains, name, number);
}

static bool name_cap(const Leaf *leaf G_GNUC_UNUSED, const char *name,
                     ExprNumber *number)
{
    if (!in_table(&xlat_caps, name, number)) {
        return false;
    }
    *number = (ExprNumber)1 << (unsigned)*number;
    return true;
}

bool name_constant(const Leaf *leaf G_GNUC_UNUSED, const char *name,
                   ExprNumber *number)
{
    /* The one that stands for a descriptor is in no table. */
    if (!strcmp(name, "AT_FDCWD")) {
        *number = -100;
        return true;
    }
    for (size_t i = 0; i < xlat_tables_count; i++) {
        if (in_table(xlat_tables[i].xlat, name, number)) {
            return true;
        }
    }
    return false;
}

/* --- The table ----------------------------------------------------------- */

#define A_NUMBER    "a number"
#define A_TEXT      "a text"
#define A_PATTERN   "a path or a pattern"
#define A_CONSTANT  "a number or a constant"
#define A_WORD_ABI  "x86-64, x32 or i386"
#define A_STATUS    "successful, failed, refused, restarted or unfinished"

#define UID(which)  (which)
#define GID(which)  ((which) | 0x100)

#define NUMBER(name, stage, get, which, flags) \
    { name, EXPR_NUMBER, stage, get, which, flags, NULL, NULL, A_NUMBER }
#define ID(name, which) \
    NUMBER(name, STAGE_KEY, get_id, which, 0)
#define NAMESPACE(name, which) \
    NUMBER("ns." name, STAGE_KERNEL, get_namespace, which, \
           TERM_KEPT | TERM_EXACT)
#define TEXT(name, stage, get, which, flags, can) \
    { name, EXPR_TEXT, stage, get, which, flags, NULL, can, A_PATTERN }

static const Term terms[] = {
    { "call", EXPR_CALL, STAGE_CALL, NULL, 0, 0, NULL, NULL,
      "a call, %class, /regular expression/ or number" },
    { "abi", EXPR_WORD, STAGE_CALL, get_abi, 0, TERM_EXACT, name_abi, NULL,
      A_WORD_ABI },
    NUMBER("nr", STAGE_CALL, get_nr, 0, 0),
    NUMBER("vcpu", STAGE_CALL, get_vcpu, 0, 0),
    { "arg", EXPR_NUMBER, STAGE_CALL, get_register, 0,
      TERM_INDEXED | TERM_BITS, name_constant, NULL, A_CONSTANT },

    NUMBER("pid", STAGE_KEY, get_pid, PID_PID, 0),
    NUMBER("tid", STAGE_KEY, get_pid, PID_TID, 0),
    NUMBER("ppid", STAGE_KEY, get_pid, PID_PPID, 0),
    NUMBER("ns_tid", STAGE_KEY, get_pid, PID_NS_TID, 0),
    ID("uid", UID(FRAIL_ID_REAL)),
    ID("euid", UID(FRAIL_ID_EFFECTIVE)),
    ID("suid", UID(FRAIL_ID_SAVED)),
    ID("fsuid", UID(FRAIL_ID_FS)),
    ID("gid", GID(FRAIL_ID_REAL)),
    ID("egid", GID(FRAIL_ID_EFFECTIVE)),
    ID("sgid", GID(FRAIL_ID_SAVED)),
    ID("fsgid", GID(FRAIL_ID_FS)),
    { "comm", EXPR_TEXT, STAGE_KEY, get_comm, 0, 0, NULL, NULL, A_TEXT },

    { "cap", EXPR_NUMBER, STAGE_KERNEL, get_cap, 0, TERM_BITS | TERM_EXACT,
      name_cap, NULL, "a capability such as CAP_SYS_ADMIN, or a number" },
    NUMBER("tree", STAGE_KERNEL, get_tree, 0, TERM_KEPT | TERM_EXACT),
    NAMESPACE("cgroup", FRAIL_NS_CGROUP),
    NAMESPACE("ipc", FRAIL_NS_IPC),
    NAMESPACE("mnt", FRAIL_NS_MNT),
    NAMESPACE("net", FRAIL_NS_NET),
    NAMESPACE("pid", FRAIL_NS_PID),
    NAMESPACE("time", FRAIL_NS_TIME),
    NAMESPACE("user", FRAIL_NS_USER),
    NAMESPACE("uts", FRAIL_NS_UTS),

    TEXT("exe", STAGE_PATH, get_process_text, TEXT_OF_EXE, TERM_KEPT, NULL),
    TEXT("cgroup", STAGE_PATH, get_process_text, TEXT_OF_CGROUP, TERM_KEPT,
         NULL),
    { "container", EXPR_PREFIX, STAGE_PATH, get_container, 0, TERM_KEPT, NULL,
      NULL, "a container's id, or its first digits" },
    TEXT("cwd", STAGE_PATH, get_process_text, TEXT_OF_CWD, 0, NULL),
    TEXT("root", STAGE_PATH, get_process_text, TEXT_OF_ROOT, 0, NULL),
    { "cmdline", EXPR_TEXT, STAGE_USER, get_cmdline, 0, 0, NULL, NULL,
      A_TEXT },

    { "arg.", EXPR_NUMBER, STAGE_CALL, get_arg, 0, TERM_NAMED | TERM_BITS,
      name_constant, can_arg, A_CONSTANT },
    { "fd", EXPR_NUMBER, STAGE_CALL, get_fd, 0, 0, name_constant, can_fd,
      "a number or AT_FDCWD" },
    TEXT("fd.path", STAGE_PATH, get_fd_path, 0, 0, can_fd),
    TEXT("path", STAGE_USER, get_path, 0, 0, can_path),
    { "port", EXPR_NUMBER, STAGE_USER, get_port, 0, 0, NULL, can_address,
      A_NUMBER },
    { "addr", EXPR_ADDRESS, STAGE_USER, get_address, 0, 0, NULL, can_address,
      "an address such as 10.0.0.1 or fe80::/10" },
    { "family", EXPR_NUMBER, STAGE_USER, get_family, 0, TERM_EXACT,
      name_family, can_address, "a family such as AF_INET, or a number" },
    TEXT("unix", STAGE_USER, get_unix, 0, 0, can_address),
    { "argv", EXPR_TEXT, STAGE_USER, get_argv, 0, 0, NULL, can_argv, A_TEXT },
    { "text.", EXPR_TEXT, STAGE_DECODE, get_text, 0, TERM_NAMED, NULL,
      can_arg, A_TEXT },

    NUMBER("ret", STAGE_RETURN, get_ret, 0, 0),
    { "errno", EXPR_NUMBER, STAGE_RETURN, get_errno, 0, 0, name_errno, NULL,
      "an error such as ENOENT, or a number" },
    { "status", EXPR_WORD, STAGE_RETURN, get_status, 0, TERM_EXACT,
      name_status, NULL, A_STATUS },
    { "duration", EXPR_TIME, STAGE_RETURN, get_duration, 0, 0, NULL, NULL,
      "a time such as 10ms, in ns, us, ms or s" },
};

/* Short for others, as they are often used. */
static const struct {
    const char *name, *full;
} aliases[] = {
    { "flags", "arg.flags" },
};

const Term *term_find(const char *name, const char **rest)
{
    *rest = "";
    for (unsigned i = 0; i < G_N_ELEMENTS(aliases); i++) {
        if (!strcmp(name, aliases[i].name)) {
            name = aliases[i].full;
        }
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(terms); i++) {
        if (terms[i].flags & TERM_NAMED) {
            if (g_str_has_prefix(name, terms[i].name)) {
                *rest = name + strlen(terms[i].name);
                return &terms[i];
            }
        } else if (!strcmp(name, terms[i].name)) {
            return &terms[i];
        }
    }
    return NULL;
}

const char *term_nearest(const char *name)
{
    Near near;

    near_begin(&near, name);
    for (unsigned i = 0; i < G_N_ELEMENTS(terms); i++) {
        near_try(&near, terms[i].name);
    }
    return near.name;
}

const char *term_name(unsigned i)
{
    return i < G_N_ELEMENTS(terms) ? terms[i].name :
           i - G_N_ELEMENTS(terms) < G_N_ELEMENTS(aliases) ?
           aliases[i - G_N_ELEMENTS(terms)].name : NULL;
}
