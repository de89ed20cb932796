/*
 * The guest of frail-test: start it, run its cases
 *
 * Copyright (c) 2026 The Frail developers
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qobject/qlist.h"
#include "frail-helpers.h"

static char *rom_path;

/* --- The guest ---------------------------------------------------------- */

uint64_t control(QTestState *qts, unsigned word)
{
    return qtest_readq(qts, CTL_PHYS + word);
}

static void set_control(QTestState *qts, unsigned word, uint64_t value)
{
    qtest_writeq(qts, CTL_PHYS + word, value);
}

void cont(QTestState *qts)
{
    qtest_qmp_assert_success(qts, "{ 'execute': 'cont' }");
}

void wait_stop(QTestState *qts)
{
    alarm(PATIENCE);
    qtest_qmp_eventwait(qts, "STOP");
    alarm(0);
}

uint64_t start_value(unsigned word)
{
    return word == R_RAX ? NR : 0x1111111111111111ull * (word - R_RAX);
}

QTestState *start_guest(const char *accel, const char *extra)
{
    QTestState *qts;

    qts = qtest_initf(MACHINE " -bios %s -device pvpanic -action panic=pause "
                      "-S -accel %s %s", rom_path, accel, extra ?: "");
    cont(qts);
    wait_stop(qts);
    g_assert_cmpuint(control(qts, CTL_STATUS), ==, STATUS_READY);
    g_assert_cmpuint(control(qts, CTL_BOOTS), ==, 1);
    return qts;
}

void begin_case(QTestState *qts, unsigned number, const uint64_t args[3])
{
    for (unsigned word = R_RAX; word <= R_R15; word++) {
        set_control(qts, CTL_REGS + (word - R_RAX) * 8, start_value(word));
    }
    for (unsigned i = 0; i < 3; i++) {
        set_control(qts, CTL_ARG0 + 8 * i, args[i]);
    }
    set_control(qts, CTL_RECORDS, 0);
    set_control(qts, CTL_CALLS, 0);
    set_control(qts, CTL_EXCEPTIONS, 0);
    set_control(qts, CTL_NMIS, 0);
    set_control(qts, CTL_CASE, number);
    cont(qts);
}

Result *end_case(QTestState *qts)
{
    Result *r = g_new0(Result, 1);

    r->status = control(qts, CTL_STATUS);
    r->records = MIN(control(qts, CTL_RECORDS), RECORD_MAX);
    r->calls = control(qts, CTL_CALLS);
    r->exceptions = control(qts, CTL_EXCEPTIONS);
    r->nmis = control(qts, CTL_NMIS);
    r->loops = control(qts, CTL_LOOPS);
    r->bad = control(qts, CTL_BAD);
    r->record = g_malloc0(r->records * RECORD_SIZE);
    if (r->records) {
        qtest_memread(qts, RECORD_PHYS, r->record, r->records * RECORD_SIZE);
    }
    return r;
}

Result *run_case(QTestState *qts, unsigned number, uint64_t arg0,
                 uint64_t arg1, uint64_t arg2)
{
    const uint64_t args[3] = { arg0, arg1, arg2 };

    begin_case(qts, number, args);
    wait_stop(qts);
    return end_case(qts);
}

void free_result(Result *r)
{
    if (r) {
        g_free(r->record);
        g_free(r);
    }
}

/* --- The cases ---------------------------------------------------------- */

GArray *cases;

static void G_GNUC_PRINTF(5, 6) add_case(unsigned number, uint64_t arg0,
                                         uint64_t arg1, uint64_t arg2,
                                         const char *name, ...)
{
    Case c = { .number = number, .args = { arg0, arg1, arg2 } };
    va_list ap;

    va_start(ap, name);
    g_vsnprintf(c.name, sizeof(c.name), name, ap);
    va_end(ap);
    g_array_append_val(cases, c);
}

void add_cases(void)
{
    static const uint32_t flags[] = {
        0, FLAG_CF, FLAG_PF, FLAG_AF, FLAG_ZF, FLAG_SF, FLAG_IF, FLAG_DF,
        FLAG_OF, FLAG_AC, FLAG_ID, FLAGS_ALL,
    };
    static const char *const ways[] = { "linux", "iret", "sysretq" };

    cases = g_array_new(false, true, sizeof(Case));
    for (unsigned way = 0; way < G_N_ELEMENTS(ways); way++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(flags); i++) {
            add_case(CASE_CALL, NR, flags[i] | FLAG_FIXED, way,
                     "call-%s-%x", ways[way], flags[i]);
        }
    }
    add_case(CASE_CALL, 0, FLAG_FIXED, 0, "call-number-0");
    add_case(CASE_CALL, -1ull, FLAG_FIXED, 0, "call-number-minus-1");
    add_case(CASE_CALL, 1ull << 63, FLAG_FIXED, 0, "call-number-huge");
    add_case(CASE_MSRS, 0, 0, 0, "msrs");
    add_case(CASE_EFER, 0, 0, 0, "efer");
    add_case(CASE_NO_SCE, 0, 0, 0, "no-sce");
    add_case(CASE_UD_USER, 0, 0, 0, "ud-user");
    add_case(CASE_UD_KERNEL, 0, 0, 0, "ud-kernel");
    for (unsigned i = 0; i < PREFIXES; i++) {
        add_case(CASE_PREFIX, i, 0, 0, "prefix-%u", i);
    }
    for (unsigned i = 0; i < EDGES; i++) {
        add_case(CASE_EDGE, i, 0, 0, "edge-%u", i);
    }
    add_case(CASE_SIGRETURN, 0, 0, RETURN_LINUX, "sigreturn");
    add_case(CASE_SIGRETURN, 0, 0, RETURN_IRET, "sigreturn-iret");
    add_case(CASE_SIGRETURN, 0, 0, RETURN_SYSRETQ, "sigreturn-sysretq");
    add_case(CASE_FIRST_RETURN, 0, 0, 0, "first-return");
    add_case(CASE_SYSRETL, 0, 0, 0, "sysretl");
    add_case(CASE_CALL32, NR, FLAG_FIXED, 0, "call32");
    add_case(CASE_CALL32, NR, FLAGS_ALL | FLAG_FIXED, 0, "call32-flags");
    add_case(CASE_LOOP, 500, NR, RETURN_LINUX, "loop");
    add_case(CASE_LOOP, 500, NR, RETURN_IRET, "loop-iret");
    add_case(CASE_STEP, 0, 0, 0, "step");
    add_case(CASE_USER_JUMP, 0, 0, 0, "user-jump");
    add_case(CASE_LSTAR, NR, 0, RETURN_LINUX, "lstar");
}

