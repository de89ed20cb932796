/*
 * Traces as the tools read them: records, strace's texts, sorting.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "tools/convert/format.h"
#include "tools/report/bounded.h"
#include "tools/report/model.h"
#include "tools/trace/input.h"
#include "tools/trace/output.h"
#include "tools/trace/sort.h"
#include "tools/trace/strings.h"

#define CALL                                                                \
    "{\"type\":\"call\",\"seq\":7,\"time_ns\":1769487361942856849,"         \
    "\"vcpu\":1,\"task\":\"0xff\",\"process\":%s,\"abi\":\"x86-64\","       \
    "\"call\":\"openat\",\"nr\":257,\"args\":%s,\"outcome\":\"returned\","  \
    "\"ret\":3,\"ret_text\":\"3\",\"errno\":null,\"error\":null,"           \
    "\"duration_ns\":12935}"
#define PROCESS                                                             \
    "{\"key\":\"85@99\",\"pid\":85,\"start_ns\":99,\"tid\":86,\"ppid\":1,"  \
    "\"ns_tid\":2,\"comm\":%s,\"exe\":null,\"uid\":5,\"gid\":6,\"euid\":7," \
    "\"cmdline\":[\"a\",\"b c\"],\"cwd\":\"/\"%s}"

static bool parse(TraceParser *p, const char *line, TraceRecord *r)
{
    const char *why = NULL;
    bool good = trace_parse(p, line, strlen(line), r, &why);

    g_assert_true(good || why);
    return good;
}

static void test_call(void)
{
    TraceParser *p = trace_parser_new();
    g_autofree char *process = g_strdup_printf(PROCESS, "\"cat\"", "");
    g_autofree char *line = g_strdup_printf(CALL, process,
        "{\"dfd\":{\"raw\":\"0xffffff9c\",\"text\":\"AT_FDCWD\"},"
        "\"filename\":{\"raw\":\"0x7ffd\",\"text\":\"\\\"/x\\\"\"}}");
    const TraceCall *c;
    TraceRecord r;

    g_assert_true(parse(p, line, &r));
    g_assert_cmpint(r.kind, ==, TRACE_CALL);
    c = &r.call;
    g_assert_cmpuint(c->seq, ==, 7);
    g_assert_cmpint(c->time_ns, ==, 1769487361942856849);
    g_assert_cmpint(c->duration_ns, ==, 12935);
    g_assert_cmpint(c->vcpu, ==, 1);
    g_assert_cmpstr(c->call, ==, "openat");
    g_assert_cmpint(c->nr, ==, 257);
    g_assert_true(c->has_ret && c->ret == 3 && !c->err && !c->error);
    g_assert_cmpuint(c->n_args, ==, 2);
    g_assert_cmpuint(trace_arg(c, "dfd")->raw, ==, 0xffffff9c);
    g_assert_cmpstr(trace_arg(c, "filename")->text, ==, "\"/x\"");
    g_assert_null(trace_arg(c, "flags"));
    g_assert_true(c->has_process);
    g_assert_cmpint(c->process.pid, ==, 85);
    g_assert_cmpint(c->process.tid, ==, 86);
    g_assert_cmpint(c->process.euid, ==, 7);
    g_assert_cmpstr(c->process.comm, ==, "cat");
    g_assert_null(c->process.exe);
    g_assert_cmpstr(c->process.cmdline, ==, "a b c");
    g_assert_cmpuint(c->process.argv->len, ==, 2);
    trace_parser_free(p);
}

/* Characters up to U+00FF that are bytes are shown as bytes. */
static void test_latin1(void)
{
    TraceParser *p = trace_parser_new();
    g_autofree char *process = g_strdup_printf(PROCESS, "\"\\u00ffx\"",
        ",\"latin1\":[\"comm\"]");
    g_autofree char *line = g_strdup_printf(CALL, process, "{}");
    TraceRecord r;

    g_assert_true(parse(p, line, &r));
    g_assert_cmpstr(r.call.process.comm, ==, "\\xffx");
    trace_parser_free(p);
}

