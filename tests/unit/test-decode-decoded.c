/*
 * Calls decoded at entry and at return.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include "fake-user.h"

#include <errno.h>
#include <fcntl.h>

#include "decode/decode.h"
#include "decode/pool.h"

static FrailDecodeOptions options = {
    .sz = sizeof(options), .string_limit = 32,
    .fd_style = FRAIL_FD_NUMBER,
};
static DecodePool *pool;

static FrailCall new_call(unsigned abi, const char *name)
{
    FrailCall c = { .pool = pool, .abi = abi };

    c.nr = frail_syscall_number((FrailAbi)abi, name);
    g_assert_cmpint(c.nr, >=, 0);
    return c;
}

/* All arguments as strace puts them together. */
static char *text_of(const FrailDecoded *d)
{
    GString *s = g_string_new(NULL);

    for (unsigned i = 0; i < frail_decoded_arg_count(d); i++) {
        g_assert_nonnull(frail_decoded_arg_name(d, i));
        g_string_append_printf(s, "%s%s%s%s", i ? ", " : "",
            frail_decoded_arg_flags(d, i) & FRAIL_ARG_NAMED ?
                frail_decoded_arg_name(d, i) : "",
            frail_decoded_arg_flags(d, i) & FRAIL_ARG_NAMED ? "=" : "",
            frail_decoded_arg_text(d, i));
    }
    return g_string_free(s, FALSE);
}

static void leave(FrailDecoded *d, FrailCall *c, int64_t result)
{
    c->has_result = true;
    c->result = result;
    frail_decoded_finish(d, c);
}

#define TEXT(d, expected) do { \
        g_autofree char *text_ = text_of(d); \
        g_assert_cmpstr(text_, ==, expected); \
    } while (0)

static void test_out(void)
{
    char buffer[64] = "before";
    g_autofree char *bare = g_strdup_printf("3, %#lx, 64", (long)buffer);
    FrailCall c = new_call(CALL_ABI_X86_64, "read");
    FrailDecoded *d;

    memcpy(c.args, (uint64_t[]) { 3, (uintptr_t)buffer, 64 }, 24);
    d = frail_call_decode(&c, &options);
    g_assert_cmpstr(frail_decoded_name(d), ==, "read");
    TEXT(d, "3, , 64");
    g_assert_cmpuint(frail_decoded_arg_flags(d, 0), ==, 0);
    g_assert_cmpuint(frail_decoded_arg_flags(d, 1), ==, FRAIL_ARG_OUT);
    g_assert_cmpuint(frail_decoded_arg_flags(d, 3), ==, 0);
    g_assert_null(frail_decoded_arg_text(d, 3));
    strcpy(buffer, "what\nthe kernel");
    leave(d, &c, 15);
    TEXT(d, "3, \"what\\nthe kernel\", 64");
    g_assert_cmpstr(frail_decoded_result(d), ==, "15");
    frail_decoded_free(d);

    d = frail_call_decode(&c, &options);
    leave(d, &c, -EINTR);
    TEXT(d, bare);
    g_assert_cmpstr(frail_decoded_result(d), ==,
                    "-1 EINTR (Interrupted system call)");
    frail_decoded_free(d);

    /* Made again, by a code that is not seen; and one that is. */
    d = frail_call_decode(&c, &options);
    c.has_result = false;
    c.restarts = true;
    frail_decoded_finish(d, &c);
    TEXT(d, bare);
    g_assert_cmpstr(frail_decoded_result(d), ==, "? ERESTARTSYS (To be "
                    "restarted if SA_RESTART is set)");
    leave(d, &c, -514);
    g_assert_cmpstr(frail_decoded_result(d), ==,
                    "? ERESTARTNOHAND (To be restarted if no handler)");
    c.has_result = c.restarts = false;
    frail_decoded_finish(d, &c);
    g_assert_cmpstr(frail_decoded_result(d), ==, "?");
    leave(d, &c, -4095);
    g_assert_cmpstr(frail_decoded_result(d), ==,
                    "-1 ERRNO_4095 (Unknown error 4095)");
    frail_decoded_free(d);
}

