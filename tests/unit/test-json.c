/*
 * The json analyzer over a made-up guest, a hostile one too.  Whatever it
 * writes here is compared with its schema at the end.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define FAKE_PROCESS "fake-json.h"
#include "fake-qemu.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "../../plugin/analyzers/json-text.h"

static GString *written;        /* by all tests */

static char *finish_json(Run *r)
{
    finish(r);
    g_string_append(written, r->text);
    g_assert_cmpint(decoded_in_use, ==, 0);
    return r->text;
}

static const FrailProcess cat = {
    .tid = 813, .pid = 812, .ppid = 1, .ns_tid = 3,
    .start_ns = UINT64_C(5012345678),
    .comm = "cat", .exe = "/usr/bin/cat", .cwd = "/root", .root = "/",
    .cgroup = "/system.slice/docker-0123.scope", .container = "0123",
    .cmdline = "cat\0/etc/passwd\0", .cmdline_len = 16,
    .uid = { 1000, 0, 1001, 1002 }, .gid = { 100, 101, 102, UINT32_MAX },
    .caps = { UINT64_C(0x1ffffffffff), 1, 0, 2, 3 },
    .ns = { 4026531835, 4026531839, 4026531841, 4026531840, 4026531836, 0,
            4026531837, 4026531838 },
};

static const FrailDecoded openat_decoded = {
    .n = 3,
    .arg = {
        { "dfd", "AT_FDCWD", NULL, 0 },
        { "filename", "0x7ffd1000", "\"/etc/\\303\\244\\n\"",
          FRAIL_ARG_UNREADABLE },
        { "flags", "O_RDONLY|O_CLOEXEC", NULL, 0 },
    },
    .result = "3</etc/passwd>",
};

#define PROCESS \
    "{\"key\":\"812@5012345678\",\"pid\":812,\"start_ns\":5012345678," \
    "\"tid\":813,\"ppid\":1,\"ns_tid\":3,\"comm\":\"cat\"," \
    "\"exe\":\"/usr/bin/cat\",\"uid\":1000,\"gid\":100,\"euid\":0," \
    "\"egid\":101,\"suid\":1001,\"sgid\":102,\"fsuid\":1002," \
    "\"fsgid\":4294967295,\"caps\":{\"effective\":\"0x1ffffffffff\"," \
    "\"permitted\":\"0x1\",\"inheritable\":\"0x0\",\"bounding\":\"0x2\"," \
    "\"ambient\":\"0x3\"},\"cgroup\":\"/system.slice/docker-0123.scope\"," \
    "\"container\":\"0123\"}"

#define ARGS \
    "\"args\":{\"dfd\":{\"raw\":\"0xffffff9c\",\"text\":\"AT_FDCWD\"}," \
    "\"filename\":{\"raw\":\"0x7ffd1000\"," \
    "\"text\":\"\\\"/etc/\\\\303\\\\244\\\\n\\\"\",\"unreadable\":true}," \
    "\"flags\":{\"raw\":\"0x80000\",\"text\":\"O_RDONLY|O_CLOEXEC\"}}"

static char *head(const FrailCall *c, const char *process, const char *abi,
                  const char *name)
{
    return g_strdup_printf("{\"type\":\"call\",\"seq\":%lu,"
        "\"time\":\"2023-11-14T22:13:20.123456789Z\","
        "\"time_ns\":1700000000123456789,\"vcpu\":0,\"task\":\"0x%lx\","
        "\"cr3\":\"0x%lx\",\"process\":%s,\"abi\":\"%s\",\"call\":%s,"
        "\"nr\":%ld,", c->seq, c->task, c->seq << 12, process, abi, name,
        c->nr);
}

static FrailCall enter_openat(void)
{
    FrailCall c = new_call(FRAIL_ABI_X86_64, 257);

    c.process = &cat;
    c.decoded = &openat_decoded;
    g_assert_cmpint(registered.on_call(&c, registered.opaque), ==,
                    FRAIL_CONTINUE);
    return c;
}