static void test_other_records(void)
{
    TraceParser *p = trace_parser_new();
    TraceRecord r;

    g_assert_true(parse(p, "{\"type\":\"lost\",\"lost\":17,\"total\":17}",
                        &r));
    g_assert_cmpint(r.kind, ==, TRACE_LOST);
    g_assert_cmpint(r.lost, ==, 17);
    g_assert_true(parse(p, "{\"type\":\"future\",\"a\":{}}", &r));
    g_assert_cmpint(r.kind, ==, TRACE_OTHER);
    g_assert_cmpstr(r.type, ==, "future");
    trace_parser_free(p);
}

#define EVENT "{\"type\":\"%s\",\"time_ns\":5,\"vcpu\":0,\"process\":%s,%s}"

static void test_events(void)
{
    static const struct {
        const char *type, *members, *text;  /* NULL: no record */
    } cases[] = {
        { "signal", "\"signal\":14,\"name\":\"SIGALRM\",\"info\":\"{}\"", "" },
        { "signal", "\"name\":\"SIGALRM\"", NULL },
        { "exit", "\"how\":\"exited\",\"status\":3", "exit 3" },
        { "exit", "\"how\":\"killed\",\"signal\":9,\"name\":\"SIGKILL\","
          "\"core\":false", "killed by SIGKILL" },
        { "exit", "\"how\":\"killed\",\"signal\":11,\"name\":\"SIGSEGV\","
          "\"core\":true", "killed by SIGSEGV, core dumped" },
        { "exit", "\"how\":\"killed\",\"signal\":99,\"name\":null,"
          "\"core\":false", "killed by signal 99" },
        { "exit", "\"how\":\"superseded\",\"by\":7",
          "superseded by another thread's execve" },
        { "exit", "\"how\":\"unknown\"", "gone" },
        { "exit", "\"how\":\"killed\"", NULL },
        { "exit", "\"how\":\"eaten\"", NULL },
        { "exit", "\"status\":3", NULL },
    };
    TraceParser *p = trace_parser_new();
    g_autofree char *process = g_strdup_printf(PROCESS, "\"cat\"", "");
    g_autofree char *nobody = g_strdup_printf(EVENT, "exit", "null",
                                              cases[2].members);
    g_autoptr(GString) text = g_string_new(NULL);
    TraceRecord r;

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *line = g_strdup_printf(EVENT, cases[i].type, process,
                                                cases[i].members);

        g_assert_true(parse(p, line, &r) == !!cases[i].text);
        if (cases[i].text && *cases[i].text) {
            g_assert_cmpint(r.kind, ==, TRACE_EXIT);
            trace_end_text(&r.event, text);
            g_assert_cmpstr(text->str, ==, cases[i].text);
        } else if (cases[i].text) {
            g_assert_cmpint(r.kind, ==, TRACE_SIGNAL);
            g_assert_cmpint(r.event.signal, ==, 14);
            g_assert_cmpstr(r.event.info, ==, "{}");
            g_assert_cmpint(r.event.process.tid, ==, 86);
        }
    }
    g_assert_false(parse(p, nobody, &r));
    trace_parser_free(p);
}