/* A path that the kernel has to page in. */
static void test_retry(void)
{
    size_t page = getpagesize();
    char *map = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
                     -1, 0);
    g_autofree char *bare = g_strdup_printf("AT_FDCWD, %#lx, "
                                            "O_WRONLY|O_CREAT, 0644",
                                            (long)map);
    FrailCall c = new_call(CALL_ABI_X86_64, "openat");
    FrailDecoded *d;

    memcpy(c.args, (uint64_t[]) { (uint32_t)AT_FDCWD, (uintptr_t)map,
           O_WRONLY | O_CREAT, 0644 }, 32);
    d = frail_call_decode(&c, &options);
    TEXT(d, bare);
    g_assert_cmpuint(frail_decoded_arg_flags(d, 1), ==, FRAIL_ARG_UNREADABLE);
    leave(d, &c, -EFAULT);
    TEXT(d, bare);
    g_assert_cmpuint(frail_decoded_arg_flags(d, 1), ==, FRAIL_ARG_UNREADABLE);
    mprotect(map, page, PROT_READ | PROT_WRITE);
    strcpy(map, "/etc/x");
    leave(d, &c, 3);
    TEXT(d, "AT_FDCWD, \"/etc/x\", O_WRONLY|O_CREAT, 0644");
    g_assert_cmpuint(frail_decoded_arg_flags(d, 1), ==, 0);
    g_assert_cmpstr(frail_decoded_result(d), ==, "3");
    frail_decoded_free(d);

    /* Without O_CREAT there is no mode. */
    c.args[2] = 0;
    d = frail_call_decode(&c, &options);
    TEXT(d, "AT_FDCWD, \"/etc/x\", O_RDONLY");
    frail_decoded_free(d);
    munmap(map, page);
}

/* After execve the pointers are those of another program. */
static void test_exec(void)
{
    size_t page = getpagesize();
    char *map = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
                     -1, 0);
    uint64_t argv[] = { (uintptr_t)"ls", (uintptr_t)"-l", 1, 0 };
    uint64_t envp[] = { 1, 2, 0 };
    g_autofree char *expected = g_strdup_printf(
        "%#lx, [\"ls\", \"-l\", 0x1], %#lx /* 2 vars */", (long)map,
        (long)envp);
    FrailCall c = new_call(CALL_ABI_X86_64, "execve");
    FrailDecoded *d;

    memcpy(c.args, (uint64_t[]) { (uintptr_t)map, (uintptr_t)argv,
           (uintptr_t)envp }, 24);
    d = frail_call_decode(&c, &options);
    mprotect(map, page, PROT_READ | PROT_WRITE);
    strcpy(map, "not what it was");
    leave(d, &c, 0);
    TEXT(d, expected);
    frail_decoded_free(d);
    munmap(map, page);
}

