/*
 * The programs of a guest, their profiles, and the directory that keeps them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "ph-file.h"
#include "ph-store.h"

struct PhStore {
    PhStoreOptions opts;
    char *dir;
    int dir_fd;             /* locked while profiles can change; or -1 */
    GMutex lock;            /* the two below, and the thread's orders */
    GHashTable *by_exe;
    GPtrArray *all;
    GThread *thread;
    GCond wake;
    bool save_now, closing;
    char *failure;          /* of the last round of writing */
    bool failure_told;
    _Atomic uint64_t learned;   /* since then */
};

static PhProgram *new_program(PhStore *s, const char *exe, PhProfile *profile)
{
    PhProgram *p = g_new0(PhProgram, 1);
    GString *quoted = g_string_new(NULL);

    ph_quote(quoted, exe);
    p->exe = g_strdup(exe);
    p->quoted = g_string_free(quoted, FALSE);
    p->profile = profile;
    g_mutex_init(&p->lock);
    if (s->dir) {
        g_autofree char *name = ph_file_name(exe);

        p->path = g_build_filename(s->dir, name, NULL);
    }
    if (profile && s->opts.mode != PH_MODE_AUTO) {
        profile->state = s->opts.mode == PH_MODE_TEST ? PH_TESTING :
                         PH_TRAINING;
    }
    p->tests = profile && profile->state == PH_TESTING;
    g_hash_table_insert(s->by_exe, p->exe, p);
    g_ptr_array_add(s->all, p);
    return p;
}

static void free_program(void *opaque)
{
    PhProgram *p = opaque;

    ph_profile_free(p->profile);
    g_mutex_clear(&p->lock);
    g_free(p->path);
    g_free(p->quoted);
    g_free(p->exe);
    g_free(p);
}

/* --- Writing -------------------------------------------------------------- */

static void save(PhStore *s, PhProgram *p)
{
    PhProfile *copy = NULL;
    char *err = NULL;

    g_mutex_lock(&p->lock);
    if (p->unsaved) {
        /* The vCPUs wait for a copy at most, not for a disk. */
        copy = ph_profile_copy(p->profile);
        p->unsaved = false;
    }
    g_mutex_unlock(&p->lock);
    if (!copy) {
        return;
    }
    if (!ph_file_save(copy, p->path, &err)) {
        g_mutex_lock(&p->lock);
        p->unsaved = true;      /* the disk may have room later */
        g_mutex_unlock(&p->lock);
        if (!s->failure) {
            s->failure = err;
        } else {
            g_free(err);
        }
    }
    ph_profile_free(copy);
}

static void save_all(PhStore *s)
{
    g_mutex_lock(&s->lock);
    g_clear_pointer(&s->failure, g_free);
    for (unsigned i = 0; i < s->all->len; i++) {
        PhProgram *p = g_ptr_array_index(s->all, i);

        g_mutex_unlock(&s->lock);   /* one that is new must not wait */
        if (p->profile) {
            save(s, p);
        }
        g_mutex_lock(&s->lock);
    }
    g_mutex_unlock(&s->lock);
}

static void *saver(void *opaque)
{
    PhStore *s = opaque;

    g_mutex_lock(&s->lock);
    while (!s->closing) {
        if (!s->save_now) {
            g_cond_wait(&s->wake, &s->lock);
            continue;
        }
        s->save_now = false;
        g_mutex_unlock(&s->lock);
        save_all(s);
        if (s->failure && !s->failure_told) {
            s->failure_told = true;
            fprintf(stderr, "frail-ph: %s\n", s->failure);
        }
        g_mutex_lock(&s->lock);
    }
    g_mutex_unlock(&s->lock);
    return NULL;
}

void ph_store_learned(PhStore *s, PhProgram *p, bool changed)
{
    uint64_t n = atomic_fetch_add_explicit(&s->learned, 1,
                                           memory_order_relaxed) + 1;

    p->unsaved = true;
    if (s->thread && (changed || n >= s->opts.save_calls)) {
        atomic_store_explicit(&s->learned, 0, memory_order_relaxed);
        g_mutex_lock(&s->lock);
        s->save_now = true;
        g_cond_signal(&s->wake);
        g_mutex_unlock(&s->lock);
    }
}

/* --- Programs ------------------------------------------------------------- */