static void test_record(void)
{
    Run r = start("json", "");
    FrailCall c = enter_openat();
    g_autofree char *first = head(&c, PROCESS, "x86-64", "\"openat\"");
    g_autofree char *expected = NULL;

    g_assert_cmpuint(decoded_with.string_limit, ==, 256);
    g_assert_cmpint(decoded_with.fd_style, ==, FRAIL_FD_DETAILS);
    g_assert_false(decoded_with.verbose);
    g_assert_true(decoded_with.io_uring);
    c.process = NULL;       /* what counts is who entered */
    leave(&c, 3);
    expected = g_strdup_printf("%s" ARGS ",\"outcome\":\"returned\","
        "\"ret\":3,\"ret_text\":\"3</etc/passwd>\",\"errno\":null,"
        "\"error\":null,\"duration_ns\":1000,\"unreadable\":true}\n", first);
    g_assert_cmpstr(finish_json(&r), ==, expected);

    /* QEMU is at its end, but a vCPU still runs. */
    make(FRAIL_ABI_X86_64, 39, 0);
    g_free(r.text);
}

/* Nothing is known but the registers. */
static void test_unknown(void)
{
    Run r = start("json", "");
    FrailCall c = enter(FRAIL_ABI_I386, 999), n = enter(FRAIL_ABI_X32, 39);
    g_autofree char *first = head(&c, "null", "i386", "null");
    g_autofree char *second = head(&n, "null", "x32", "\"getpid\"");
    g_autofree char *expected = NULL;

    leave(&c, -38);
    leave(&n, INT64_MIN);
    expected = g_strdup_printf("%s"
        "\"args\":{\"arg0\":{\"raw\":\"0xffffff9c\",\"text\":null,"
        "\"untyped\":true},"
        "\"arg1\":{\"raw\":\"0x7ffd1000\",\"text\":null,\"untyped\":true},"
        "\"arg2\":{\"raw\":\"0x80000\",\"text\":null,\"untyped\":true},"
        "\"arg3\":{\"raw\":\"0x0\",\"text\":null,\"untyped\":true},"
        "\"arg4\":{\"raw\":\"0x5\",\"text\":null,\"untyped\":true},"
        "\"arg5\":{\"raw\":\"0x6\",\"text\":null,\"untyped\":true}},"
        "\"outcome\":\"returned\",\"ret\":-38,\"ret_text\":null,\"errno\":38,"
        "\"error\":\"ENOSYS\",\"duration_ns\":1000}\n"
        "%s\"args\":{},\"outcome\":\"returned\",\"ret\":-9223372036854775808,"
        "\"ret_text\":null,\"errno\":null,\"error\":null,"
        "\"duration_ns\":1000}\n", first, second);
    g_assert_cmpstr(finish_json(&r), ==, expected);
    g_free(r.text);
}

/* Call and arguments are those that socketcall stands for, not the number. */
static void test_stands_for(void)
{
    FrailDecoded bind = {
        .n = 1, .arg = { { "fd", "3", NULL, 0 } }, .result = "0",
        .name = "bind",
    };
    Run r = start("json", "");
    FrailCall c = new_call(FRAIL_ABI_I386, 102);
    FrailCall bare = new_call(FRAIL_ABI_I386, 102);
    g_autofree char *first = head(&c, "null", "i386", "\"bind\"");
    g_autofree char *second = head(&bare, "null", "i386", "\"socketcall\"");
    g_auto(GStrv) lines = NULL;

    c.decoded = &bind;
    registered.on_call(&c, registered.opaque);
    leave(&c, 0);
    /* Not decoded: then there is but the call itself. */
    registered.on_call(&bare, registered.opaque);
    leave(&bare, 0);
    lines = g_strsplit(finish_json(&r), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 3);
    g_assert_true(g_str_has_prefix(lines[0], first));
    g_assert_nonnull(strstr(lines[0], "\"args\":{\"fd\":"));
    g_assert_true(g_str_has_prefix(lines[1], second));
    g_free(r.text);
}

/* The end of each line of @text, from "outcome" on, must be this. */
static void check_outcomes(const char *text, const char *const *expected)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    unsigned i;

    for (i = 0; expected[i]; i++) {
        g_assert_nonnull(lines[i]);
        g_assert_cmpstr(strstr(lines[i], "\"outcome\""), ==, expected[i]);
    }
    g_assert_cmpstr(lines[i], ==, "");
}