/* 32-bit callers: pointers of 4 bytes, offsets in two registers. */
static void test_i386(void)
{
    char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    uint32_t *args = (uint32_t *)low;
    FrailCall c = new_call(CALL_ABI_I386, "truncate64");
    FrailDecoded *d;

    strcpy(low + 1024, "/x");
    memcpy(c.args, (uint64_t[]) { (uintptr_t)low + 1024, 5, 1 }, 24);
    d = frail_call_decode(&c, &options);
    TEXT(d, "\"/x\", 4294967301");
    g_assert_cmphex(frail_decoded_arg_raw(d, 1), ==, 0x100000005);
    frail_decoded_free(d);

    /* socketcall(SYS_SOCKET), its arguments changed before it returns */
    c = new_call(CALL_ABI_I386, "socketcall");
    memcpy(args, (uint32_t[]) { 1, 02000001, 0 }, 12);
    memcpy(c.args, (uint64_t[]) { 1, (uintptr_t)low }, 16);
    d = frail_call_decode(&c, &options);
    memset(args, 0xff, 12);
    leave(d, &c, 3);
    g_assert_cmpstr(frail_decoded_name(d), ==, "socket");
    TEXT(d, "AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0");
    g_assert_cmphex(frail_decoded_arg_raw(d, 1), ==, 02000001);
    g_assert_cmphex(frail_decoded_arg_raw(d, 3), ==, 0);
    frail_decoded_free(d);

    /* socketcall(SYS_SETSOCKOPT): option 64 is another one for getsockopt */
    memcpy(args, (uint32_t[]) { 3, 0, 64, 0, 0 }, 20);
    c.args[0] = 14;
    d = frail_call_decode(&c, &options);
    TEXT(d, "3, SOL_IP, IPT_SO_SET_REPLACE, NULL, 0");
    frail_decoded_free(d);
    c.args[0] = 1;

    c.args[1] = 16;
    d = frail_call_decode(&c, &options);
    g_assert_cmpstr(frail_decoded_name(d), ==, "socketcall");
    TEXT(d, "1, 0x10");
    frail_decoded_free(d);
    c.args[0] = 0xffffffff;
    d = frail_call_decode(&c, &options);
    TEXT(d, "-1, 0x10");
    frail_decoded_free(d);

    c = new_call(CALL_ABI_I386, "mmap");
    memcpy(args, (uint32_t[]) { 0, 4096, 3, 0x22, -1, 0 }, 24);
    c.args[0] = (uintptr_t)low;
    d = frail_call_decode(&c, &options);
    leave(d, &c, (int32_t)0xf7000000);
    TEXT(d, "NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, "
         "-1, 0");
    g_assert_cmpstr(frail_decoded_result(d), ==, "0xf7000000");
    frail_decoded_free(d);
    munmap(low, 4096);
}

/* No table has it: six numbers. */
static void test_unknown(void)
{
    FrailCall c = { .pool = pool, .nr = 9999, .args = { 0, 1, 2, 3, 4, 5 } };
    FrailDecoded *d = frail_call_decode(&c, &options);

    g_assert_null(frail_decoded_name(d));
    TEXT(d, "0, 0x1, 0x2, 0x3, 0x4, 0x5");
    g_assert_cmpuint(frail_decoded_arg_flags(d, 5), ==, FRAIL_ARG_RAW);
    leave(d, &c, -ENOSYS);
    g_assert_cmpstr(frail_decoded_result(d), ==,
                    "-1 ENOSYS (Function not implemented)");
    frail_decoded_free(d);
}

/* More text than there is room for is cut, and says so. */
static void test_long(void)
{
    FrailDecodeOptions all = options;
    FrailCall c = new_call(CALL_ABI_X86_64, "execve");
    g_autofree uint64_t *argv = g_new0(uint64_t, 5001);
    FrailDecoded *d;

    all.verbose = true;
    all.string_limit = 4096;
    for (unsigned i = 0; i < 5000; i++) {
        argv[i] = (uintptr_t)"\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1";
    }
    memcpy(c.args, (uint64_t[]) { (uintptr_t)"/x", (uintptr_t)argv,
           (uintptr_t)argv }, 24);
    d = frail_call_decode(&c, &all);
    leave(d, &c, -E2BIG);
    g_assert_cmpuint(frail_decoded_arg_count(d), ==, 3);
    g_assert_cmpuint(frail_decoded_arg_flags(d, 0), ==, 0);
    g_assert_cmpuint(frail_decoded_arg_flags(d, 1), ==, FRAIL_ARG_CUT);
    g_assert_cmpuint(frail_decoded_arg_flags(d, 2), ==, FRAIL_ARG_CUT);
    g_assert_cmpuint(strlen(frail_decoded_arg_text(d, 1)), <,
                     POOL_BLOCK_MAX);
    g_assert_cmpstr(frail_decoded_arg_text(d, 2), ==, "");
    g_assert_nonnull(frail_decoded_result(d));
    frail_decoded_free(d);
}

