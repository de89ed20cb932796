/*
 * The names of constants, and the words that are made of them.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "decode/names/print.h"

static char text[4096];

static FrailText *start(FrailText *t)
{
    text_init(t, text, sizeof(text));
    return t;
}

#define EXPECT(call, expected) do { \
        FrailText out; \
        FrailText *t = start(&out); \
        call; \
        g_assert_cmpstr(text_terminate(t), ==, expected); \
        g_assert_false(out.cut); \
    } while (0)

/* What the generator promises to the look-up. */
static void tables(void)
{
    size_t names = 0;

    g_assert_cmpuint(xlat_tables_count, >, 300);
    for (size_t i = 0; i < xlat_tables_count; i++) {
        const Xlat *x = xlat_tables[i].xlat;

        g_assert_nonnull(strchr(x->label, '?'));
        g_assert_cmpuint(x->count, >, 0);
        names += x->count;
        for (size_t j = 0; j < x->count; j++) {
            const char *name = x->names[j].name;
            const char *found = xlat_name(x, x->names[j].value);

            g_assert_nonnull(found);
            if (x->sorted) {
                g_assert_cmpstr(found, ==, name);
                g_assert_true(!j || x->names[j - 1].value <
                              x->names[j].value);
            }
            if (x->dense) {
                g_assert_cmpuint(x->names[j].value, ==, j);
            }
        }
    }
    g_assert_cmpuint(names, >, 3000);
}

/* Each flag is printed as its name, unless an earlier one has its bits. */
static void every_flag(void)
{
    for (size_t i = 0; i < xlat_tables_count; i++) {
        const Xlat *x = xlat_tables[i].xlat;

        for (size_t j = 0; j < x->count; j++) {
            bool taken = false;

            for (size_t k = 0; k < j; k++) {
                taken |= (x->names[j].value & x->names[k].value) != 0;
            }
            if (x->sorted) {
                EXPECT(g_assert_true(print_enum(t, x, x->names[j].value)),
                       x->names[j].name);
            } else if (!taken) {
                EXPECT(print_flags(t, x, x->names[j].value),
                       x->names[j].name);
            }
        }
    }
}

/* For any value the parts add up to it again. */
static void flags_add_up(void)
{
    static const uint64_t values[] = {
        UINT64_MAX, UINT32_MAX, 0x5555555555555555, 0xaaaaaaaaaaaaaaaa, 3, 0x11,
    };

    for (size_t i = 0; i < xlat_tables_count; i++) {
        const Xlat *x = xlat_tables[i].xlat;

        if (x->sorted) {
            continue;
        }
        for (size_t v = 0; v < G_N_ELEMENTS(values); v++) {
            FrailText out;
            g_auto(GStrv) parts = NULL;
            uint64_t sum = 0;

            print_flags(start(&out), x, values[v]);
            parts = g_strsplit(text_terminate(&out), "|", -1);
            for (char **p = parts; *p; p++) {
                uint64_t part = strtoull(*p, NULL, 0);

                for (size_t j = 0; j < x->count; j++) {
                    if (!strcmp(x->names[j].name, *p)) {
                        part = x->names[j].value;
                    }
                }
                g_assert_cmpuint(part, !=, 0);
                g_assert_cmpuint(sum & part, ==, 0);
                sum |= part;
            }
            g_assert_cmphex(sum, ==, values[v]);
        }
    }
}

static void unknown(void)
{
    EXPECT(g_assert_false(print_enum(t, &xlat_seek_whence, 7)),
           "0x7 /* SEEK_??? */");
    EXPECT(g_assert_false(print_enum_dec(t, &xlat_syslog_actions, 77)),
           "77 /* SYSLOG_ACTION_??? */");
    EXPECT(g_assert_false(print_enum_dec(t, &xlat_syslog_actions, -1)),
           "-1 /* SYSLOG_ACTION_??? */");
    EXPECT(print_flags(t, &xlat_mmap_prot, 0x40), "0x40 /* PROT_??? */");
    EXPECT(print_flags(t, &xlat_mmap_prot, 0x45), "PROT_READ|PROT_EXEC|0x40");
    EXPECT(print_flags(t, &xlat_mmap_prot, 0), "PROT_NONE");
    EXPECT(print_flags(t, &xlat_madvise, 0), "MADV_NORMAL");
    EXPECT(print_flags(t, &xlat_mremap_flags, 0), "0");
    EXPECT(print_flags_after(t, &xlat_mremap_flags, 0), "");
    EXPECT(print_flags_after(t, &xlat_mremap_flags, 9),
           "|MREMAP_MAYMOVE|0x8");
    g_assert_null(xlat_name(&xlat_seek_whence, UINT64_MAX));
    g_assert_null(xlat_name(&xlat_reboot_cmds, 1));
    g_assert_cmpstr(xlat_name(&xlat_fcntl_cmds, 1030), ==, "F_DUPFD_CLOEXEC");
}