static void test_outcomes(void)
{
    static const char *const expected[] = {
        "\"outcome\":\"no-return\",\"ret\":null,\"ret_text\":null,"
        "\"errno\":null,\"error\":null,\"duration_ns\":null}",

        "\"outcome\":\"refused\",\"ret\":-1,\"ret_text\":null,\"errno\":1,"
        "\"error\":\"EPERM\",\"duration_ns\":1000,\"refused\":true,"
        "\"late\":true}",

        "\"outcome\":\"killed\",\"ret\":null,\"ret_text\":null,"
        "\"errno\":null,\"error\":null,\"duration_ns\":null}",

        "\"outcome\":\"refused\",\"ret\":-13,\"ret_text\":null,\"errno\":13,"
        "\"error\":\"EACCES\",\"duration_ns\":1000,\"refused\":true}",

        "\"outcome\":\"restarts\",\"ret\":null,\"ret_text\":null,"
        "\"errno\":null,\"error\":null,\"duration_ns\":0,\"restarts\":true}",

        "\"outcome\":\"restarts\",\"ret\":-512,\"ret_text\":null,"
        "\"errno\":512,\"error\":\"ERESTARTSYS\",\"duration_ns\":1000,"
        "\"restarts\":true}",

        "\"outcome\":\"unseen\",\"ret\":null,\"ret_text\":null,"
        "\"errno\":null,\"error\":null,\"duration_ns\":null}",

        "\"outcome\":\"returned\",\"ret\":-4096,\"ret_text\":null,"
        "\"errno\":null,\"error\":null,\"duration_ns\":1000}",

        "\"outcome\":\"returned\",\"ret\":-4095,\"ret_text\":null,"
        "\"errno\":4095,\"error\":null,\"duration_ns\":1000}",

        "\"outcome\":\"unfinished\",\"ret\":null,\"ret_text\":null,"
        "\"errno\":null,\"error\":null,\"duration_ns\":null,"
        "\"unreadable\":true}",

        "\"outcome\":\"unfinished\",\"ret\":null,\"ret_text\":null,"
        "\"errno\":null,\"error\":null,\"duration_ns\":null}",
        NULL
    };
    Run r = start("json", "");
    FrailCall c, sleeping = enter_openat();

    enter(FRAIL_ABI_I386, 3);       /* sleeps, too */
    c = enter(FRAIL_ABI_X86_64, 231);
    c.refused = EPERM;              /* by an analyzer that was loaded later */
    leave(&c, -EPERM);
    c = enter(FRAIL_ABI_X86_64, 39);
    c.killed = true;
    registered.on_return(&c, registered.opaque);
    c = enter(FRAIL_ABI_X86_64, 257);
    c.refused = EACCES;
    leave(&c, -EACCES);
    c = enter(FRAIL_ABI_X86_64, 39);
    c.restarts = true;
    registered.on_return(&c, registered.opaque);
    c = enter(FRAIL_ABI_X86_64, 39);
    c.restarts = true;
    leave(&c, -512);
    c = enter(FRAIL_ABI_X86_64, 39);
    registered.on_return(&c, registered.opaque);
    make(FRAIL_ABI_X86_64, 9, -4096);
    make(FRAIL_ABI_X86_64, 9, -4095);
    g_assert_cmpuint(sleeping.seq, >, 0);
    check_outcomes(finish_json(&r), expected);
    g_free(r.text);

    /* A return that nobody waits for, of a call that has its record. */
    r = start("json", "");
    make(FRAIL_ABI_X86_64, 15, 77);
    check_outcomes(finish_json(&r), (const char *const []) {
                   expected[0], NULL });
    g_free(r.text);
}

/* The identity of who made a call that was never seen to return. */
static void test_killed_keeps_identity(void)
{
    Run r = start("json", "caps=off");
    FrailCall c = enter_openat();

    c.process = NULL;
    registered.on_return(&c, registered.opaque);
    g_assert_nonnull(strstr(finish_json(&r), "\"key\":\"812@5012345678\""));
    g_assert_nonnull(strstr(r.text, "\"outcome\":\"unseen\""));
    g_assert_null(strstr(r.text, "caps"));
    g_free(r.text);
}