/* Nothing of this is a record, and nothing of it does any harm. */
static void test_bad_lines(void)
{
    static const char *const lines[] = {
        "", "{", "}", "[]", "5", "null", "{}", "{}{}", "{} x", "\"type\"",
        "{\"type\":5}", "{\"type\":\"call\"}", "{\"type\":\"lost\"}",
        "{\"type\":\"lost\",\"lost\":-1}", "{\"type\":\"lost\",\"lost\":\"x\"}",
        "{\"type\":\"\\ud800\"}", "{\"type\":\"call\",\"seq\":1}",
        "{\"type\":\"\xff\"}", "{\"type\":\"call", "{\"a\":\"\\",
        "{\"type\":\"call\",\"seq\":[],\"time_ns\":{},\"nr\":1}",
    };
    static const char *const args[] = {
        "[]", "5", "{\"a\":5}", "{\"a\":{\"raw\":5,\"text\":null}}",
        "{\"a\":{\"raw\":\"5\",\"text\":null}}",
        "{\"a\":{\"raw\":\"0x\",\"text\":null}}",
    };
    static const char *const processes[] = {
        "[{}]", "{\"key\":5}", "{\"key\":\"1@1\",\"pid\":\"1\"}",
    };
    TraceParser *p = trace_parser_new();
    g_autoptr(GString) deep = g_string_new("{\"type\":");
    TraceRecord r;

    for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_assert_false(parse(p, lines[i], &r));
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(args); i++) {
        g_autofree char *line = g_strdup_printf(CALL, "null", args[i]);

        g_assert_false(parse(p, line, &r));
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(processes); i++) {
        g_autofree char *line = g_strdup_printf(CALL, processes[i], "{}");

        /* A list is no process; that it is there is no error. */
        g_assert_true(parse(p, line, &r) == (i == 0));
        g_assert_false(r.call.has_process);
    }
    for (int i = 0; i < 100000; i++) {
        g_string_append_c(deep, '[');
    }
    g_assert_false(parse(p, deep->str, &r));
    for (int i = 0; i < 100000; i++) {
        g_string_append_c(deep, ']');
    }
    g_string_append_c(deep, '}');
    g_assert_false(parse(p, deep->str, &r));
    trace_parser_free(p);
}

/* Good lines with a few bytes that are not: whatever comes of them. */
static void test_mutated(void)
{
    static const char *const args[] = {
        "{\"dfd\":{\"raw\":\"0xffffff9c\",\"text\":\"AT_FDCWD</tmp>\"},"
        "\"filename\":{\"raw\":\"0x1\",\"text\":\"\\\"a\\\\303b\\\"...\"},"
        "\"flags\":{\"raw\":\"0x41\",\"text\":\"O_RDWR|O_CREAT\"}}",
        "{\"fd\":{\"raw\":\"0x3\",\"text\":"
        "\"3<TCP:[10.0.0.1:5->[::1]:80]>\"},\"uservaddr\":{\"raw\":\"0x1\","
        "\"text\":\"{sa_family=AF_INET6, sin6_port=htons(53), inet_pton("
        "AF_INET6, \\\"fe80::1\\\", &sin6_addr)}\"}}",
        "{\"filename\":{\"raw\":\"0x1\",\"text\":\"\\\"/bin/ls\\\"\"},"
        "\"argv\":{\"raw\":\"0x1\",\"text\":\"[\\\"ls\\\", \\\"-l\\\"]\"}}",
        "{\"fildes\":{\"raw\":\"0x1\",\"text\":"
        "\"[3<pipe:[5]>, 4<pipe:[5]>]\"}}",
    };
    static const char *const names[] = {
        "openat", "connect", "execve", "pipe2", "read", "clone", "accept",
        "mmap", "fcntl", "sendto",
    };
    static const Format *const formats[] = {
        &format_pcapng, &format_perfetto,
    };
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_autofree char *process = g_strdup_printf(PROCESS, "\"\\u00ff\"",
        ",\"latin1\":[\"comm\",\"cmdline\"]");
    TraceParser *p = trace_parser_new();
    TraceSorter *sorter = trace_sorter_new(1 << 20);
    Model *m = model_new();
    void *states[G_N_ELEMENTS(formats)];
    unsigned good = 0;

    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
        states[f] = formats[f]->begin(sorter);
    }
    for (int i = 0; i < 20000; i++) {
        g_autofree char *line = g_strdup_printf(CALL, process,
            args[g_rand_int_range(rand, 0, G_N_ELEMENTS(args))]);
        g_autofree char *name = g_strdup(
            names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))]);
        size_t len = strlen(line);
        TraceRecord r;
        const char *why;

        for (int n = g_rand_int_range(rand, 0, 4); n; n--) {
            line[g_rand_int_range(rand, 0, (int)len)] =
                "09-<>[]\\\"\377:,x{}a \1"[g_rand_int_range(rand, 0, 19)];
        }
        if (!trace_parse(p, line, len, &r, &why) || r.kind != TRACE_CALL) {
            continue;
        }
        good++;
        r.call.call = name;
        model_add(m, &r.call);
        for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
            g_assert_true(formats[f]->call(states[f], &r.call, NULL));
        }
    }
    /* Else it would have tried nothing. */
    g_assert_cmpuint(good, >, 5000);
    g_assert_cmpuint(m->sum.calls, ==, good);
    for (unsigned f = 0; f < G_N_ELEMENTS(formats); f++) {
        formats[f]->free(states[f]);
    }
    model_free(m);
    trace_sorter_free(sorter);
    trace_parser_free(p);
}

