/*
 * The tables of system calls and of error numbers.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#include "decode/decode.h"

/* Every name leads back to its number. */
static void test_round_trip(void)
{
    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        unsigned size = frail_syscall_table_size(abi);
        unsigned names = 0;

        g_assert_cmpuint(size, >, 450);
        for (unsigned nr = 0; nr < size; nr++) {
            const char *name = frail_syscall_name(abi, nr);

            if (name) {
                names++;
                g_assert_cmpint(frail_syscall_number(abi, name), ==, nr);
                g_assert_cmpuint(frail_syscall_arg_count(abi, nr), <=, 6);
            }
        }
        g_assert_cmpuint(names, >, 350);
        g_assert_nonnull(frail_syscall_name(abi, size - 1));
    }
}

static void test_outside(void)
{
    static const int64_t numbers[] = {
        -1, 387, 100000, 0x40000000, INT64_MAX, INT64_MIN,
    };

    for (unsigned abi = 0; abi <= FRAIL_ABIS; abi++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
            g_assert_null(frail_syscall_name(abi, numbers[i]));
            g_assert_cmpuint(frail_syscall_arg_count(abi, numbers[i]), ==, 6);
        }
        g_assert_cmpint(frail_syscall_number(abi, ""), ==, -ENOENT);
        g_assert_cmpint(frail_syscall_number(abi, "zzz"), ==, -ENOENT);
        g_assert_cmpint(frail_syscall_number(abi, "opena"), ==, -ENOENT);
        g_assert_cmpint(frail_syscall_number(abi, "Open"), ==, -ENOENT);
        g_assert_cmpint(frail_syscall_number(abi, NULL), ==, -ENOENT);
    }
    g_assert_null(frail_syscall_name(FRAIL_ABIS, 0));
    g_assert_cmpint(frail_syscall_number(FRAIL_ABIS, "read"), ==, -ENOENT);
    g_assert_cmpuint(frail_syscall_table_size(FRAIL_ABIS), ==, 0);
    g_assert_null(frail_syscall_name(-1, 0));
}

