/*
 * The basic printers, with pointers that lead nowhere.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE
#include "fake-user.h"

#include <fcntl.h>

static char room[1 << 16];
static FrailText text;
static FrailCall call = { .abi = CALL_ABI_X86_64 };
static FrailDecodeOptions options = {
    .sz = sizeof(options), .string_limit = 32,
    .fd_style = FRAIL_FD_DETAILS,
};

/* The made-up guest: descriptor 3 is open.  They stand for guest/files.c. */
bool guest_fd_text(FrailGuestCpu *cpu, const FrailProcess *p, int fd,
                   bool details, FrailText *out)
{
    g_assert_nonnull(cpu);
    g_assert_nonnull(p);
    if (fd != 3) {
        return false;
    }
    text_str(out, details ? "</dev/null<char 1:3>>" : "</dev/null>");
    return true;
}

bool guest_cwd_text(FrailGuestCpu *cpu G_GNUC_UNUSED,
                    const FrailProcess *p G_GNUC_UNUSED, FrailText *out)
{
    text_str(out, "/root");
    return true;
}

static Printer printer(void)
{
    text_init(&text, room, sizeof(room));
    return (Printer) { .out = &text, .call = &call, .opts = &options };
}

#define PRINTS(expected, unread, print) do { \
        Printer p = printer(); \
        print; \
        g_assert_cmpstr(text_terminate(&text), ==, expected); \
        g_assert_cmpint(p.unreadable, ==, unread); \
    } while (0)

static uint64_t flush_string(const char *s, bool zero)
{
    return fake_user_flush(s, strlen(s) + zero);
}

static void test_strings(void)
{
    char long_path[PATH_MAX + 1], expected[PATH_MAX + 16];

    PRINTS("NULL", false, print_string(&p, 0, 32));
    PRINTS("NULL", false, print_path(&p, 0));
    PRINTS("0x1", true, print_string(&p, 1, 32));
    PRINTS("0xffffffff81000000", true,
           print_path(&p, UINT64_C(0xffffffff81000000)));
    PRINTS("0xffffffffffffffff", true, print_path(&p, UINT64_MAX));
    PRINTS("\"abc\"", false, print_string(&p, flush_string("abc", true), 3));
    PRINTS("\"abc\"...", false,
           print_string(&p, flush_string("abcd", true), 3));
    PRINTS("\"a<b>\\1\\n\"", false,
           print_path(&p, flush_string("a<b>\1\n", true)));

    /* No zero in front of the page that is not there. */
    {
        uint64_t addr = flush_string("abc", false);
        g_autofree char *bare = g_strdup_printf("0x%lx", (long)addr);

        PRINTS(bare, true, print_string(&p, addr, 32));
        PRINTS(bare, true, print_path(&p, addr));
        /* strace asks for one byte more than it shows. */
        PRINTS(bare, true, print_string(&p, addr, 3));
        PRINTS("\"ab\"...", false, print_string(&p, addr, 2));
    }

    memset(long_path, '/', sizeof(long_path));
    long_path[PATH_MAX - 1] = '\0';
    snprintf(expected, sizeof(expected), "\"%s\"", long_path);
    PRINTS(expected, false, print_path(&p, (uintptr_t)long_path));
    long_path[PATH_MAX - 1] = '/';
    long_path[PATH_MAX] = '\0';
    strcat(expected, "...");
    PRINTS(expected, false, print_path(&p, (uintptr_t)long_path));
}

static void test_buffers(void)
{
    uint64_t addr = flush_string("ab\"\\\0011\0032", false);

    PRINTS("\"ab\\\"\\\\\\0011\\0032\"", false, print_buffer(&p, addr, 8));
    PRINTS("\"\"", false, print_buffer(&p, addr, 0));
    PRINTS("NULL", false, print_buffer(&p, 0, 5));
    {
        g_autofree char *bare = g_strdup_printf("0x%lx", (long)addr);

        PRINTS(bare, true, print_buffer(&p, addr, 9));
        PRINTS(bare, true, print_buffer(&p, addr, UINT64_MAX));
    }
    addr = flush_string("0123456789012345678901234567890123", false);
    PRINTS("\"01234567890123456789012345678901\"...", false,
           print_buffer(&p, addr, 34));
    PRINTS("\"01234567890123456789012345678901\"...", false,
           print_buffer(&p, addr, UINT64_MAX));
    PRINTS("\"01234567890123456789012345678901\"", false,
           print_buffer(&p, addr, 32));
}

static void test_words(void)
{
    uint64_t bytes = UINT64_C(0x8877665544332211), word;
    uint64_t addr = fake_user_flush(&bytes, sizeof(bytes));
    Printer p = printer();

    g_assert_true(printer_read_word(&p, addr, &word));
    g_assert_cmphex(word, ==, bytes);
    g_assert_false(printer_read_word(&p, addr + 4, &word));
    g_assert_true(p.unreadable);
    call.abi = CALL_ABI_I386;
    p = printer();
    g_assert_true(printer_read_word(&p, addr + 4, &word));
    g_assert_cmphex(word, ==, 0x88776655);
    g_assert_false(p.unreadable);
    g_assert_cmpuint(printer_read_some(&p, addr + 4, &word, 8), ==, 4);
    g_assert_true(p.unreadable);
    call.abi = CALL_ABI_X86_64;
}

static void test_descriptors(void)
{
    PRINTS("3", false, print_fd(&p, 3));
    PRINTS("AT_FDCWD", false, print_dirfd(&p, AT_FDCWD));
    for (FrailFdStyle s = FRAIL_FD_NUMBER; s <= FRAIL_FD_DETAILS; s++) {
        static const char *const three[] = {
            "3", "3</dev/null>", "3</dev/null<char 1:3>>",
        };

#define KNOWN p.guest = (void *)&call, p.process = (void *)&call
        options.fd_style = s;
        PRINTS(three[s], false, (KNOWN, print_fd(&p, 3)));
        PRINTS(three[s], false, (KNOWN, print_dirfd(&p, 3)));
        PRINTS("4", false, (KNOWN, print_fd(&p, 4)));
        PRINTS("-1", false, (KNOWN, print_fd(&p, -1)));
        PRINTS("-100", false, (KNOWN, print_fd(&p, AT_FDCWD)));
        PRINTS(s == FRAIL_FD_NUMBER ? "AT_FDCWD" : "AT_FDCWD</root>", false,
               (KNOWN, print_dirfd(&p, AT_FDCWD)));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/print/strings", test_strings);
    g_test_add_func("/print/buffers", test_buffers);
    g_test_add_func("/print/words", test_words);
    g_test_add_func("/print/descriptors", test_descriptors);
    return g_test_run();
}