/* Records that are written or not by what their calls return. */
static void test_later(void)
{
    Run r = start("json", "where=ret>0||call=rt_sigreturn");
    FrailCall c[5];
    unsigned lines = 0;

    g_assert_cmpstr(registered.where, ==, "ret>0||call=rt_sigreturn");
    for (unsigned i = 0; i < G_N_ELEMENTS(c); i++) {
        c[i] = new_call(FRAIL_ABI_X86_64, i == 2 ? 15 : 39);
        c[i].later = true;
        /* The task of the fourth has lost the return of its third. */
        c[i].task = c[i == 4 ? 3 : i].task;
        registered.on_call(&c[i], registered.opaque);
    }
    registered.on_drop(&c[0], registered.opaque);
    leave(&c[1], 1001);
    leave(&c[2], 77);
    finish_json(&r);
    for (const char *at = r.text; (at = strchr(at, '\n')); at++) {
        lines++;
    }
    g_assert_cmpuint(lines, ==, 2);
    g_assert_nonnull(strstr(r.text, "\"outcome\":\"returned\",\"ret\":1001"));
    g_assert_nonnull(strstr(r.text, "\"outcome\":\"no-return\",\"ret\":null"));
    g_assert_cmpint(decoded_in_use, ==, 0);
    g_free(r.text);
}

static void test_options(void)
{
    Run r = start("json", "cmdline=on cwd=on namespaces=on caps=off fd=path "
                  "string-limit=7 verbose=on trace=openat");
    FrailCall c = enter_openat();

    leave(&c, 3);
    g_assert_cmpuint(decoded_with.string_limit, ==, 7);
    g_assert_cmpint(decoded_with.fd_style, ==, FRAIL_FD_PATH);
    g_assert_true(decoded_with.verbose);
    g_assert_cmpstr(registered.filter, ==, "openat");
    g_assert_nonnull(strstr(finish_json(&r),
        ",\"container\":\"0123\",\"cmdline\":[\"cat\",\"/etc/passwd\"],"
        "\"cwd\":\"/root\",\"root\":\"/\",\"namespaces\":{"
        "\"cgroup\":4026531835,\"ipc\":4026531839,\"mnt\":4026531841,"
        "\"net\":4026531840,\"pid\":4026531836,\"user\":4026531837,"
        "\"uts\":4026531838}},\"abi\""));
    g_free(r.text);

    r = start("json", "identity=off returns=off");
    g_assert_null(registered.on_return);
    enter_openat();
    g_assert_nonnull(strstr(finish_json(&r), "\"process\":null"));
    g_assert_nonnull(strstr(r.text, "\"outcome\":\"entered\""));
    g_free(r.text);
}

/* Signals, and all kinds of ends. */
static void test_events(void)
{
#define WHEN "\"time\":\"2023-11-14T22:13:20.123456789Z\"," \
    "\"time_ns\":1700000000123456789,"
    static const char known[] = "\"process\":" PROCESS;
    FrailSignal signal = {
        .number = 14, .text = "{si_signo=SIGALRM, \"x\"}", .process = &cat,
        .task = 0x1000,
    };
    FrailExit end = { .how = FRAIL_EXIT_EXITED, .value = 3 };
    Run r = start("json", "");
    g_autofree char *expected = g_strdup_printf(
        "{\"type\":\"signal\"," WHEN "\"vcpu\":14,\"task\":\"0x1000\","
        "\"cr3\":\"0xe000\",%s,\"abi\":\"i386\",\"signal\":14,"
        "\"name\":\"SIGALRM\",\"handler\":\"0xe\","
        "\"info\":\"{si_signo=SIGALRM, \\\"x\\\"}\"}\n"
        "{\"type\":\"exit\"," WHEN "\"vcpu\":2,\"task\":null,"
        "\"process\":null,\"how\":\"exited\",\"status\":3}\n", known);

    registered.on_signal(&signal, registered.opaque);
    registered.on_exit(&end, registered.opaque);
    end = (FrailExit) {
        .how = FRAIL_EXIT_KILLED, .value = 33, .core = true, .process = &cat,
        .task = 0x2000,
    };
    registered.on_exit(&end, registered.opaque);
    end.value = 127;            /* none, whatever the guest says */
    end.core = false;
    registered.on_exit(&end, registered.opaque);
    end.how = FRAIL_EXIT_SUPERSEDED;
    registered.on_exit(&end, registered.opaque);
    end.how = FRAIL_EXIT_UNKNOWN;
    registered.on_exit(&end, registered.opaque);
    g_assert_true(g_str_has_prefix(finish_json(&r), expected));
    g_assert_nonnull(strstr(r.text, "\"how\":\"killed\",\"signal\":33,"
                            "\"name\":\"SIGRT_1\",\"core\":true}\n"));
    g_assert_nonnull(strstr(r.text, "\"how\":\"killed\",\"signal\":127,"
                            "\"name\":null,\"core\":false}\n"));
    g_assert_nonnull(strstr(r.text, "\"container\":\"0123\"},"
                            "\"how\":\"superseded\",\"by\":127}\n"));
    g_assert_nonnull(strstr(r.text, "\"how\":\"unknown\"}\n"));
    g_assert_null(strstr(strstr(r.text, "\"exit\""), "\"caps\""));
    g_free(r.text);

    /* A text that does not fit is cut. */
    r = start("json", "identity=off");
    signal.text = g_strnfill(9000, 'x');
    registered.on_signal(&signal, registered.opaque);
    registered.on_exit(&end, registered.opaque);
    g_assert_nonnull(strstr(finish_json(&r), "xx\",\"cut\":[\"info\"]}\n"));
    g_assert_null(strstr(r.text, "\"process\":{"));
    g_free((char *)signal.text);
    g_free(r.text);

    r = start("json", "signals=off exits=off");
    g_assert_true(!registered.on_signal && !registered.on_exit);
    finish_json(&r);
    g_free(r.text);
    r = start("json", "returns=off");
    g_assert_true(!registered.on_signal && !registered.on_exit);
    finish_json(&r);
    g_free(r.text);
}

