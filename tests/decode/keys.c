/*
 * Calls of keyctl() with all kinds of arguments, for compare.py: about keys
 * that are none, which fail, and about what the session's keyring is.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include <linux/keyctl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* No key has these numbers: those that are given away are not as large. */
#define NONE    0x7ffffff0
#define OTHER   0x7ffffff1
#define BAD     8ul

static void call(int option, unsigned long a, unsigned long b,
                 unsigned long c, unsigned long d)
{
    syscall(SYS_keyctl, option, a, b, c, d);
}

#define AT(x) ((unsigned long)(uintptr_t)(x))

int main(void)
{
    static char pattern[256], out[256];
    static struct iovec v[2] = { { "hello", 5 }, { "you", 3 } };
    static struct keyctl_dh_params dh = { { 1 }, 2, -3 };
    static struct keyctl_kdf_params kdf = { "sha256", "other", 5, { 0 } };
    static struct keyctl_pkey_params pkey = { NONE, 5, { 6 }, { 0 } };
    static const int own[] = {
        KEYCTL_JOIN_SESSION_KEYRING, KEYCTL_SET_REQKEY_KEYRING,
        KEYCTL_SESSION_TO_PARENT,
    };

    for (unsigned i = 0; i < sizeof(pattern); i++) {
        pattern[i] = i + 1;
    }
    call(KEYCTL_JOIN_SESSION_KEYRING, BAD, 0, 0, 0);
    for (int option = 0; option < 36; option++) {
        int skip = 0;

        for (unsigned i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
            skip = skip || option == own[i];
        }
        if (!skip) {
            call(option, NONE, AT(pattern), 16, OTHER);
            call(option, NONE, 0, 0, 0);
            call(option, NONE, BAD, 1ul << 32 | 9, -1ul);
            call(option, option < KEYCTL_DH_COMPUTE ? NONE : BAD, BAD, BAD,
                 BAD);
        }
    }
    call(KEYCTL_SET_REQKEY_KEYRING, 77, 0, 0, 0);
    for (unsigned long error = 0; error < 140; error++) {
        call(KEYCTL_REJECT, NONE, 1, error, OTHER);
    }
    call(KEYCTL_REJECT, NONE, 1, -1, OTHER);
    call(KEYCTL_INSTANTIATE_IOV, NONE, AT(v), 2, OTHER);
    call(KEYCTL_INSTANTIATE_IOV, NONE, AT(v), 0, -3);
    call(KEYCTL_CHOWN, NONE, -1, 1000, 0);
    call(KEYCTL_SETPERM, NONE, 0x3f3f3f3f, 0, 0);
    for (unsigned i = 0; i < 2; i++) {
        call(KEYCTL_DH_COMPUTE, AT(&dh), AT(out), 16, AT(&kdf));
        call(KEYCTL_DH_COMPUTE, AT(&dh), AT(out), 16, 0);
        call(KEYCTL_DH_COMPUTE, BAD, AT(out), 16, BAD);
        for (int option = KEYCTL_PKEY_QUERY; option <= KEYCTL_PKEY_VERIFY;
             option++) {
            call(option, AT(&pkey), AT("info"), AT(pattern),
                 AT(pattern + 100));
            call(option, NONE, 0, AT("info"), AT(out));
        }
        kdf.__spare[7] = pkey.__spare[0] = 9;
        kdf.hashname = kdf.otherinfo = NULL;
    }
    call(KEYCTL_RESTRICT_KEYRING, NONE, AT("user"), AT("restricted"), 0);
    call(KEYCTL_RESTRICT_KEYRING, NONE, AT("asymmetric"), 0, 0);
    for (int flags = 0; flags < 4; flags++) {
        call(KEYCTL_MOVE, NONE, -3, -4, flags);
    }
    for (unsigned long n = 0; n < 5; n++) {
        call(KEYCTL_CAPABILITIES, AT(out), n, 0, 0);
    }
    call(KEYCTL_CAPABILITIES, 0, 0, 0, 0);
    call(KEYCTL_CAPABILITIES, BAD, 8, 0, 0);
    for (unsigned long n = 0; n < 40; n += 3) {
        memset(out, 0x55, sizeof(out));
        call(KEYCTL_DESCRIBE, -3, AT(out), n, 0);
        memset(out, 0x55, sizeof(out));
        call(KEYCTL_GET_SECURITY, -3, AT(out), n, 0);
        memset(out, 0x55, sizeof(out));
        call(KEYCTL_READ, -3, AT(out), n, 0);
    }
    call(KEYCTL_GET_PERSISTENT, 12345, NONE, 0, 0);
    return 0;
}