/* Too many at once: NULL, and as good as before when they are freed. */
static void test_bound(void)
{
    FrailCall c = new_call(CALL_ABI_X86_64, "getpid");
    g_autofree FrailDecoded **list = g_new0(FrailDecoded *, 1 << 18);
    unsigned n = 0;

    while (n < 1 << 18 && (list[n] = frail_call_decode(&c, &options))) {
        n++;
    }
    g_assert_cmpuint(n, >=, FRAIL_DECODED_MAX);
    g_assert_cmpuint(n, <, 1 << 18);
    for (unsigned i = 0; i < n; i++) {
        frail_decoded_free(list[i]);
    }
    list[0] = frail_call_decode(&c, &options);
    g_assert_nonnull(list[0]);
    frail_decoded_free(list[0]);
    frail_decoded_free(NULL);
}

/* Every call with every kind of bad argument: nothing but text comes of it. */
static void test_hostile(void)
{
    static const uint64_t bad[] = {
        0, 1, 0x7fffffff, 0x80000000, 0xffffffff, UINT64_MAX, INT64_MAX,
        UINT64_C(0xffff800000000000), UINT64_C(0x7ffffffff000), 4096, 8, 200,
    };
    /* Rubbish, flush against a page that is not there. */
    g_autofree char *bytes = g_malloc(8192);
    uint64_t pointers[4];
    GRand *rand = g_rand_new_with_seed(1);
    FrailDecodeOptions o = options;

    for (unsigned i = 0; i < 8192; i++) {
        bytes[i] = g_rand_boolean(rand) ? g_rand_int(rand) : 0;
    }
    pointers[0] = fake_user_flush(bytes, 8192);
    pointers[1] = pointers[0] + 8192 - 4;
    pointers[2] = pointers[0] + 8192 - 40;
    pointers[3] = pointers[0] + 8192 - 1;
    for (unsigned abi = 0; abi < FRAIL_ABIS; abi++) {
        for (unsigned nr = 0; nr < frail_syscall_table_size(abi); nr++) {
            for (unsigned round = 0; round < 40; round++) {
                FrailCall c = { .pool = pool, .abi = abi, .nr = nr };
                FrailDecoded *d;

                for (unsigned i = 0; i < 6; i++) {
                    c.args[i] = g_rand_boolean(rand) ?
                        pointers[g_rand_int_range(rand, 0, 4)] :
                        bad[g_rand_int_range(rand, 0, G_N_ELEMENTS(bad))];
                }
                o.verbose = round & 1;
                o.string_limit = round & 2 ? 32 : G_MAXUINT32;
                d = frail_call_decode(&c, &o);
                g_assert_nonnull(d);
                leave(d, &c, round & 4 ? -EFAULT :
                      (int64_t)bad[g_rand_int_range(rand, 0,
                                                    G_N_ELEMENTS(bad))]);
                g_assert_nonnull(frail_decoded_result(d));
                g_free(text_of(d));
                frail_decoded_free(d);
            }
        }
    }
    g_rand_free(rand);
}

int main(int argc, char **argv)
{
    int rc;

    g_test_init(&argc, &argv, NULL);
    pool = pool_new();
    g_test_add_func("/decoded/out", test_out);
    g_test_add_func("/decoded/retry", test_retry);
    g_test_add_func("/decoded/exec", test_exec);
    g_test_add_func("/decoded/i386", test_i386);
    g_test_add_func("/decoded/unknown", test_unknown);
    g_test_add_func("/decoded/long", test_long);
    g_test_add_func("/decoded/bound", test_bound);
    g_test_add_func("/decoded/hostile", test_hostile);
    rc = g_test_run();
    pool_free(pool);
    return rc;
}