static void test_wrong_option(void)
{
    char *argv[] = { (char *)"string-limit=x", NULL };
    g_autofree char *said = NULL;

    g_assert_cmpint(install("json", argv, &said), !=, 0);
    g_assert_cmpstr(said, ==, "frail-json: string-limit=x: the value must "
                    "be a number from 0 to 1000000\n");
}

/* --- Strings ------------------------------------------------------------- */

/* Turn a JSON string back into the bytes it was made of. */
static GByteArray *turn_back(const char *json, size_t len, bool latin1)
{
    GByteArray *bytes = g_byte_array_new();

    g_assert_cmpuint(len, >=, 2);
    g_assert_true(json[0] == '"' && json[len - 1] == '"');
    g_assert_true(g_utf8_validate(json, len, NULL));
    for (size_t i = 1; i < len - 1;) {
        gunichar u = g_utf8_get_char(json + i);
        char utf8[6];

        g_assert_true(u >= 0x20 && u != '"' && !(u >= 0x7f && u < 0xa0));
        if (u != '\\') {
            i = g_utf8_next_char(json + i) - json;
        } else if (json[i + 1] == 'u') {
            g_assert_cmpint(sscanf(json + i + 2, "%4x", &u), ==, 1);
            i += 6;
        } else {
            u = json[i + 1];
            g_assert_true(u == '"' || u == '\\');
            i += 2;
        }
        if (latin1) {
            guint8 byte = u;

            g_assert_cmpuint(u, <, 256);
            g_byte_array_append(bytes, &byte, 1);
        } else {
            g_byte_array_append(bytes, (guint8 *)utf8,
                                g_unichar_to_utf8(u, utf8));
        }
    }
    return bytes;
}

/* It is valid, can be turned back, and keeps to every limit. */
static void check_string(const uint8_t *bytes, size_t len)
{
    char buf[1024];
    size_t whole = 0;

    for (size_t limit = 600; limit >= 2; limit = MIN(limit - 1, whole)) {
        FrailText j = { .buf = buf, .size = sizeof(buf) };
        unsigned flags = json_string(&j, (const char *)bytes, len, limit);
        g_autoptr(GByteArray) back = NULL;

        g_assert_cmpint(!!(flags & JSON_LATIN1), ==,
                        !g_utf8_validate((const char *)bytes, len, NULL) &&
                        !memchr(bytes, 0, len));
        g_assert_cmpuint(j.len, <=, limit);
        back = turn_back(buf, j.len, flags & JSON_LATIN1);
        if (limit == 600 || limit == whole) {
            g_assert_cmpmem(back->data, back->len, bytes, len);
            whole = j.len;
        } else {
            g_assert_true(flags & JSON_CUT);
            g_assert_cmpuint(back->len, <, len);
            g_assert_true(!back->len || !memcmp(back->data, bytes, back->len));
        }
        if (limit == 2) {
            break;
        }
    }
}