PhProgram *ph_store_program(PhStore *s, const char *exe, bool *fresh)
{
    PhProgram *p;

    g_mutex_lock(&s->lock);
    p = g_hash_table_lookup(s->by_exe, exe);
    *fresh = !p;
    if (!p && s->all->len < PH_PROGRAMS_MAX) {
        p = new_program(s, exe, s->opts.mode == PH_MODE_TEST ? NULL :
                        ph_profile_new(exe, s->opts.window));
    }
    g_mutex_unlock(&s->lock);
    return p;
}

const GPtrArray *ph_store_programs(const PhStore *s)
{
    return s->all;
}

static bool load(PhStore *s, const char *name, char **err)
{
    g_autofree char *path = g_build_filename(s->dir, name, NULL);
    g_autofree char *right = NULL;
    PhProfile *profile = ph_file_load(path, err);

    if (!profile) {
        return false;
    }
    right = ph_file_name(profile->exe);
    if (profile->window != s->opts.window) {
        *err = g_strdup_printf("%s: was made with window=%u, not %u: give that "
                               "option, or another directory", path,
                               profile->window, s->opts.window);
    } else if (strcmp(name, right)) {
        *err = g_strdup_printf("%s: is another program's profile, which must "
                               "be called %s", path, right);
    } else if (s->all->len == PH_PROGRAMS_MAX) {
        *err = g_strdup_printf("%s: has more than %d profiles", s->dir,
                               PH_PROGRAMS_MAX);
    }
    if (*err) {
        ph_profile_free(profile);
        return false;
    }
    new_program(s, profile->exe, profile);
    return true;
}

static bool load_all(PhStore *s, char **err)
{
    g_autoptr(GError) error = NULL;
    GDir *dir = g_dir_open(s->dir, 0, &error);
    const char *name;

    if (!dir) {
        *err = g_strdup(error->message);
        return false;
    }
    while (!*err && (name = g_dir_read_name(dir))) {
        if (g_str_has_suffix(name, PH_SUFFIX)) {
            load(s, name, err);
        }
    }
    g_dir_close(dir);
    return !*err;
}

/* Two that write would undo each other's work. */
static bool take_dir(PhStore *s, char **err)
{
    if (s->opts.mode == PH_MODE_TEST) {
        return true;
    }
    if (g_mkdir(s->dir, 0700) < 0 && errno != EEXIST) {
        *err = g_strdup_printf("cannot make the directory %s: %s", s->dir,
                               strerror(errno));
        return false;
    }
    s->dir_fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->dir_fd < 0 || access(s->dir, W_OK) < 0) {
        *err = g_strdup_printf("cannot write to the directory %s: %s", s->dir,
                               strerror(errno));
        return false;
    }
    if (flock(s->dir_fd, LOCK_EX | LOCK_NB) < 0) {
        *err = g_strdup_printf("profiles=%s is in use by another QEMU; take "
                               "another directory, and frail-ph merge",
                               s->dir);
        return false;
    }
    return true;
}

/* Signals are for QEMU's own threads. */
static void start_thread(PhStore *s)
{
    sigset_t all, old;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    s->thread = g_thread_new("frail-ph", saver, s);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void free_store(PhStore *s)
{
    g_hash_table_destroy(s->by_exe);
    g_ptr_array_free(s->all, TRUE);
    if (s->dir_fd >= 0) {
        close(s->dir_fd);
    }
    g_mutex_clear(&s->lock);
    g_cond_clear(&s->wake);
    g_free(s->failure);
    g_free(s->dir);
    g_free(s);
}

PhStore *ph_store_open(const PhStoreOptions *opts, char **err)
{
    PhStore *s = g_new0(PhStore, 1);

    *err = NULL;
    s->opts = *opts;
    s->dir = g_strdup(opts->dir);
    s->dir_fd = -1;
    s->by_exe = g_hash_table_new(g_str_hash, g_str_equal);
    s->all = g_ptr_array_new_with_free_func(free_program);
    g_mutex_init(&s->lock);
    g_cond_init(&s->wake);
    if (s->dir && (!take_dir(s, err) || !load_all(s, err))) {
        free_store(s);
        return NULL;
    }
    if (s->dir && opts->mode != PH_MODE_TEST) {
        start_thread(s);
    }
    return s;
}

char *ph_store_close(PhStore *s)
{
    char *failure = NULL;

    if (!s) {
        return NULL;
    }
    if (s->thread) {
        g_mutex_lock(&s->lock);
        s->closing = true;
        g_cond_signal(&s->wake);
        g_mutex_unlock(&s->lock);
        g_thread_join(s->thread);
        save_all(s);
        failure = g_steal_pointer(&s->failure);
    }
    free_store(s);
    return failure;
}
