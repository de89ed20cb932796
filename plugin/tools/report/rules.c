/*
 * What a report points out.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "tools/report/rules.h"
#include "tools/trace/strings.h"

#define MAX_EXAMPLE 240

static bool arg_has(const TraceCall *c, const char *name, const char *word)
{
    const TraceArg *a = trace_arg(c, name);

    return a && a->text && strstr(a->text, word);
}

/* Some argument of @c is a path, and it begins with one of @prefixes. */
static bool path_among(Model *m, const TraceCall *c,
                       const char *const *prefixes)
{
    for (unsigned i = 0; i < c->n_args; i++) {
        if (!model_path(c, i, m->path, m->s)) {
            continue;
        }
        for (const char *const *p = prefixes; *p; p++) {
            if (g_pattern_match_simple(*p, m->path->str)) {
                return true;
            }
        }
    }
    return false;
}

/* Nothing stood in its way, as far as can be seen. */
static bool done(const TraceCall *c)
{
    return !c->err && c->outcome != TRACE_KILLED;
}

static bool always(Model *m, const TraceCall *c, const ModelProcess *before)
{
    (void)m;
    (void)c;
    (void)before;
    return true;
}

static bool write_and_execute(Model *m, const TraceCall *c,
                              const ModelProcess *before)
{
    (void)m;
    (void)before;
    return arg_has(c, "prot", "PROT_WRITE") && arg_has(c, "prot", "PROT_EXEC");
}

static bool odd_program(Model *m, const TraceCall *c,
                        const ModelProcess *before)
{
    static const char *const places[] = {
        "/tmp/*", "/var/tmp/*", "/dev/shm/*", "/proc/self/fd/*",
        "/proc/*/fd/*", "/memfd:*", NULL
    };

    (void)before;
    return done(c) && path_among(m, c, places);
}

static bool secret(Model *m, const TraceCall *c, const ModelProcess *before)
{
    static const char *const places[] = {
        "/etc/shadow*", "/etc/gshadow*", "/etc/sudoers*", "*/.ssh/id_*",
        "/dev/mem", "/dev/kmem", "/proc/kcore", "/proc/*/mem", NULL
    };

    (void)before;
    /* With O_PATH nothing of it can be read. */
    return done(c) && !arg_has(c, "flags", "O_PATH") &&
           path_among(m, c, places);
}

static bool system_file_written(Model *m, const TraceCall *c,
                                const ModelProcess *before)
{
    static const char *const places[] = {
        "/etc/passwd", "/etc/ld.so.preload", "/etc/crontab", "/etc/cron.*",
        "/root/.ssh/authorized_keys", "/home/*/.ssh/authorized_keys",
        "/usr/bin/*", "/usr/sbin/*", "/usr/lib/*", "/boot/*",
        "/sys/fs/cgroup/*/release_agent", "/proc/sys/kernel/core_pattern",
        NULL
    };

    (void)before;
    return done(c) && (arg_has(c, "flags", "O_WRONLY") ||
                       arg_has(c, "flags", "O_RDWR")) &&
           path_among(m, c, places);
}

static bool log_removed(Model *m, const TraceCall *c,
                        const ModelProcess *before)
{
    static const char *const places[] = {
        "/var/log/*", "*/.bash_history", NULL
    };

    (void)before;
    return done(c) && path_among(m, c, places);
}

static bool became_root(Model *m, const TraceCall *c,
                        const ModelProcess *before)
{
    (void)m;
    return before && before->euid > 0 && c->process.euid == 0;
}

static bool attaches(Model *m, const TraceCall *c, const ModelProcess *before)
{
    static const char *const requests[] = {
        "PTRACE_ATTACH", "PTRACE_SEIZE", "PTRACE_POKE",
    };

    (void)m;
    (void)before;
    if (!c->call || strcmp(c->call, "ptrace")) {
        return done(c);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
        if (done(c) && arg_has(c, "request", requests[i])) {
            return true;
        }
    }
    return false;
}

static bool loads_bpf(Model *m, const TraceCall *c, const ModelProcess *before)
{
    (void)m;
    (void)before;
    return done(c) && arg_has(c, "cmd", "BPF_PROG_LOAD");
}

static bool succeeded(Model *m, const TraceCall *c, const ModelProcess *before)
{
    (void)m;
    (void)before;
    return done(c);
}