static void test_strings(void)
{
    /* From well-formed to what only looks so. */
    static const char *const texts[] = {
        "", "plain", "a \"quoted\" \\ one", "\t\n\r\x1b[31m\x7f",
        "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xc2\x80\xc2\x9f\xc2\xa0",
        "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xe0\xa0\x80", "\xed\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xef\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\x80", "ends in \xe2\x82", "\xc3",
        "\xf0\x9f\x98", "\xc3\xa4 and \xff", "\xe2\x28\xa1",
        "\xf0\x9f\x28\x80",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        check_string((const uint8_t *)texts[i], strlen(texts[i]));
    }
    for (unsigned i = 0; i < 20000; i++) {
        uint8_t bytes[64];
        unsigned len = g_test_rand_int_range(0, 65);
        bool high = g_test_rand_bit();

        for (unsigned k = 0; k < len; k++) {
            bytes[k] = g_test_rand_int_range(1, high ? 256 : 128);
        }
        check_string(bytes, len);
    }
}

/* Much of it, and all of the worst kind. */
static void test_hostile(void)
{
    g_autofree char *huge = g_malloc(100001), *path = g_malloc(4097);
    FrailProcess p = cat;
    FrailDecoded d = { .n = 6 };
    Run r = start("json", "cmdline=on cwd=on namespaces=on");
    FrailCall c = new_call(FRAIL_ABI_X86_64, 9);
    g_auto(GStrv) lines = NULL;

    memset(huge, '"', 100000);
    huge[100000] = '\0';
    memset(path, 0x80, 4096);
    path[4096] = '\0';
    p.comm = "\xff\xfe\x01\x80\xff\xfe\x01\x80\xff\xfe\x01\x80\xff\xfe\x01";
    p.exe = p.cwd = p.root = p.cgroup = p.container = path;
    p.cmdline = path;
    p.cmdline_len = 4096;
    d.result = huge;
    for (unsigned i = 0; i < 6; i++) {
        static const char *const names[] = {
            "same", "same", NULL, "", "not\"a name", "arg5",
        };

        d.arg[i].name = names[i];
        d.arg[i].text = i == 5 ? path : huge;
        d.arg[i].flags = i == 4 ? FRAIL_ARG_OUT | FRAIL_ARG_CUT : 0;
    }
    c.process = &p;
    c.decoded = &d;
    registered.on_call(&c, registered.opaque);
    leave(&c, 0);

    /* Command lines: of nothing but zeros, none, and not ended. */
    p = cat;
    for (unsigned i = 0; i < 4; i++) {
        static const char zeros[4096];

        p.cmdline = i == 0 ? zeros : i == 1 ? NULL : "a\0b\xff";
        p.cmdline_len = i == 0 ? sizeof(zeros) : i == 2 ? 0 : 4;
        c = new_call(FRAIL_ABI_X86_64, 39);
        c.process = &p;
        registered.on_call(&c, registered.opaque);
        leave(&c, 0);
    }
    lines = g_strsplit(finish_json(&r), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 6);
    g_assert_cmpuint(strlen(lines[0]), >, 200000);
    g_assert_cmpuint(strlen(lines[0]), <, 300000);
    g_assert_true(g_str_has_suffix(lines[0], ",\"cut\":[\"ret_text\"]}"));
    g_assert_nonnull(strstr(lines[0], "\"latin1\":[\"comm\",\"exe\",\"cgroup\""
        ",\"container\",\"cmdline\",\"cwd\",\"root\"],\"cut\":[\"exe\","
        "\"cgroup\",\"container\",\"cmdline\",\"cwd\",\"root\"]}"));
    g_assert_nonnull(strstr(lines[0], "\"comm\":\"\\u00ff\\u00fe\\u0001"));
    g_assert_nonnull(strstr(lines[0], "\"args\":{\"same\":{"));
    for (unsigned i = 1; i < 6; i++) {
        g_autofree char *name = g_strdup_printf(",\"arg%u\":{", i);

        g_assert_nonnull(strstr(lines[0], name));
    }
    g_assert_nonnull(strstr(lines[0], "\",\"out\":true,\"cut\":true}"));
    g_assert_nonnull(strstr(lines[1], "\"cmdline\":[\"\",\"\","));
    g_assert_nonnull(strstr(lines[1], "\"cut\":[\"cmdline\"]"));
    g_assert_nonnull(strstr(lines[2], "\"cmdline\":null"));
    g_assert_nonnull(strstr(lines[3], "\"cmdline\":[]"));
    g_assert_nonnull(strstr(lines[4], "\"cmdline\":[\"a\",\"b\\u00ff\"]"));
    g_assert_nonnull(strstr(lines[4], "\"latin1\":[\"cmdline\"]"));
    g_free(r.text);
}