QDict *query_frail(QTestState *qts)
{
    QDict *response = qtest_qmp(qts, "{ 'execute': 'query-frail' }");
    QDict *info;

    g_assert(qdict_haskey(response, "return"));
    info = qdict_get_qdict(response, "return");
    qobject_ref(info);
    qobject_unref(response);
    return info;
}

/* A counter of the only vCPU */
uint64_t counter(const QDict *frail, const char *name)
{
    const QListEntry *entry = qlist_first(qdict_get_qlist(frail, "vcpus"));

    g_assert(entry);
    return qdict_get_int(qobject_to(QDict, qlist_entry_obj(entry)), name);
}

bool is_armed(const QDict *frail)
{
    const QListEntry *entry = qlist_first(qdict_get_qlist(frail, "vcpus"));

    g_assert(entry);
    return qdict_get_bool(qobject_to(QDict, qlist_entry_obj(entry)), "armed");
}

static Battery *run_battery(const char *accel, const char *extra, bool frail)
{
    Battery *b = g_new0(Battery, 1);
    QTestState *qts = start_guest(accel, extra);

    b->result = g_new0(Result *, cases->len);
    for (unsigned i = 0; i < cases->len; i++) {
        const Case *c = &g_array_index(cases, Case, i);
        Result *r;

        begin_case(qts, c->number, c->args);
        wait_stop(qts);
        r = b->result[i] = end_case(qts);
        b->calls += r->calls;
        for (unsigned j = 0; j < r->records; j++) {
            b->calls32 += r->record[j][R_TAG] == RECORD_ENTRY &&
                          r->record[j][R_VECTOR] == ENTRY_SYSCALL32;
            b->invalid += r->record[j][R_TAG] == RECORD_EXCEPTION &&
                          r->record[j][R_VECTOR] == 6;
        }
        if (r->status != STATUS_DONE) {
            g_error("%s with -accel %s ends with status %" PRIu64, c->name,
                    accel, r->status);
        }
    }
    if (frail) {
        b->frail = query_frail(qts);
    }
    qtest_quit(qts);
    return b;
}

/* Each battery runs once and serves all tests of its mode. */
const Battery *battery(const char *accel, const char *extra, bool frail)
{
    static GHashTable *known;
    g_autofree char *key = g_strdup_printf("%s %s", accel, extra ?: "");
    Battery *b;

    if (!known) {
        known = g_hash_table_new(g_str_hash, g_str_equal);
    }
    b = g_hash_table_lookup(known, key);
    if (!b) {
        b = run_battery(accel, extra, frail);
        g_hash_table_insert(known, g_steal_pointer(&key), b);
    }
    return b;
}

/* The plugin of a mode as an argument for QEMU; NULL when there is none */
char *plugin_args(const char *plugin, const char *options)
{
    const char *dir = g_getenv("FRAIL_PLUGINS");
    g_autofree char *path = dir ? g_build_filename(dir, plugin, NULL) : NULL;

    if (!path || access(path, R_OK)) {
        return NULL;
    }
    return g_strdup_printf("-plugin %s%s", path, options);
}

bool mode_args(const Mode *m, char **extra)
{
    *extra = NULL;
    if (m->plugin) {
        *extra = plugin_args(m->plugin, ",out=/dev/null");
        if (!*extra) {
            g_test_skip("FRAIL_PLUGINS does not name the analyzers' "
                        "directory");
            return false;
        }
    }
    return true;
}

bool starts(const char *accel, char **says)
{
    g_autofree char *line = g_strdup_printf(
        "echo quit | exec %s -accel %s " MACHINE " -display none -S -bios %s "
        "-monitor stdio 2>&1 >/dev/null", g_getenv("QTEST_QEMU_BINARY"),
        accel, rom_path);
    const char *argv[] = { "/bin/sh", "-c", line, NULL };
    g_autoptr(GError) err = NULL;
    int status;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                      says, NULL, &status, &err)) {
        g_error("%s: %s", line, err->message);
    }
    return status == 0;
}

/* The guest is the end of a firmware image. */
void write_rom(void)
{
    g_autofree char *rom = g_malloc0(ROM_SIZE);
    g_autoptr(GError) err = NULL;
    int fd = g_file_open_tmp("frail-guest-XXXXXX", &rom_path, &err);

    g_assert_no_error(err);
    close(fd);
    memcpy(rom + ROM_SIZE - IMAGE_SIZE, frail_guest, IMAGE_SIZE);
    g_file_set_contents(rom_path, rom, ROM_SIZE, &err);
    g_assert_no_error(err);
}

void remove_rom(void)
{
    unlink(rom_path);
    g_free(rom_path);
}