/* Seven arguments, and each prefix of a good line. */
static void test_cut_lines(void)
{
    TraceParser *p = trace_parser_new();
    g_autofree char *process = g_strdup_printf(PROCESS, "\"cat\"", "");
    g_autofree char *line = g_strdup_printf(CALL, process,
        "{\"a\":{\"raw\":\"0x0\",\"text\":\"\\\"\\u00e4\\\"\"}}");
    g_autoptr(GString) many = g_string_new("{");
    g_autofree char *seven = NULL;
    const char *why;
    TraceRecord r;

    g_assert_true(parse(p, line, &r));
    for (size_t len = 0; len < strlen(line); len++) {
        g_autofree char *cut = g_strndup(line, len);

        g_assert_false(trace_parse(p, cut, len, &r, &why));
    }
    for (int i = 0; i < 7; i++) {
        g_string_append_printf(many, "%s\"a%d\":{\"raw\":\"0x0\","
                               "\"text\":null}", i ? "," : "", i);
    }
    g_string_append_c(many, '}');
    seven = g_strdup_printf(CALL, "null", many->str);
    g_assert_false(parse(p, seven, &r));
    trace_parser_free(p);
}

static void test_unquote(void)
{
    static const struct {
        const char *text, *bytes;   /* NULL: none */
        size_t len;
        bool cut;
    } cases[] = {
        { "\"/etc/passwd\"", "/etc/passwd", 11, false },
        { "\"a\"...", "a", 1, true },
        { "\"\"", "", 0, false },
        { "\"\\n\\t\\\\\\\"\\303\\244\\x41\\0\\08\"",
          "\n\t\\\"\303\244A\0\0" "8", 10, false },
        { "\"a", NULL, 0, false },
        { "\"a\\", NULL, 0, false },
        { "\"\\q\"", NULL, 0, false },
        { "\"\\x4\"", NULL, 0, false },
        { "0x7ffd", NULL, 0, false },
        { "NULL", NULL, 0, false },
        { "", NULL, 0, false },
        { NULL, NULL, 0, false },
    };
    g_autoptr(GString) s = g_string_new("old");

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool cut = false;

        g_assert_true(trace_unquote(cases[i].text, s, &cut) ==
                      !!cases[i].bytes);
        if (cases[i].bytes) {
            g_assert_cmpmem(s->str, s->len, cases[i].bytes, cases[i].len);
            g_assert_true(cut == cases[i].cut);
        }
    }
}

static void test_strings(void)
{
    g_autoptr(GPtrArray) list = trace_strings("[\"ls\", \"-l\\n\", \"x\"..., "
                                              "...]");
    g_autoptr(GPtrArray) empty = trace_strings("[]");

    g_assert_cmpuint(list->len, ==, 3);
    g_assert_cmpstr(list->pdata[0], ==, "ls");
    g_assert_cmpstr(list->pdata[1], ==, "-l\n");
    g_assert_cmpstr(list->pdata[2], ==, "x");
    g_assert_cmpuint(empty->len, ==, 0);
    g_assert_null(trace_strings("0x7ffd"));
    g_assert_null(trace_strings("[\"a"));
    g_assert_null(trace_strings(NULL));
}