/* --- Open calls ---------------------------------------------------------- */

/* After a reset a task's stack is used again, and nobody tells. */
static void test_replaced(void)
{
    Run r = start("json", "");
    FrailCall first = enter_openat(), second = first, none[2];

    second.seq = new_call(FRAIL_ABI_X86_64, 0).seq;
    registered.on_call(&second, registered.opaque);
    leave(&second, 5);
    /* A guest that does not show its tasks: by number. */
    for (unsigned i = 0; i < 2; i++) {
        none[i] = new_call(FRAIL_ABI_X86_64, 257);
        none[i].task = 0;
        none[i].process = &cat;
        registered.on_call(&none[i], registered.opaque);
        none[i].process = NULL;
    }
    leave(&none[0], 1);
    leave(&none[1], 2);
    finish_json(&r);
    g_assert_nonnull(strstr(r.text, "\"outcome\":\"unfinished\""));
    g_assert_nonnull(strstr(r.text, "\"ret\":5,"));
    g_assert_null(strstr(r.text, "late"));
    g_assert_null(strstr(r.text, "\"process\":null"));
    g_assert_nonnull(strstr(r.text, "\"task\":null"));
    g_free(r.text);
}

/* More open calls than there is room for: each has a record, none has two. */
static void test_many_open(void)
{
    Run r = start("json", "");
    g_autofree bool *seen = g_new0(bool, 20000);
    uint64_t base = 0;
    FrailCall last;
    unsigned lines = 0;

    for (int i = 0; i < 20000; i++) {
        FrailCall c = new_call(FRAIL_ABI_X86_64, 257);

        c.decoded = &openat_decoded;
        base = base ? base : c.seq;
        registered.on_call(&c, registered.opaque);
        last = c;
    }
    g_assert_cmpint(decoded_in_use, <=, 8192);
    g_assert_cmpint(decoded_in_use, >, 7000);
    leave(&last, 3);
    finish_json(&r);
    for (const char *at = r.text; *at; at = strchr(at, '\n') + 1) {
        uint64_t seq;

        g_assert_true(g_str_has_prefix(at, "{\"type\":\"call\",\"seq\":"));
        seq = g_ascii_strtoull(at + 21, NULL, 10);

        g_assert_cmpuint(seq - base, <, 20000);
        g_assert_false(seen[seq - base]);
        seen[seq - base] = true;
        lines++;
    }
    g_assert_cmpuint(lines, ==, 20000);
    g_assert_null(strstr(r.text, "late"));
    g_free(r.text);
}

/* QEMU ends while its vCPUs still run: whole lines, and no crash. */
static void test_exit_while_running(void)
{
    Run r = start("json", "");
    FrailCall c = new_call(FRAIL_ABI_X86_64, 257);

    c.process = &cat;
    c.decoded = &openat_decoded;
    finish_while_running(&r, c, 300);
    g_assert_true(g_str_has_suffix(r.text, "}\n"));
    for (const char *at = r.text; *at; at = strchr(at, '\n') + 1) {
        g_assert_true(g_str_has_prefix(at, "{\"type\":\"call\",\"seq\":"));
    }
    g_free(r.text);
}

/* --- A consumer that is too slow ----------------------------------------- */

