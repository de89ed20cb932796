/*
 * frail-policy: check rules of the policy analyzer, and have them replaced
 * while the guest runs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../analyzers/policy-control.h"
#include "../analyzers/policy-rules.h"

enum {
    GOOD = 0,
    BAD = 1,                /* a file is not what it should be */
    USAGE = 2,
};

static void print_help(FILE *to)
{
    fputs("Usage: frail-policy check FILE...\n"
          "       frail-policy reload SOCKET\n"
          "       frail-policy show SOCKET\n"
          "\n"
          "Check files of rules for the policy analyzer; replace the rules of "
          "a running\nguest, or see what they have done.\n"
          "\n"
          "  check    say what is wrong with a file, and in which line and "
          "column\n"
          "  reload   read the file again that QEMU was given; if it is "
          "wrong, the rules\n"
          "           that are in force stay\n"
          "  show     how often each rule has matched, refused, killed\n"
          "\n"
          "SOCKET is what QEMU was given: -plugin libfrail-policy.so,"
          "rules=FILE,control=SOCKET\n"
          "\n"
          "Examples:\n"
          "  frail-policy check web.rules && frail-policy reload "
          "/run/web.policy\n"
          "  frail-policy show /run/web.policy\n"
          "\n"
          "Exit code: 0 all is well, 1 a file is wrong or nobody answers, 2 "
          "wrong usage.\n"
          "See man frail-policy, libfrail-policy.\n", to);
}

static int wrong_usage(const char *what)
{
    fprintf(stderr, "frail-policy: %s; try frail-policy --help\n", what);
    return USAGE;
}

/* The line that is wrong, and a mark below the column. */
static void show_place(const char *path, const PolicyError *err)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!err->line || !g_file_get_contents(path, &text, NULL, NULL)) {
        return;
    }
    lines = g_strsplit(text, "\n", -1);
    if (err->line <= g_strv_length(lines)) {
        const char *line = lines[err->line - 1];

        fprintf(stderr, "    %s\n    ", line);
        /* A tab is as wide here as it is above. */
        for (unsigned i = 0; i + 1 < err->column && line[i]; i++) {
            fputc(line[i] == '\t' ? '\t' : ' ', stderr);
        }
        fputs("^\n", stderr);
    }
}

static int run_check(int n, char **files)
{
    int status = GOOD;

    for (int i = 0; i < n; i++) {
        PolicyError err;
        Policy *p = policy_load(files[i], &err);

        if (p) {
            printf("%s: good, %u rule%s\n", files[i], p->n,
                   p->n == 1 ? "" : "s");
        } else {
            g_autofree char *line = policy_error_line(files[i], &err);

            fprintf(stderr, "frail-policy: %s\n", line);
            if (isatty(STDERR_FILENO)) {
                show_place(files[i], &err);
            }
            g_free(err.text);
            status = BAD;
        }
        policy_free(p);
    }
    return status;
}

static int run_ask(const char *command, const char *socket)
{
    g_autofree char *err = NULL;
    g_autofree char *text = policy_control_ask(socket, command, &err);

    if (!text) {
        fprintf(stderr, "frail-policy: %s\n", err);
        return BAD;
    }
    if (g_str_has_prefix(text, POLICY_GOOD " ")) {
        fputs(text + strlen(POLICY_GOOD " "), stdout);
        return GOOD;
    }
    fprintf(stderr, "frail-policy: %s", g_str_has_prefix(text, POLICY_BAD
            " ") ? text + strlen(POLICY_BAD " ") : text);
    return BAD;
}

int main(int argc, char **argv)
{
    const char *command = argc >= 2 ? argv[1] : "";

    if (!strcmp(command, "--help") || !strcmp(command, "-h")) {
        print_help(stdout);
        return GOOD;
    }
    if (argc < 2) {
        print_help(stderr);
        return USAGE;
    }
    if (!strcmp(command, "check")) {
        return argc > 2 ? run_check(argc - 2, argv + 2) :
                          wrong_usage("which files?");
    }
    if (strcmp(command, "reload") && strcmp(command, "show")) {
        return wrong_usage("the command must be check, reload or show");
    }
    return argc == 3 ? run_ask(command, argv[2]) :
                       wrong_usage("which socket?");
}