static void test_fd(void)
{
    static const struct {
        const char *text;
        int64_t fd;
        const char *what;       /* NULL: no descriptor */
    } cases[] = {
        { "3", 3, "" },
        { "-1", -1, "" },
        { "3</etc/passwd>", 3, "/etc/passwd" },
        { "AT_FDCWD", -100, "" },
        { "AT_FDCWD</tmp>", -100, "/tmp" },
        { "0</dev/null<char 1:3>>", 0, "/dev/null" },
        { "3</a\\76b\\74>", 3, "/a>b<" },
        { "3</gone>(deleted)", 3, "/gone" },
        { "4<TCP:[10.0.0.1:5->10.0.0.2:80]>", 4,
          "TCP:[10.0.0.1:5->10.0.0.2:80]" },
        { "5<pipe:[17]>", 5, "pipe:[17]" },
        { "3</etc", 0, NULL },
        { "3<pipe", 0, NULL },
        { "3x", 0, NULL },
        { "99999999999", 0, NULL },
        { "\"3\"", 0, NULL },
        { "", 0, NULL },
        { NULL, 0, NULL },
    };
    g_autoptr(GString) s = g_string_new(NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t fd = 0;

        g_assert_true(trace_fd(cases[i].text, &fd, s) == !!cases[i].what);
        if (cases[i].what) {
            g_assert_cmpint(fd, ==, cases[i].fd);
            g_assert_cmpstr(s->str, ==, cases[i].what);
        }
    }
}

static void test_addresses(void)
{
    static const struct {
        const char *text, *shown;       /* NULL: none */
    } cases[] = {
        { "{sa_family=AF_INET, sin_port=htons(80), "
          "sin_addr=inet_addr(\"10.0.0.1\")}", "10.0.0.1:80" },
        { "{sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), "
          "inet_pton(AF_INET6, \"fe80::1\", &sin6_addr), sin6_scope_id=0}",
          "[fe80::1]:53" },
        { "{sa_family=AF_UNIX, sun_path=\"/run/x\"}", "/run/x" },
        { "{sa_family=AF_UNIX, sun_path=@\"a\\0b\"}", "@a" },
        { "{sa_family=AF_UNIX, sun_path=\"\\33[1m\"}", "\\x1b[1m" },
        { "{sa_family=AF_UNIX}", NULL },
        { "{sa_family=AF_INET, sin_port=htons(99999), "
          "sin_addr=inet_addr(\"10.0.0.1\")}", NULL },
        { "{sa_family=AF_INET, sin_port=htons(80), "
          "sin_addr=inet_addr(\"10.0.0.1111111111111111111111111111111111\")}",
          NULL },
        { "{sa_family=AF_INET, sin_port=htons(80)}", NULL },
        { "{sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}", NULL },
        { "0x7ffd", NULL },
        { NULL, NULL },
    };
    g_autoptr(GString) s = g_string_new(NULL);
    TraceAddress own, peer;

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(trace_sockaddr(cases[i].text, &own) ==
                      !!cases[i].shown);
        if (cases[i].shown) {
            trace_address_text(&own, s);
            g_assert_cmpstr(s->str, ==, cases[i].shown);
        }
    }
    g_assert_true(trace_socket("TCPv6:[[::1]:5->[::2]:80]", &own, &peer));
    g_assert_cmpint(own.port, ==, 5);
    trace_address_text(&peer, s);
    g_assert_cmpstr(s->str, ==, "[::2]:80");
    g_assert_true(trace_socket("UDP:[0.0.0.0:68]", &own, &peer));
    g_assert_cmpint(peer.family, ==, 0);
    g_assert_false(trace_socket("TCP:[17]", &own, &peer));
    g_assert_false(trace_socket("TCP:[", &own, &peer));
    g_assert_false(trace_socket("TCP:[]", &own, &peer));
    g_assert_false(trace_socket("TCP:[[:1->:2]", &own, &peer));
    g_assert_false(trace_socket("UNIX:[1->2]", &own, &peer));
}

