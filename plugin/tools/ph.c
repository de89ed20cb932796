/*
 * frail-ph: look at, check and merge profiles of the ph analyzer.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../analyzers/ph-file.h"

enum {
    GOOD = 0,
    BAD = 1,                /* a file is not what it should be */
    USAGE = 2,
};

static void print_help(FILE *to)
{
    fputs("Usage: frail-ph show [-v] FILE|DIR...\n"
          "       frail-ph check FILE|DIR...\n"
          "       frail-ph merge -o OUT FILE...\n"
          "\n"
          "Look at profiles of the ph analyzer, see that they are sound, make "
          "one of several\nof the same program.\n"
          "\n"
          "  show     a line for each; -v: the calls, and which follow which\n"
          "  check    say what is wrong with a file, and in which line\n"
          "  merge    write to OUT what all of them together know\n"
          "\n"
          "Examples:\n"
          "  frail-ph show profiles/\n"
          "  frail-ph show -v profiles/usr.bin.sort-*.ph\n"
          "  frail-ph merge -o all.ph monday.ph tuesday.ph\n"
          "\n"
          "Exit code: 0 all is well, 1 a file is not, 2 wrong usage.\n"
          "See man frail-ph, libfrail-ph.\n", to);
}

static int wrong_usage(const char *what)
{
    fprintf(stderr, "frail-ph: %s; try frail-ph --help\n", what);
    return USAGE;
}

static PhProfile *load(const char *path)
{
    char *err = NULL;
    PhProfile *p = ph_file_load(path, &err);

    if (!p) {
        fprintf(stderr, "frail-ph: %s\n", err);
        g_free(err);
    }
    return p;
}

static int text_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* @path, or the profiles in it; false if there is none. */
static bool add_path(GPtrArray *files, const char *path)
{
    g_autoptr(GError) error = NULL;
    unsigned before = files->len;
    const char *name;
    GDir *dir;

    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_ptr_array_add(files, g_strdup(path));
        return true;
    }
    dir = g_dir_open(path, 0, &error);
    if (!dir) {
        fprintf(stderr, "frail-ph: %s\n", error->message);
        return false;
    }
    while ((name = g_dir_read_name(dir))) {
        if (g_str_has_suffix(name, PH_SUFFIX)) {
            g_ptr_array_add(files, g_build_filename(path, name, NULL));
        }
    }
    g_dir_close(dir);
    if (files->len == before) {
        fprintf(stderr, "frail-ph: no file in %s has a name that ends with "
                PH_SUFFIX "\n", path);
        return false;
    }
    qsort(files->pdata + before, files->len - before, sizeof(char *),
          text_order);
    return true;
}

/* --- show ----------------------------------------------------------------- */

static void call_name(GString *to, const PhProfile *p, unsigned index)
{
    if (index == PH_BEGIN) {
        g_string_append(to, "(begin)");
    } else if (index == PH_OTHER) {
        g_string_append(to, "(others)");
    } else {
        g_autoptr(GString) whole = g_string_new(NULL);
        const char *name;

        ph_call_text(whole, p->id[index]);
        name = strchr(whole->str, ' ') + 1;
        /* A name says enough where it is known, and is not x86-64's alone. */
        g_string_append(to, !strcmp(name, "unknown") || p->id[index] >=
                        PH_NUMBERS ? whole->str : name);
    }
}

static void show_calls(const PhProfile *p)
{
    for (unsigned c = PH_FIRST; c <= PH_OTHER; c++) {
        g_autoptr(GString) line = g_string_new("  ");
        bool any = c < PH_FIRST + p->n_calls;

        call_name(line, p, c);
        g_string_append(line, " after");
        for (unsigned b = 0; any && b <= PH_OTHER; b++) {
            if (!p->pair[c][b]) {
                continue;
            }
            g_string_append_c(line, ' ');
            call_name(line, p, b);
            for (unsigned d = 1, first = 1; d < p->window; d++) {
                if (p->pair[c][b] >> d & 1) {
                    g_string_append_printf(line, "%c%u", first ? '@' : ',',
                                           d);
                    first = 0;
                }
            }
        }
        if (any) {
            puts(line->str);
        }
        if (c == PH_FIRST + p->n_calls - 1 && !p->full_calls) {
            break;
        }
    }
}

