/*
 * Who makes a call, as a JSON object.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_ANALYZER_JSON_PROCESS_H
#define FRAIL_ANALYZER_JSON_PROCESS_H

#include <frail-plugin.h>

#include "json-text.h"

/* Which of the costly members are wanted. */
typedef struct JsonWants {
    bool identity;
    bool caps;
    bool cmdline;
    bool cwd;
    bool namespaces;
} JsonWants;

/* At most so many bytes of a path, a cgroup, a command line, as JSON. */
#define JSON_PATH_LIMIT     4200
#define JSON_CMDLINE_LIMIT  4200
/* What json_process() writes at most. */
#define JSON_PROCESS_SIZE   (4 * JSON_PATH_LIMIT + JSON_CMDLINE_LIMIT + 2500)

#define JSON_MARKED_MAX     8

/* The members whose strings are not what they seem. */
typedef struct JsonMarked {
    const char *latin1[JSON_MARKED_MAX], *cut[JSON_MARKED_MAX];
    unsigned n_latin1, n_cut;
} JsonMarked;

static inline void json_mark(JsonMarked *m, const char *name, unsigned flags)
{
    if (flags & JSON_LATIN1 && m->n_latin1 < JSON_MARKED_MAX) {
        m->latin1[m->n_latin1++] = name;
    }
    if (flags & JSON_CUT && m->n_cut < JSON_MARKED_MAX) {
        m->cut[m->n_cut++] = name;
    }
}

static inline void json_mark_list(FrailText *j, const char *name,
                                  const char *const *list, unsigned n)
{
    if (!n) {
        return;
    }
    text_str(j, ",\"");
    text_str(j, name);
    text_str(j, "\":[\"");
    for (unsigned i = 0; i < n; i++) {
        text_str(j, i ? "\",\"" : "");
        text_str(j, list[i]);
    }
    text_str(j, "\"]");
}

/* ,"latin1":["comm"],"cut":["exe"] */
static inline void json_marked(FrailText *j, const JsonMarked *m)
{
    json_mark_list(j, "latin1", m->latin1, m->n_latin1);
    json_mark_list(j, "cut", m->cut, m->n_cut);
}

/* ,"name": */
static inline void json_member(FrailText *j, const char *name)
{
    text_str(j, ",\"");
    text_str(j, name);
    text_str(j, "\":");
}

static inline void json_guest_text(FrailText *j, JsonMarked *m,
                                   const char *name, const char *text,
                                   size_t limit)
{
    json_member(j, name);
    if (text) {
        json_mark(m, name, json_string(j, text, strlen(text), limit));
    } else {
        text_str(j, "null");
    }
}

static inline void json_ids(FrailText *j, const FrailProcess *p)
{
    static const struct {
        FrailId which;
        const char *uid, *gid;
    } ids[] = {
        { FRAIL_ID_REAL, "uid", "gid" },
        { FRAIL_ID_EFFECTIVE, "euid", "egid" },
        { FRAIL_ID_SAVED, "suid", "sgid" },
        { FRAIL_ID_FS, "fsuid", "fsgid" },
    };

    for (unsigned i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
        json_member(j, ids[i].uid);
        text_udec(j, frail_process_uid(p, ids[i].which));
        json_member(j, ids[i].gid);
        text_udec(j, frail_process_gid(p, ids[i].which));
    }
}

static inline void json_caps(FrailText *j, const FrailProcess *p)
{
    static const struct {
        FrailCapSet which;
        const char *start;
    } sets[] = {
        { FRAIL_CAP_EFFECTIVE, "{\"effective\":" },
        { FRAIL_CAP_PERMITTED, ",\"permitted\":" },
        { FRAIL_CAP_INHERITABLE, ",\"inheritable\":" },
        { FRAIL_CAP_BOUNDING, ",\"bounding\":" },
        { FRAIL_CAP_AMBIENT, ",\"ambient\":" },
    };

    json_member(j, "caps");
    for (unsigned i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
        text_str(j, sets[i].start);
        json_hex(j, frail_process_caps(p, sets[i].which));
    }
    text_str(j, "}");
}