static void devices(void)
{
    EXPECT(write_dev(t, 0x103), "makedev(0x1, 0x3)");
    EXPECT(write_dev(t, 0), "makedev(0, 0)");
    EXPECT(write_dev(t, UINT64_MAX), "makedev(0xffffffff, 0xffffffff)");
    EXPECT(write_mode(t, 0100644), "S_IFREG|0644");
    EXPECT(write_mode(t, 0106755), "S_IFREG|S_ISUID|S_ISGID|0755");
    EXPECT(write_mode(t, 0041777), "S_IFDIR|S_ISVTX|0777");
    EXPECT(write_mode(t, 0020000), "S_IFCHR|000");
}

static void signals(void)
{
    static const uint8_t many[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0x03 };
    static const uint8_t fewer[8] = { 0xfe, 0xff, 0xff, 0xff, 0xff, 0x03 };
    static const uint8_t all[8] = { 255, 255, 255, 255, 255, 255, 255, 255 };
    static const uint8_t but[8] = { 255, 255, 255, 127, 254, 255, 255, 255 };
    static const uint8_t int_term[8] = { 0x02, 0x40 };
    static const uint8_t none[8];
    static const uint8_t mips[16] = { [8] = 1 };

    EXPECT(write_signal(t, 2), "SIGINT");
    EXPECT(write_signal(t, 32), "SIGRTMIN");
    EXPECT(write_signal(t, 33), "SIGRT_1");
    EXPECT(write_signal(t, 64), "SIGRT_32");
    EXPECT(write_signal(t, 65), "65");
    EXPECT(write_signal(t, 0), "0");
    EXPECT(write_signal(t, -1), "-1");
    EXPECT(write_signal(t, INT32_MIN), "-2147483648");

    EXPECT(write_sigset(t, none, 8), "[]");
    EXPECT(write_sigset(t, none, 0), "[]");
    EXPECT(write_sigset(t, all, 8), "~[]");
    EXPECT(write_sigset(t, but, 8), "~[RTMIN RT_1]");
    EXPECT(write_sigset(t, int_term, 8), "[INT TERM]");
    EXPECT(write_sigset(t, int_term, 1), "[INT]");
    EXPECT(write_sigset(t, mips, 16), "[65]");
    EXPECT(write_sigset(t, all, 4), "~[]");
    EXPECT({
        write_sigset(t, many, 8);
        g_assert_cmpint(text[0], ==, '~');
        t->len = 0;
        write_sigset(t, fewer, 8);
        g_assert_cmpint(text[0], ==, '[');
        t->len = 0;
    }, "");

    EXPECT(write_si_code(t, 11, 1), "SEGV_MAPERR");
    EXPECT(write_si_code(t, 17, 1), "CLD_EXITED");
    EXPECT(write_si_code(t, 17, 0), "SI_USER");
    EXPECT(write_si_code(t, 10, -6), "SI_TKILL");
    EXPECT(write_si_code(t, 10, 77), "0x4d");
}