static void show(const PhProfile *p, bool verbose, bool colour)
{
    g_autoptr(GString) exe = g_string_new(NULL);

    ph_quote(exe, p->exe);
    printf("%s%-8s%s %8" PRIu64 " runs %10" PRIu64 " calls %10" PRIu64
           " since new %4u kinds %6u pairs %6u windows of %u%s%s  %s\n",
           !colour ? "" : p->state == PH_TESTING ? "\033[32m" : "\033[33m",
           ph_state_names[p->state], colour ? "\033[0m" : "", p->runs,
           p->calls, p->calls - p->changed, p->n_calls, p->n_pairs,
           p->n_windows, p->window, p->full_calls ? " (calls full)" : "",
           p->full_windows ? " (windows full)" : "", exe->str);
    if (verbose) {
        show_calls(p);
    }
}

static int run_files(int argc, char **argv, bool showing)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    bool verbose = showing && argc > 0 && !strcmp(argv[0], "-v");
    int status = GOOD;

    for (int i = verbose; i < argc; i++) {
        if (argv[i][0] == '-') {
            return wrong_usage("there is no such option here");
        }
        if (!add_path(files, argv[i])) {
            status = BAD;
        }
    }
    if (argc == verbose) {
        return wrong_usage("which files?");
    }
    for (unsigned i = 0; i < files->len; i++) {
        const char *path = g_ptr_array_index(files, i);
        PhProfile *p = load(path);

        if (!p) {
            status = BAD;
        } else if (showing) {
            show(p, verbose, isatty(STDOUT_FILENO));
        } else {
            printf("%s: good\n", path);
        }
        ph_profile_free(p);
    }
    return status;
}

/* --- merge ---------------------------------------------------------------- */

static int run_merge(int argc, char **argv)
{
    PhProfile *sum = NULL;
    char *err = NULL;
    int status = GOOD;

    if (argc < 3 || strcmp(argv[0], "-o")) {
        return wrong_usage("merge needs -o OUT and files");
    }
    for (int i = 2; i < argc && status == GOOD; i++) {
        PhProfile *p = load(argv[i]);

        if (!p) {
            status = BAD;
        } else if (!sum) {
            sum = g_steal_pointer(&p);
        } else if (strcmp(sum->exe, p->exe)) {
            fprintf(stderr, "frail-ph: %s and %s are profiles of different "
                    "programs\n", argv[2], argv[i]);
            status = BAD;
        } else if (!ph_profile_merge(sum, p)) {
            fprintf(stderr, "frail-ph: %s has windows of %u calls, %s of %u\n",
                    argv[2], sum->window, argv[i], p->window);
            status = BAD;
        }
        ph_profile_free(p);
    }
    if (status == GOOD && !ph_file_save(sum, argv[1], &err)) {
        fprintf(stderr, "frail-ph: %s\n", err);
        g_free(err);
        status = BAD;
    }
    if (status == GOOD) {
        show(sum, false, isatty(STDOUT_FILENO));
    }
    ph_profile_free(sum);
    return status;
}

int main(int argc, char **argv)
{
    if (argc >= 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        print_help(stdout);
        return GOOD;
    }
    if (argc < 2) {
        print_help(stderr);
        return USAGE;
    }
    if (!strcmp(argv[1], "show") || !strcmp(argv[1], "check")) {
        return run_files(argc - 2, argv + 2, argv[1][0] == 's');
    }
    if (!strcmp(argv[1], "merge")) {
        return run_merge(argc - 2, argv + 2);
    }
    return wrong_usage("the command must be show, check or merge");
}
