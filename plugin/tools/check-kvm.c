/*
 * frail-check-kvm: can this host's KVM trace a guest's system calls?
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frail-kvm.h"

#define DEVICE "/dev/kvm"

/* Exit codes: scripts choose the accelerator by them. */
enum {
    CAN = 0,
    CANNOT = 1,
    USAGE = 2,
};

static void print_help(FILE *to)
{
    fputs("Usage: frail-check-kvm [sce|lstar]\n"
          "\n"
          "Say whether this host's KVM can trace the system calls of a guest"
          ",\nby trying it with a tiny guest.  The trap is the one of\n"
          "-accel kvm,frail=on,frail-trap=...; sce when none is given.\n"
          "\n"
          "Exit code: 0 it can, 1 it cannot, 2 wrong usage.\n", to);
}

int main(int argc, char **argv)
{
    FrailTrap trap = FRAIL_TRAP_SCE;
    char why[256] = "";
    int fd, err;

    if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        print_help(stdout);
        return CAN;
    }
    if (argc == 2 && !strcmp(argv[1], "lstar")) {
        trap = FRAIL_TRAP_LSTAR;
    } else if (argc > 2 || (argc == 2 && strcmp(argv[1], "sce"))) {
        print_help(stderr);
        return USAGE;
    }

    fd = open(DEVICE, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        printf("no: cannot open " DEVICE ": %s\n", strerror(errno));
        return CANNOT;
    }
    err = frail_kvm_selftest(fd, trap, why, sizeof(why));
    close(fd);
    if (err < 0) {
        printf("no: %s\n", *why ? why : strerror(-err));
        return CANNOT;
    }
    printf("yes: frail-trap=%s works on this host\n",
           trap == FRAIL_TRAP_SCE ? "sce" : "lstar");
    return CAN;
}