static void test_display(void)
{
    static const char bytes[] = "a\033\xff\xe2\x80\xae\xc3\xa4\x7f\xc2\x9b";
    g_autoptr(GString) s = g_string_new(NULL);
    g_autoptr(GString) j = g_string_new(NULL);

    trace_display(s, bytes, sizeof(bytes) - 1);
    g_assert_cmpstr(s->str, ==,
                    "a\\x1b\\xff\\u202e\xc3\xa4\\x7f\\u009b");
    trace_display(s, "\0", 1);
    g_assert_true(g_str_has_suffix(s->str, "\\x00"));
    trace_json_string(j, "</script>&\"\\\n\xe2\x80\xa8");
    g_assert_cmpstr(j->str, ==, "\"\\u003c/script\\u003e\\u0026\\\"\\\\\\u000a"
                    "\\u2028\"");
}

/* More than fits into memory, more runs than files may be open. */
static void test_sort(void)
{
    enum { N = 60000 };
    TraceSorter *s = trace_sorter_new(4000);
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    uint32_t len, count = 0;
    int64_t time, last = INT64_MIN;
    uint32_t last_number = 0;
    const void *piece;
    GError *err = NULL;

    for (uint32_t i = 0; i < N; i++) {
        /* Few different times: pieces of one stay in order. */
        g_assert_true(trace_sorter_add(s, g_rand_int_range(rand, -500, 500),
                                       &i, sizeof(i), &err));
    }
    while (trace_sorter_next(s, &time, &piece, &len, &err) > 0) {
        uint32_t number;

        g_assert_cmpuint(len, ==, sizeof(number));
        memcpy(&number, piece, len);
        g_assert_true(time > last || (time == last && number > last_number));
        last = time;
        last_number = number;
        count++;
    }
    g_assert_no_error(err);
    g_assert_cmpuint(count, ==, N);
    trace_sorter_free(s);
}

/* A disk that is full is an error, not a file that lacks its end. */
static void test_no_room(void)
{
    TraceSorter *s = trace_sorter_new(1000);
    struct rlimit old, small = { .rlim_cur = 8192 };
    char bytes[500] = "";
    GError *err = NULL;
    bool good = true;

    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &old), ==, 0);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
    for (int i = 0; i < 2; i++) {
        char *big = g_malloc0(20000);

        good = good && trace_sorter_add(s, i, big, 20000, &err);
        g_free(big);
    }
    for (int i = 0; i < 100 && good; i++) {
        good = trace_sorter_add(s, i, bytes, sizeof(bytes), &err);
    }
    setrlimit(RLIMIT_FSIZE, &old);
    g_assert_false(good);
    g_assert_nonnull(strstr(err->message, "TMPDIR"));
    g_error_free(err);
    trace_sorter_free(s);
}

static uint64_t weight(const void *thing)
{
    return *(const uint64_t *)thing;
}

static void test_bounded(void)
{
    Bounded *b = bounded_new(100, weight, g_free);
    g_autoptr(GPtrArray) sorted = NULL;

    for (uint64_t i = 0; i < 1000; i++) {
        g_autofree char *name = g_strdup_printf("%d", (int)i);
        uint64_t *thing = g_new(uint64_t, 1);

        *thing = i % 10 ? 1 : 1000 + i;
        bounded_add(b, name, thing);
        g_assert_cmpuint(g_hash_table_size(b->things), <=, 100);
    }
    /* All equal ones do not mean that nothing goes. */
    g_assert_cmpuint(g_hash_table_size(b->things) + b->forgotten, ==, 1000);
    g_assert_nonnull(bounded_find(b, "990"));
    g_assert_nonnull(bounded_find(b, "500"));
    sorted = bounded_sorted(b);
    g_assert_cmpuint(*(uint64_t *)sorted->pdata[0], ==, 1990);
    bounded_free(b);
}

