/*
 * Write the seeds of the fuzzers to DIRECTORY/NAME/: what is sound, so that
 * changes to it get far.
 *
 *     fuzz-seeds DIRECTORY
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <bpf/btf.h>
#include <glib/gstdio.h>
#include <stdio.h>

#include "fuzz.h"

static const char *directory;

static void save(const char *fuzzer, const char *name, const GByteArray *a)
{
    g_autofree char *dir = g_build_filename(directory, fuzzer, NULL);
    g_autofree char *path = g_build_filename(dir, name, NULL);

    if (g_mkdir_with_parents(dir, 0777) ||
        !g_file_set_contents(path, (const char *)a->data, a->len, NULL)) {
        g_error("%s cannot be written", path);
    }
}

static void add(GByteArray *a, const void *bytes, size_t len)
{
    g_byte_array_append(a, bytes, len);
}

static void add64(GByteArray *a, uint64_t value)
{
    add(a, &value, 8);
}

static void entry(GByteArray *a, unsigned page, unsigned index,
                  uint64_t value)
{
    uint16_t at = page * 512 + index;

    add(a, &at, 2);
    add64(a, value);
}

/* Four levels, five, and a large page. */
static void seed_mem(void)
{
    static const char *const names[] = { "4-levels", "5-levels", "2-mib" };

    for (unsigned i = 0; i < 3; i++) {
        g_autoptr(GByteArray) a = g_byte_array_new();
        unsigned levels = i == 1 ? 5 : i == 2 ? 3 : 4;

        add64(a, 0xff8);                    /* va: across two pages */
        add64(a, 0x1000);
        add64(a, (i == 1) | 2 | 64 << 16);
        for (unsigned l = 1; l <= levels; l++) {
            bool last = l == levels;

            entry(a, l, 0, (i == 2 && last ? 0 : (l + 1) * 0x1000) | 7 |
                  (i == 2 && last ? 0x80 : 0));
            if (last) {
                entry(a, l, 1, 0x7007);
            }
        }
        save("mem", names[i], a);
    }
}

static void seed_btf(void)
{
    static const FgLayout layouts[] = { FG_CURRENT_TASK, FG_PCPU_HOT };

    for (unsigned i = 0; i < G_N_ELEMENTS(layouts); i++) {
        FgOptions opts = { .layout = layouts[i], .old_names = i };
        size_t len;
        g_autofree uint8_t *btf = fg_make_btf(&opts, &len);
        g_autoptr(GByteArray) a = g_byte_array_new();
        struct btf_header h;
        uint16_t strings;
        uint8_t way = 2;

        memcpy(&h, btf, sizeof(h));
        /* Without the padding, which is the last of the strings. */
        strings = h.str_len - 66002;
        add(a, &way, 1);
        add(a, &strings, 2);
        add(a, btf + h.hdr_len + h.str_off + 1, strings);
        add(a, btf + h.hdr_len + h.type_off, h.type_len);
        save("btf", i ? "pcpu-hot" : "current-task", a);
        if (!i) {
            /* The same, and a banner, as a piece of an image. */
            way = 1;
            g_byte_array_set_size(a, 0);
            add(a, &way, 1);
            add(a, "Linux version 6.1\n", 18);
            add(a, btf, 200);
            save("btf", "image", a);
        }
    }
}

static void change(GByteArray *a, unsigned where, unsigned how,
                   unsigned index, uint64_t value)
{
    uint8_t head[2] = { where, how };
    uint16_t at = index;

    add(a, head, 2);
    add(a, &at, 2);
    add64(a, value);
}

/* A few changes of each kind, over all of the pointers. */
static void seed_changes(const char *fuzzer, unsigned where, unsigned n)
{
    for (unsigned how = 0; how < 6; how++) {
        g_autofree char *name = g_strdup_printf("%u-%u", where, how);
        g_autoptr(GByteArray) a = g_byte_array_new();

        for (unsigned i = 0; i < n; i++) {
            change(a, where, how, i * 53, how == 1 ? 8 : i * 1117);
        }
        save(fuzzer, name, a);
    }
}

/* Each call, with arguments that lead into the caller's memory. */
static void seed_decode(void)
{
    for (unsigned abi = 0; abi < 3; abi++) {
        for (unsigned nr = 0; nr < 470; nr++) {
            g_autofree char *name = g_strdup_printf("%u-%03u", abi, nr);
            g_autoptr(GByteArray) a = g_byte_array_new();
            uint8_t flags = abi | (nr & 1) << 4 | (nr % 3) << 5;
            uint16_t number = nr;

            while (flags % 3 != abi) {
                flags += 32;
            }
            add(a, &flags, 1);
            add(a, &number, 2);
            for (unsigned i = 0; i < 6; i++) {
                add64(a, (nr + i) % 3 ? 0x8000000000000100 + i * 64 : i + 1);
            }
            add64(a, 3);
            for (unsigned i = 0; i < 64; i++) {
                add64(a, i % 5 ? i : FG_USER + i * 8);
            }
            save("decode", name, a);
        }
    }
}

