/*
 * The self-test of a host's KVM: what its guest and its unit test share.
 *
 * Also included by the assembler.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_KVM_SELFTEST_H
#define FRAIL_KVM_SELFTEST_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

/* Guest-physical and, mapped one to one, guest-linear addresses. */
#define SELFTEST_PML4           0x1000
#define SELFTEST_PDPT           0x2000
#define SELFTEST_PD             0x3000
#define SELFTEST_GDT            0x4000
#define SELFTEST_TSS            0x4800
#define SELFTEST_IDT            0x5000
#define SELFTEST_CODE           0x6000
#define SELFTEST_KERNEL_STACK   0x8000      /* top */
#define SELFTEST_USER_STACK     0x9000      /* top */
#define SELFTEST_MEMORY         0xa000

/* As in Linux, so that one STAR serves SYSCALL and SYSRETQ. */
#define SELFTEST_KERNEL_CS      0x10
#define SELFTEST_KERNEL_SS      0x18
#define SELFTEST_USER_SS        0x2b
#define SELFTEST_USER_CS        0x33
#define SELFTEST_TR             0x40

/* The guest says where it is by writing to these ports. */
#define SELFTEST_PORT_ENTRY     0x10        /* reached LSTAR */
#define SELFTEST_PORT_UD        0x11        /* reached the #UD handler */
#define SELFTEST_PORT_EXCEPTION 0x12        /* another exception */

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

#include "frail-kvm.h"

/* The guest's code, to be copied to SELFTEST_CODE. */
extern const uint8_t frail_selftest_start[];
extern const uint8_t frail_selftest_ud[];
extern const uint8_t frail_selftest_exception[];
extern const uint8_t frail_selftest_entry[];
extern const uint8_t frail_selftest_sysretq[];
extern const uint8_t frail_selftest_iretq[];
extern const uint8_t frail_selftest_user[];
extern const uint8_t frail_selftest_user_ud[];
extern const uint8_t frail_selftest_end[];

/* Labels of one piece of assembly: to C they are objects of their own. */
#define SELFTEST_OFFSET(label) \
    ((uintptr_t)(label) - (uintptr_t)frail_selftest_start)
#define SELFTEST_AT(label) (SELFTEST_CODE + SELFTEST_OFFSET(label))

/* How the test reaches KVM; a unit test puts a made-up one here. */
typedef struct FrailKvm {
    /* As ioctl(2). */
    int (*ioctl)(void *opaque, int fd, unsigned long request, void *arg);
    void *opaque;
    unsigned timeout_ms;        /* for all runs of the vCPU together */
} FrailKvm;

int frail_kvm_selftest_on(const FrailKvm *kvm, int kvm_fd, FrailTrap trap,
                          char *why, size_t why_size);

#endif /* __ASSEMBLER__ */
#endif /* FRAIL_KVM_SELFTEST_H */
