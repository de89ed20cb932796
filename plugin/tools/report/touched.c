/*
 * Which files and addresses a trace tells of.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>
#include <sys/socket.h>

#include "tools/report/model.h"
#include "tools/trace/strings.h"

#define MAX_PATH_TEXT 1000

enum {
    READS = 1,
    WRITES = 2,
    OPENS = 4,
    RUNS = 8,
};

/* What a call does to the file that it names or has open. */
static const struct {
    const char *calls;
    int does;
} doings[] = {
    { " read pread64 readv preadv preadv2 recvfrom recvmsg recv getdents"
      " getdents64 ", READS },
    { " write pwrite64 writev pwritev pwritev2 sendto sendmsg send ", WRITES },
    { " open openat openat2 creat ", OPENS },
    { " execve execveat ", RUNS },
};

static int doing(const TraceCall *c)
{
    for (unsigned i = 0; c->call && i < G_N_ELEMENTS(doings); i++) {
        if (model_in_list(doings[i].calls, c->call)) {
            return doings[i].does;
        }
    }
    return 0;
}

/* Is argument @i a path?  plugin/decode/calls.in has these names. */
static bool is_path(const TraceCall *c, unsigned i)
{
    const char *name = c->args[i].name;

    if (!c->call) {
        return false;
    }
    /* What a link says is not touched by making it. */
    if (g_str_has_prefix(c->call, "symlink") && !strcmp(name, "oldname")) {
        return false;
    }
    return model_in_list(" filename pathname path oldname newname dir_name"
                         " new_root put_old special specialfile from_pathname"
                         " to_pathname ", name) ||
           (g_str_has_prefix(c->call, "umount") && !strcmp(name, "name"));
}

bool model_path(const TraceCall *c, unsigned i, GString *out, GString *scratch)
{
    g_autoptr(GString) dir = NULL;
    int64_t fd;

    g_string_truncate(out, 0);
    if (!is_path(c, i) || !trace_unquote(c->args[i].text, scratch, NULL)) {
        return false;
    }
    if (scratch->len && scratch->str[0] != '/') {
        dir = g_string_new(NULL);
        if (i && trace_fd(c->args[i - 1].text, &fd, dir) &&
            dir->str[0] == '/') {
            trace_display(out, dir->str, dir->len);
        } else if (c->has_process && c->process.cwd &&
                   (!i || !g_str_has_suffix(c->args[i - 1].name, "dfd"))) {
            trace_display(out, c->process.cwd, strlen(c->process.cwd));
        }
        if (out->len && out->str[out->len - 1] != '/') {
            g_string_append_c(out, '/');
        }
    }
    trace_display(out, scratch->str, MIN(scratch->len, MAX_PATH_TEXT));
    return out->len;
}

void model_free_file(void *file)
{
    ModelFile *f = file;

    g_free(f->path);
    model_who_clear(&f->who);
    g_free(f);
}

void model_free_address(void *address)
{
    ModelAddress *a = address;

    g_free(a->text);
    model_who_clear(&a->who);
    g_free(a);
}

static void add_file(Model *m, const TraceCall *c, const char *path, int does)
{
    ModelFile *f = bounded_find(m->files, path);
    uint64_t bytes = c->has_ret && c->ret > 0 ? c->ret : 0;

    if (!f) {
        f = g_new0(ModelFile, 1);
        f->path = g_strdup(path);
        bounded_add(m->files, path, f);
    }
    f->uses++;
    f->errors += !!c->err;
    f->opens += does == OPENS && !c->err;
    f->reads += does == READS;
    f->writes += does == WRITES;
    f->execs += does == RUNS && !c->err;
    f->in += does == READS ? bytes : 0;
    f->out += does == WRITES ? bytes : 0;
    model_who_add(&f->who, c);
}

static void add_address(Model *m, const TraceCall *c, const TraceAddress *addr,
                        int does)
{
    uint64_t bytes = c->has_ret && c->ret > 0 ? c->ret : 0;
    ModelAddress *a;

    trace_address_text(addr, m->s);
    if (!m->s->len) {
        return;
    }
    a = bounded_find(m->addresses, m->s->str);
    if (!a) {
        a = g_new0(ModelAddress, 1);
        a->text = g_strdup(m->s->str);
        a->kind = addr->family == AF_UNIX ? "unix" : "ip";
        bounded_add(m->addresses, a->text, a);
    }
    a->uses++;
    a->errors += !!c->err && (!c->error || strcmp(c->error, "EINPROGRESS"));
    if (c->call) {
        a->connects += !strcmp(c->call, "connect");
        a->binds += !strcmp(c->call, "bind");
        a->accepts += g_str_has_prefix(c->call, "accept");
    }
    a->in += does == READS ? bytes : 0;
    a->out += does == WRITES ? bytes : 0;
    model_who_add(&a->who, c);
}

/* A descriptor with what it stands for, in an argument or a result. */
static void add_descriptor(Model *m, const TraceCall *c, const char *text,
                           int does)
{
    TraceAddress own, peer;
    int64_t fd;

    if (!text || !strchr(text, '<') || !trace_fd(text, &fd, m->s) || fd < 0) {
        return;
    }
    if (m->s->str[0] == '/') {
        g_string_truncate(m->path, 0);
        trace_display(m->path, m->s->str, MIN(m->s->len, MAX_PATH_TEXT));
        add_file(m, c, m->path->str, does);
    } else if (trace_socket(m->s->str, &own, &peer) && peer.family) {
        add_address(m, c, &peer, does);
    }
}

void model_add_touched(Model *m, const TraceCall *c)
{
    int does = doing(c);
    bool opened = does == OPENS && !c->err && c->ret_text &&
                  strchr(c->ret_text, '<');
    TraceAddress addr;

    if (opened) {
        /* What it got: no symbolic link stands between. */
        add_descriptor(m, c, c->ret_text, does);
    }
    for (unsigned i = 0; i < c->n_args; i++) {
        const char *text = c->args[i].text;

        if (!text) {
            continue;
        }
        if (trace_sockaddr(text, &addr)) {
            add_address(m, c, &addr, 0);
        } else if (!opened && model_path(c, i, m->path, m->s)) {
            add_file(m, c, m->path->str, does);
        } else if (!opened && !g_str_has_suffix(c->args[i].name, "dfd")) {
            add_descriptor(m, c, text, does);
        }
    }
    if (c->call && g_str_has_prefix(c->call, "accept")) {
        add_descriptor(m, c, c->ret_text, does);
    }
}