/* From the manual pages; the tables come from elsewhere. */
static void test_known(void)
{
    static const struct {
        FrailAbi abi;
        int nr;
        const char *name;
        unsigned args;
    } known[] = {
        { FRAIL_ABI_X86_64, 0, "read", 3 },
        { FRAIL_ABI_X86_64, 9, "mmap", 6 },
        { FRAIL_ABI_X86_64, 15, "rt_sigreturn", 0 },
        { FRAIL_ABI_X86_64, 39, "getpid", 0 },
        { FRAIL_ABI_X86_64, 40, "sendfile", 4 },
        { FRAIL_ABI_X86_64, 56, "clone", 5 },
        { FRAIL_ABI_X86_64, 59, "execve", 3 },
        { FRAIL_ABI_X86_64, 63, "uname", 1 },
        { FRAIL_ABI_X86_64, 72, "fcntl", 3 },
        { FRAIL_ABI_X86_64, 166, "umount2", 2 },
        { FRAIL_ABI_X86_64, 202, "futex", 6 },
        { FRAIL_ABI_X86_64, 231, "exit_group", 1 },
        { FRAIL_ABI_X86_64, 257, "openat", 4 },
        { FRAIL_ABI_X86_64, 262, "newfstatat", 4 },
        { FRAIL_ABI_X86_64, 295, "preadv", 5 },
        { FRAIL_ABI_X86_64, 328, "pwritev2", 6 },
        { FRAIL_ABI_X86_64, 435, "clone3", 2 },
        { FRAIL_ABI_X86_64, 462, "mseal", 3 },
        { FRAIL_ABI_X86_64, 469, "file_setattr", 5 },
        { FRAIL_ABI_X32, 0, "read", 3 },
        { FRAIL_ABI_X32, 513, "rt_sigreturn", 0 },
        { FRAIL_ABI_X32, 520, "execve", 3 },
        { FRAIL_ABI_X32, 534, "preadv", 4 },
        { FRAIL_ABI_X32, 547, "pwritev2", 5 },
        { FRAIL_ABI_I386, 1, "exit", 1 },
        { FRAIL_ABI_I386, 3, "read", 3 },
        { FRAIL_ABI_I386, 22, "umount", 1 },
        { FRAIL_ABI_I386, 82, "select", 1 },
        { FRAIL_ABI_I386, 90, "mmap", 1 },
        { FRAIL_ABI_I386, 102, "socketcall", 2 },
        { FRAIL_ABI_I386, 119, "sigreturn", 0 },
        { FRAIL_ABI_I386, 140, "_llseek", 5 },
        { FRAIL_ABI_I386, 142, "_newselect", 5 },
        { FRAIL_ABI_I386, 180, "pread64", 5 },
        { FRAIL_ABI_I386, 192, "mmap2", 6 },
        { FRAIL_ABI_I386, 193, "truncate64", 3 },
        { FRAIL_ABI_I386, 212, "chown32", 3 },
        { FRAIL_ABI_I386, 339, "fanotify_mark", 6 },
        { FRAIL_ABI_I386, 422, "futex_time64", 6 },
        { FRAIL_ABI_I386, 469, "file_setattr", 5 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        g_assert_cmpstr(frail_syscall_name(known[i].abi, known[i].nr), ==,
                        known[i].name);
        g_assert_cmpuint(frail_syscall_arg_count(known[i].abi, known[i].nr),
                         ==, known[i].args);
    }
}

/* Newer than some libseccomp: what it does not know it cannot refute. */
static void test_seccomp(void)
{
#ifdef HAVE_SECCOMP
    static const uint32_t arch[FRAIL_ABIS] = {
        [FRAIL_ABI_X86_64] = SCMP_ARCH_X86_64,
        [FRAIL_ABI_X32] = SCMP_ARCH_X32,
        [FRAIL_ABI_I386] = SCMP_ARCH_X86,
    };

    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        int bit = abi == FRAIL_ABI_X32 ? 0x40000000 : 0;
        unsigned compared = 0;

        for (int nr = 0; nr < 1024; nr++) {
            char *theirs = seccomp_syscall_resolve_num_arch(arch[abi],
                                                            nr | bit);
            const char *ours = frail_syscall_name(abi, nr);

            if (theirs) {
                compared++;
                g_assert_cmpstr(ours, ==, theirs);
                free(theirs);
            }
        }
        g_test_message("abi %u: %u calls as libseccomp has them", abi,
                       compared);
        g_assert_cmpuint(compared, >, 340);
    }
#else
    g_test_skip("built without libseccomp, nothing to compare with");
#endif
}

static void test_nearest(void)
{
    g_assert_cmpstr(frail_syscall_nearest("opennat"), ==, "openat");
    g_assert_cmpstr(frail_syscall_nearest("clock_getime"), ==,
                    "clock_gettime");
    g_assert_cmpstr(frail_syscall_nearest("exitgroup"), ==, "exit_group");
    g_assert_null(frail_syscall_nearest("rumpelstilzchen"));
    g_assert_null(frail_syscall_nearest(
        "a_name_that_is_very_much_longer_than_any_system_call_has"));
}

static void test_errno(void)
{
    g_assert_null(frail_errno_name(0));
    g_assert_null(frail_errno_name(-1));
    g_assert_null(frail_errno_name(G_MININT));
    g_assert_null(frail_errno_name(G_MAXINT));
    g_assert_null(frail_errno_name(4095));
    g_assert_null(frail_errno_name(41));
    g_assert_cmpstr(frail_errno_name(2), ==, "ENOENT");
    g_assert_cmpstr(frail_errno_name(512), ==, "ERESTARTSYS");
    g_assert_cmpstr(frail_errno_name(513), ==, "ERESTARTNOINTR");
    g_assert_cmpstr(frail_errno_name(514), ==, "ERESTARTNOHAND");
    g_assert_cmpstr(frail_errno_name(516), ==, "ERESTART_RESTARTBLOCK");
#if defined(__linux__) && defined(__x86_64__) && defined(__GLIBC__) && \
    __GLIBC_PREREQ(2, 32)
    for (int err = 1; err < 512; err++) {
        g_assert_cmpstr(frail_errno_name(err), ==, strerrorname_np(err));
    }
#endif
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/decode/round-trip", test_round_trip);
    g_test_add_func("/decode/outside", test_outside);
    g_test_add_func("/decode/known", test_known);
    g_test_add_func("/decode/seccomp", test_seccomp);
    g_test_add_func("/decode/nearest", test_nearest);
    g_test_add_func("/decode/errno", test_errno);
    return g_test_run();
}