static void test_input(void)
{
    g_autofree char *dir = g_dir_make_tmp("frail-XXXXXX", NULL);
    g_autofree char *name = g_build_filename(dir, "a", NULL);
    g_autofree char *none = g_build_filename(dir, "none", NULL);
    g_autofree char *call = g_strdup_printf(CALL, "null", "{}");
    g_autoptr(GString) s = g_string_new(NULL);
    const char *const files[] = { name, name, none, NULL };
    const TraceInputStats *stats;
    TraceInput *in;
    GError *err = NULL;
    TraceRecord r;
    int got, calls = 0;

    g_string_append_printf(s, "%s\nrubbish\n{\"type\":\"lost\",\"lost\":5}\n",
                           call);
    for (int i = 0; i < 5 << 20; i++) {
        g_string_append_c(s, 'x');
    }
    /* The last one has no newline. */
    g_string_append_printf(s, "\n%s\n%s", call, call);
    g_assert_true(g_file_set_contents(name, s->str, s->len, NULL));

    in = trace_input_new(files, false);
    while ((got = trace_input_next(in, &r, &err)) > 0) {
        calls += r.kind == TRACE_CALL;
    }
    stats = trace_input_stats(in);
    g_assert_cmpint(got, ==, -1);
    g_assert_nonnull(strstr(err->message, "none"));
    g_assert_cmpint(calls, ==, 6);
    g_assert_cmpuint(stats->calls, ==, 6);
    g_assert_cmpuint(stats->lost, ==, 10);
    g_assert_cmpuint(stats->bad, ==, 4);
    g_assert_true(g_str_has_suffix(stats->first_bad,
                                   "/a:2: not a JSON object"));
    g_error_free(err);
    trace_input_free(in);
    g_unlink(name);
    g_rmdir(dir);
}

/* Nothing is left of what was not finished, and what was there stays. */
static void test_output(void)
{
    g_autofree char *dir = g_dir_make_tmp("frail-XXXXXX", NULL);
    g_autofree char *name = g_build_filename(dir, "a", NULL);
    g_autofree char *text = NULL;
    g_autofree char *other = trace_output_name("/x/calls.json", ".html");
    GError *err = NULL;
    TraceOutput *o;

    g_assert_cmpstr(other, ==, "/x/calls.html");
    g_assert_true(g_file_set_contents(name, "old", -1, NULL));
    o = trace_output_new(name, &err);
    fputs("new", trace_output_file(o));
    trace_output_drop(o);
    g_assert_true(g_file_get_contents(name, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "old");
    g_clear_pointer(&text, g_free);
    o = trace_output_new(name, &err);
    fputs("new", trace_output_file(o));
    g_assert_true(trace_output_finish(o, &err));
    g_assert_true(g_file_get_contents(name, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "new");
    g_unlink(name);
    /* Empty, or this would fail. */
    g_assert_cmpint(g_rmdir(dir), ==, 0);
    g_assert_null(trace_output_new(name, &err));
    g_assert_nonnull(strstr(err->message, name));
    g_error_free(err);
    o = trace_output_new("/dev/full", NULL);
    fputs("new", trace_output_file(o));
    g_assert_false(trace_output_finish(o, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trace/call", test_call);
    g_test_add_func("/trace/latin1", test_latin1);
    g_test_add_func("/trace/other-records", test_other_records);
    g_test_add_func("/trace/events", test_events);
    g_test_add_func("/trace/bad-lines", test_bad_lines);
    g_test_add_func("/trace/cut-lines", test_cut_lines);
    g_test_add_func("/trace/mutated", test_mutated);
    g_test_add_func("/trace/unquote", test_unquote);
    g_test_add_func("/trace/strings", test_strings);
    g_test_add_func("/trace/fd", test_fd);
    g_test_add_func("/trace/addresses", test_addresses);
    g_test_add_func("/trace/display", test_display);
    g_test_add_func("/trace/sort", test_sort);
    g_test_add_func("/trace/no-room", test_no_room);
    g_test_add_func("/trace/bounded", test_bounded);
    g_test_add_func("/trace/input", test_input);
    g_test_add_func("/trace/output", test_output);
    return g_test_run();
}