static inline void json_namespaces(FrailText *j, const FrailProcess *p)
{
    static const struct {
        FrailNamespace which;
        const char *name;
    } all[] = {
        { FRAIL_NS_CGROUP, "cgroup" }, { FRAIL_NS_IPC, "ipc" },
        { FRAIL_NS_MNT, "mnt" }, { FRAIL_NS_NET, "net" },
        { FRAIL_NS_PID, "pid" }, { FRAIL_NS_TIME, "time" },
        { FRAIL_NS_USER, "user" }, { FRAIL_NS_UTS, "uts" },
    };
    bool first = true;

    json_member(j, "namespaces");
    text_str(j, "{");
    for (unsigned i = 0; i < sizeof(all) / sizeof(*all); i++) {
        uint64_t ns = frail_process_namespace(p, all[i].which);

        if (ns) {
            text_str(j, first ? "\"" : ",\"");
            text_str(j, all[i].name);
            text_str(j, "\":");
            text_udec(j, ns);
            first = false;
        }
    }
    text_str(j, "}");
}

/* The arguments as a list of strings; one not ended by a zero counts too. */
static inline void json_cmdline(FrailText *j, JsonMarked *m,
                                const FrailProcess *p)
{
    size_t len = 0, start = j->len;
    const char *text = frail_process_cmdline(p, &len);
    unsigned flags = 0;

    json_member(j, "cmdline");
    if (!text) {
        text_str(j, "null");
        return;
    }
    /* All in the same way, so that one mark is enough. */
    if (!json_is_utf8((const uint8_t *)text, len)) {
        flags = JSON_LATIN1;
    }
    text_str(j, "[");
    for (bool first = true; len; first = false) {
        size_t n = strnlen(text, len), used = j->len - start;

        /* Quotes, comma and bracket are 4. */
        if (used + 4 + 6 > JSON_CMDLINE_LIMIT) {
            flags |= JSON_CUT;
            break;
        }
        text_str(j, first ? "" : ",");
        flags |= json_string_as(j, text, n, JSON_CMDLINE_LIMIT - used - 2,
                                !(flags & JSON_LATIN1));
        n += n < len;       /* its zero */
        text += n;
        len -= n;
    }
    text_str(j, "]");
    json_mark(m, "cmdline", flags);
}

/* @p as an object, or null; at most JSON_PROCESS_SIZE bytes. */
static inline void json_process(FrailText *j, const FrailProcess *p,
                                const JsonWants *wants)
{
    JsonMarked marked = { 0 };

    if (!p) {
        text_str(j, "null");
        return;
    }
    text_str(j, "{\"key\":\"");
    text_dec(j, frail_process_pid(p));
    text_str(j, "@");
    text_udec(j, frail_process_start_ns(p));
    text_str(j, "\",\"pid\":");
    text_dec(j, frail_process_pid(p));
    json_member(j, "start_ns");
    text_udec(j, frail_process_start_ns(p));
    json_member(j, "tid");
    text_dec(j, frail_process_tid(p));
    json_member(j, "ppid");
    text_dec(j, frail_process_ppid(p));
    json_member(j, "ns_tid");
    text_dec(j, frail_process_ns_tid(p));
    json_guest_text(j, &marked, "comm", frail_process_comm(p), 100);
    json_guest_text(j, &marked, "exe", frail_process_exe(p), JSON_PATH_LIMIT);
    json_ids(j, p);
    if (wants->caps) {
        json_caps(j, p);
    }
    json_guest_text(j, &marked, "cgroup", frail_process_cgroup(p),
                    JSON_PATH_LIMIT);
    json_guest_text(j, &marked, "container", frail_process_container(p), 600);
    if (wants->cmdline) {
        json_cmdline(j, &marked, p);
    }
    if (wants->cwd) {
        json_guest_text(j, &marked, "cwd", frail_process_cwd(p),
                        JSON_PATH_LIMIT);
        json_guest_text(j, &marked, "root", frail_process_root(p),
                        JSON_PATH_LIMIT);
    }
    if (wants->namespaces) {
        json_namespaces(j, p);
    }
    json_marked(j, &marked);
    text_str(j, "}");
}

#endif /* FRAIL_ANALYZER_JSON_PROCESS_H */