static bool raw_socket(Model *m, const TraceCall *c,
                       const ModelProcess *before)
{
    (void)m;
    (void)before;
    return done(c) && (arg_has(c, "type", "SOCK_RAW") ||
                       arg_has(c, "family", "AF_PACKET")) &&
           !arg_has(c, "family", "AF_NETLINK");
}

static bool new_user_namespace(Model *m, const TraceCall *c,
                               const ModelProcess *before)
{
    (void)m;
    (void)before;
    for (unsigned i = 0; i < c->n_args; i++) {
        if (c->args[i].text && strstr(c->args[i].text, "CLONE_NEWUSER")) {
            return done(c);
        }
    }
    return false;
}

static bool no_such_call(Model *m, const TraceCall *c,
                         const ModelProcess *before)
{
    (void)m;
    (void)before;
    return !c->call || (c->error && !strcmp(c->error, "ENOSYS"));
}

static bool denied(Model *m, const TraceCall *c, const ModelProcess *before)
{
    (void)m;
    (void)before;
    return c->error && (!strcmp(c->error, "EPERM") ||
                        !strcmp(c->error, "EACCES"));
}

static bool bad_pointer(Model *m, const TraceCall *c,
                        const ModelProcess *before)
{
    (void)m;
    (void)before;
    return c->error && !strcmp(c->error, "EFAULT");
}

static bool refused(Model *m, const TraceCall *c, const ModelProcess *before)
{
    (void)m;
    (void)before;
    return c->outcome == TRACE_REFUSED || c->outcome == TRACE_KILLED;
}

static bool unseen(Model *m, const TraceCall *c, const ModelProcess *before)
{
    (void)m;
    (void)before;
    return c->outcome == TRACE_UNSEEN;
}

static const Rule rules[] = {
    { "module", RULE_ALARM, "Loads or replaces kernel code",
      "A module or a new kernel can do anything.",
      " init_module finit_module delete_module kexec_load kexec_file_load ",
      always, 1 },
    { "preload", RULE_ALARM, "Writes to a file of the system",
      "Programs, libraries, accounts and cron jobs: whoever changes these"
      " stays. Package managers do it, too.",
      " open openat creat ", system_file_written, 1 },
    { "tamper", RULE_ALARM, "Reaches into another process",
      "A debugger does; so does code that hides in another program.",
      " ptrace process_vm_writev pidfd_getfd ", attaches, 1 },
    { "wx", RULE_WARNING, "Memory that can be written and executed",
      "Compilers at run time need it, and exploits do.",
      " mmap mmap2 mprotect pkey_mprotect ", write_and_execute, 1 },
    { "odd-program", RULE_WARNING, "Runs a program from an odd place",
      "A directory that anybody may write to, or memory.",
      " execve execveat ", odd_program, 1 },
    { "root", RULE_WARNING, "Became root",
      "The effective user id went to 0 in one process: sudo and su do it.",
      NULL, became_root, 1 },
    { "secret", RULE_WARNING, "Opened what is secret",
      "Passwords, keys, memory. Programs that log people in do it.",
      " open openat openat2 ", secret, 1 },
    { "bpf", RULE_WARNING, "Loads a BPF program",
      "It runs in the kernel, and may see or change what others do.",
      " bpf ", loads_bpf, 1 },
    { "log", RULE_WARNING, "Removed or cut a log",
      "logrotate does it, and whoever hides.",
      " unlink unlinkat truncate ", log_removed, 1 },
    { "refused", RULE_WARNING, "Refused or killed by an analyzer",
      "A policy of this machine forbids it.", NULL, refused, 1 },
    { "raw-socket", RULE_NOTE, "Sees or makes raw packets",
      "ping, dhclient and tcpdump do.", " socket ", raw_socket, 1 },
    { "mount", RULE_NOTE, "Changes what is mounted where",
      "Rare after boot, but for containers.",
      " mount umount umount2 move_mount pivot_root chroot ", succeeded, 1 },
    { "namespace", RULE_NOTE, "New user namespace",
      "Containers and sandboxes begin so; so do many exploits of the kernel.",
      " clone clone3 unshare ", new_user_namespace, 1 },
    { "clock", RULE_NOTE, "Sets the clock", "Times in logs depend on it.",
      " settimeofday clock_settime stime ", succeeded, 1 },
    { "no-call", RULE_NOTE, "Tries calls that the kernel has not got",
      "New programs do, and probes.", NULL, no_such_call, 1 },
    { "denied", RULE_NOTE, "Is denied again and again",
      "At least 10 times EPERM or EACCES: it tries what it may not.",
      NULL, denied, 10 },
    { "pointer", RULE_NOTE, "Passes bad pointers",
      "At least 3 times EFAULT: a bug, or a probe.", NULL, bad_pointer, 3 },
    { "gone", RULE_NOTE, "Never came back from a call",
      "Its task was probably killed there.", NULL, unseen, 1 },
};