static void errors(void)
{
    EXPECT(print_errno(t, 2), "ENOENT (No such file or directory)");
    EXPECT(print_errno(t, 512),
           "ERESTARTSYS (To be restarted if SA_RESTART is set)");
    EXPECT(print_errno(t, 513), "ERESTARTNOINTR (To be restarted)");
    EXPECT(print_errno(t, 514),
           "ERESTARTNOHAND (To be restarted if no handler)");
    EXPECT(print_errno(t, 516),
           "ERESTART_RESTARTBLOCK (Interrupted by signal)");
    EXPECT(print_errno(t, 524), "ENOTSUPP (Unknown error 524)");
    EXPECT(print_errno(t, 4095), "0xfff");
    EXPECT(print_errno(t, -1), "0xffffffff");
    for (int err = 1; err < 134; err++) {
        if (frail_errno_text(err)) {
            g_assert_cmpstr(frail_errno_text(err), ==, g_strerror(err));
        }
    }
}

static void capabilities(void)
{
    EXPECT(write_capset(t, 0), "0");
    EXPECT(write_capset(t, 1 << 0 | 1 << 21), "1<<CAP_CHOWN|1<<CAP_SYS_ADMIN");
    EXPECT(write_capset(t, UINT64_C(1) << 40 | UINT64_C(1) << 63),
           "1<<CAP_CHECKPOINT_RESTORE|0x8000000000000000");
    EXPECT(write_capset(t, UINT64_C(1) << 63),
           "0x8000000000000000 /* CAP_??? */");
}

static void requests(void)
{
    const Xlat *x = &xlat_ioctl_requests;

    for (size_t i = 0; i < x->count; i++) {
        g_assert_true(!i || x->names[i - 1].value < x->names[i].value);
        EXPECT(g_assert_true(print_ioctl_request(t, x->names[i].value)),
               x->names[i].name);
    }
    g_assert_cmpuint(x->count, >, 3000);
    EXPECT(g_assert_true(print_ioctl_request(t, 0x5413)), "TIOCGWINSZ");
    EXPECT(g_assert_true(print_ioctl_request(t, 0x541b)), "FIONREAD");
    EXPECT(g_assert_true(print_ioctl_request(t, 0xae80)), "KVM_RUN");
    EXPECT(g_assert_true(print_ioctl_request(t, 0xc0d05605)), "VIDIOC_S_FMT");
    EXPECT(g_assert_false(print_ioctl_request(t, 0x80045401)),
           "_IOC(_IOC_READ, 0x54, 0x1, 0x4)");
    EXPECT(g_assert_false(print_ioctl_request(t, UINT32_MAX)),
           "_IOC(_IOC_READ|_IOC_WRITE, 0xff, 0xff, 0x3fff)");
    EXPECT(g_assert_false(print_ioctl_request(t, 0)),
           "_IOC(_IOC_NONE, 0, 0, 0)");
}

/* Whatever a guest passes, at whatever size of buffer. */
static void nonsense(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);

    for (unsigned i = 0; i < 20000; i++) {
        uint64_t v = (uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand);
        uint32_t w = v >> (v & 31);
        char small[64];
        FrailText out;
        FrailText *t = &out;

        text_init(t, small, v % sizeof(small));
        print_flags(t, xlat_tables[v % xlat_tables_count].xlat, v);
        print_enum(t, xlat_tables[v % xlat_tables_count].xlat, w);
        t->len = 0;
        write_clone_flags(t, v);
        write_mmap_flags(t, v);
        t->len = 0;
        write_futex_op(t, w);
        write_futex_wake_op(t, w);
        write_sockopt_name(t, w & 0x1ff, w >> 9, v & 1);
        t->len = 0;
        write_socket_type(t, w);
        write_socket_protocol(t, w & 0x3f, w);
        write_si_code(t, w & 0x7f, w);
        print_errno(t, w);
        t->len = 0;
        print_ioctl_request(t, w);
        write_capset(t, v);
        write_sigset(t, &v, v & 7);
        g_assert_cmpuint(t->len, <=, t->size);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xlat/tables", tables);
    g_test_add_func("/xlat/every-flag", every_flag);
    g_test_add_func("/xlat/flags-add-up", flags_add_up);
    g_test_add_func("/xlat/unknown", unknown);
    g_test_add_func("/xlat/devices", devices);
    g_test_add_func("/xlat/signals", signals);
    g_test_add_func("/xlat/errors", errors);
    g_test_add_func("/xlat/capabilities", capabilities);
    g_test_add_func("/xlat/requests", requests);
    g_test_add_func("/xlat/nonsense", nonsense);
    return g_test_run();
}