static void test_lost(void)
{
    g_autofree char *dir = g_dir_make_tmp("frail-json-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "socket", NULL);
    g_autofree char *out = g_strdup_printf("out=unix:%s", path);
    char *argv[] = { out, (char *)"overflow=drop", (char *)"buffer=64K",
                     NULL };
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    int listener = socket(AF_UNIX, SOCK_STREAM, 0), fd, saved;
    g_autofree char *said = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    uint64_t lines = 0, lost = 0, n;
    char buf[65536];
    ssize_t len;

    g_strlcpy(addr.sun_path, path, sizeof(addr.sun_path));
    g_assert_cmpint(bind(listener, (struct sockaddr *)&addr, sizeof(addr)),
                    ==, 0);
    g_assert_cmpint(listen(listener, 1), ==, 0);
    g_assert_cmpint(install("json", argv, &said), ==, 0);
    fd = accept(listener, NULL, NULL);
    for (unsigned i = 0; i < 5000; i++) {
        FrailCall c = enter_openat();

        leave(&c, 3);
    }
    /* Nobody has read so far.  Now there is room again, and time to tell. */
    for (unsigned i = 0; i < 50; i++) {
        struct pollfd p = { .fd = fd, .events = POLLIN };

        while (poll(&p, 1, 20) == 1 &&
               (len = read(fd, buf, sizeof(buf))) > 0) {
            g_string_append_len(text, buf, len);
        }
    }
    {
        FrailCall c = enter_openat();

        leave(&c, 4);
    }
    /* At the end the count stands on standard error as well. */
    saved = dup(STDERR_FILENO);
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    at_exit(1, at_exit_opaque);
    dup2(saved, STDERR_FILENO);
    while ((len = read(fd, buf, sizeof(buf))) > 0) {
        g_string_append_len(text, buf, len);
    }
    for (char *at = text->str; *at; at = strchr(at, '\n') + 1) {
        if (sscanf(at, "{\"type\":\"lost\",\"lost\":%lu,", &n) == 1) {
            lost += n;
        } else {
            lines++;
        }
    }
    g_assert_cmpuint(lost, >, 1000);
    g_assert_cmpuint(lines + lost, ==, 5001);
    g_assert_nonnull(strstr(text->str, "\"ret\":4,"));
    g_string_append_len(written, text->str, text->len);
    close(fd);
    close(listener);
    g_unlink(path);
    g_rmdir(dir);
}

/* --- All that was written ------------------------------------------------ */

static void test_schema(void)
{
    g_autofree char *path = NULL, *out = NULL, *err = NULL;
    const char *argv[] = {
        "python3", TESTS "/system/json_check.py", "--every", "20", NULL, NULL,
    };
    g_autoptr(GError) error = NULL;
    int status;

    close(g_file_open_tmp("frail-json-XXXXXX", &path, NULL));
    g_assert_true(g_file_set_contents(path, written->str, written->len,
                                      NULL));
    argv[4] = path;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
                      NULL, &out, &err, &status, &error)) {
        g_test_skip("no python3");
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        g_test_skip("python3-jsonschema is not installed");
    } else if (status) {
        g_error("%s%s", out, err);
    } else {
        g_assert_nonnull(strstr(out, "calls="));
    }
    g_unlink(path);
}

int main(int argc, char **argv)
{
    int rc;

    g_test_init(&argc, &argv, NULL);
    written = g_string_new(NULL);
    g_test_add_func("/json/record", test_record);
    g_test_add_func("/json/unknown", test_unknown);
    g_test_add_func("/json/stands-for", test_stands_for);
    g_test_add_func("/json/outcomes", test_outcomes);
    g_test_add_func("/json/killed", test_killed_keeps_identity);
    g_test_add_func("/json/later", test_later);
    g_test_add_func("/json/options", test_options);
    g_test_add_func("/json/events", test_events);
    g_test_add_func("/json/wrong-option", test_wrong_option);
    g_test_add_func("/json/strings", test_strings);
    g_test_add_func("/json/hostile", test_hostile);
    g_test_add_func("/json/replaced", test_replaced);
    g_test_add_func("/json/many-open", test_many_open);
    g_test_add_func("/json/exit-while-running", test_exit_while_running);
    g_test_add_func("/json/lost", test_lost);
    g_test_add_func("/json/schema", test_schema);
    rc = g_test_run();
    g_string_free(written, TRUE);
    return rc;
}