void rules_call_text(const TraceCall *c, GString *out)
{
    g_autoptr(GString) s = g_string_new(NULL);
    size_t len;

    g_string_printf(s, "%s(", c->call ? c->call : "?");
    for (unsigned i = 0; i < c->n_args; i++) {
        const char *text = c->args[i].text;

        g_string_append(s, i ? ", " : "");
        if (text && strlen(text) > MAX_EXAMPLE / 2) {
            const char *end = g_utf8_find_prev_char(text,
                                                    text + MAX_EXAMPLE / 2);

            g_string_append_len(s, text, end - text);
            g_string_append(s, "...");
        } else if (text) {
            g_string_append(s, text);
        } else {
            g_string_append_printf(s, "0x%" G_GINT64_MODIFIER "x",
                                   c->args[i].raw);
        }
    }
    g_string_append_printf(s, ") = %s", c->ret_text ? c->ret_text : "?");
    len = s->len;
    if (len > MAX_EXAMPLE) {
        len = g_utf8_find_prev_char(s->str, s->str + MAX_EXAMPLE) - s->str;
    }
    trace_display(out, s->str, len);
    if (len < s->len) {
        g_string_append(out, "...");
    }
}

/*
 * Count a hit of @rule by @proc (NULL: not known).  When it is the first one,
 * where its example belongs.
 */
static char **add_hit(Model *m, const Rule *rule, const TraceProcess *proc,
                      int64_t time)
{
    g_autofree char *key = g_strdup_printf("%s %s", rule->name,
                                           proc ? proc->key : "");
    ModelHit *h = bounded_find(m->hits, key);
    const char *comm;

    if (h) {
        h->count++;
        return NULL;
    }
    comm = proc && proc->comm ? proc->comm : "?";
    h = g_new0(ModelHit, 1);
    h->rule = rule;
    h->key = proc ? g_strdup(proc->key) : NULL;
    h->pid = proc ? proc->pid : -1;
    g_string_truncate(m->s, 0);
    trace_display(m->s, comm, MIN(strlen(comm), MODEL_COMM));
    h->comm = g_strdup(m->s->str);
    h->first = time;
    h->count = 1;
    bounded_add(m->hits, key, h);
    return &h->example;
}

void rules_add(Model *m, const TraceCall *c, const ModelProcess *before)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rules); i++) {
        const Rule *r = &rules[i];
        char **example;

        if ((r->calls && !model_in_list(r->calls, c->call)) ||
            !r->test(m, c, before)) {
            continue;
        }
        example = add_hit(m, r, c->has_process ? &c->process : NULL,
                          c->time_ns);
        if (example) {
            g_string_truncate(m->s, 0);
            rules_call_text(c, m->s);
            *example = g_strdup(m->s->str);
        }
    }
}

void rules_add_end(Model *m, const TraceEvent *e)
{
    static const Rule crashed = {
        "crash", RULE_WARNING, "Crashed",
        "Ended by a signal that a program's own fault makes: a bug, or an"
        " attempt to use one.", NULL, NULL, 1
    };

    if (e->how == TRACE_END_KILLED &&
        model_in_list(" SIGSEGV SIGBUS SIGILL SIGFPE SIGABRT SIGSYS SIGTRAP"
                      " SIGSTKFLT ", e->name)) {
        char **example = add_hit(m, &crashed, &e->process, e->time_ns);

        if (example) {
            trace_end_text(e, m->s);
            *example = g_strdup(m->s->str);
        }
    }
}

/* What is worse is kept longer, whatever its number. */
uint64_t rules_weight(const void *hit)
{
    const ModelHit *h = hit;
    uint64_t weight = MIN(h->count, UINT64_C(1) << 40);

    return weight + ((uint64_t)h->rule->level << 48);
}

void rules_free_hit(void *hit)
{
    ModelHit *h = hit;

    g_free(h->key);
    g_free(h->comm);
    g_free(h->example);
    g_free(h);
}