/* Expressions with all that there is in them, each for some calls. */
static void seed_filter(void)
{
    static const char *const texts[] = {
        "comm == \"cat\" and not (uid < 1000) and exe ~ \"/usr/bin/*\"",
        "call in (open, openat, %network, /^exec/, 59) or nr >= 0x20",
        "tree in (1, 1234) && !container = \"ab12\" || cgroup ~ /a*/[b-d]?",
        "status = failed and errno in (ENOENT, EPERM) and duration > 10ms",
        "ret < 0 or ret >= 0o17 and pid = 1234 and tid != 2 and ppid > 0",
        "euid = 0 and suid = 1 and fsuid = 2 and gid = 3 and egid <= 4 and "
        "sgid in (5, 6) and fsgid != 7 and ns_tid = 9",
        "ns.cgroup = 1 or ns.ipc = 2 or ns.mnt = 3 or ns.net = 4026531003 or "
        "ns.pid = 5 or ns.time = 6 or ns.user = 7 or ns.uts = 8",
        "cap has CAP_SYS_ADMIN|CAP_KILL and cwd = '/usr/bin' and root = /",
        "cmdline ~ \"*\\x41\\n\" and abi in (i386, x32) and vcpu = 0",
        "arg[0] = -100 or arg[5] has 0xff or arg.dfd = AT_FDCWD",
        "flags has O_CREAT|O_EXCL and arg.mode = 0o644 and fd not in (1, 2)",
        "fd.path ~ *cat or path !~ \"/etc/*\" or argv ~ *curl*",
        "port = 443 and addr in (10.0.0.0/8, fe80::/10) and family = AF_INET",
        "unix = @abc or text.flags ~ *O_CREAT* or text.op = x",
        "((((true and false) or not not true))) and fd.path != \"\"",
        "com = 1", "pid = ", "(pid = 1", "comm = \"", "call = /(/",
    };
    static const uint16_t numbers[] = { 0, 2, 42, 59, 102, 257, 307, 1050 };

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        for (unsigned k = 0; k < G_N_ELEMENTS(numbers); k++) {
            g_autofree char *name = g_strdup_printf("%02u-%u", i, k);
            g_autoptr(GByteArray) a = g_byte_array_new();
            uint8_t abi = k == 4 ? 2 : 0;
            uint16_t args = k % 2 ? 0x36 : 0x2b;

            add(a, &abi, 1);
            add(a, &numbers[k], 2);
            add(a, &args, 2);
            add(a, texts[i], strlen(texts[i]));
            save("filter", name, a);
        }
    }
}

/* io_uring_enter() of the ring of fg_furnish(): its entries are the memory. */
static void seed_rings(void)
{
    for (unsigned op = 0; op < 66; op++) {
        g_autofree char *name = g_strdup_printf("ring-%02u", op);
        g_autoptr(GByteArray) a = g_byte_array_new();
        uint64_t registered = op & 1 ? 16 : 0;
        uint64_t args[7] = { op & 1 ? 2 : 10, 3, 0, registered, 0, 8, 3 };
        uint16_t number = 426;
        uint8_t flags = op & 2 ? 48 : 0;    /* verbose; the rest as is */

        add(a, &flags, 1);
        add(a, &number, sizeof(number));
        for (unsigned i = 0; i < G_N_ELEMENTS(args); i++) {
            add64(a, args[i]);
        }
        for (unsigned slot = 0; slot < 4; slot++) {
            uint64_t sqe[8] = {
                op | 3ull << 32, FG_USER + 0x100, FG_USER + 0x140, 24, slot,
                0, FG_USER + 0x100, 0
            };

            add(a, sqe, sizeof(sqe));
        }
        add(a, "/etc/passwd", 12);
        save("decode", name, a);
    }
}

/* Rules with all that there is in them. */
static void seed_policy(void)
{
    static const char *const texts[] = {
        "# all of it\nset undecided refuse\nset unknown allow\n"
        "rule a\n\twhen call in (connect, sendto)\n\twhen port = 80\n"
        "\tdo refuse EACCES, log, event\r\n",
        "rule b\nopened /etc/shadow*\nwhen exe ~ *cat\ndo kill, pause\n"
        "rule c\nwhen ret < 0\ndo log\nrule d\nwhen true\ndo allow",
        "rule e\nwhen call in (%file) and path ~ '/x/*'\ndo refuse ENOENT\n"
        "rule e\nwhen (true\ndo log,, log\n",
        "rule f\nwhen ret = 1\ndo refuse EPERM\n",
        "set unknown maybe", "when true", "rule g", "\n \t# \nfoo",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *name = g_strdup_printf("%u", i);
        g_autoptr(GByteArray) a = g_byte_array_new();

        add(a, texts[i], strlen(texts[i]));
        save("policy", name, a);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: fuzz-seeds DIRECTORY\n");
        return 1;
    }
    directory = argv[1];
    seed_mem();
    seed_btf();
    for (unsigned where = 0; where < FUZZ_PLACES; where++) {
        seed_changes("task", where, 6);
        seed_changes("path", where, 12);
    }
    seed_changes("calls", FUZZ_DATA, 40);
    seed_decode();
    seed_filter();
    seed_rings();
    seed_policy();
    return 0;
}
