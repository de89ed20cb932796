/*
 * bpf(2) and classic BPF programs.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/bpf.h>
#include <linux/seccomp.h>

#include "decode/print/members.h"
#include "decode/print/bpf.h"

/* Behind the fields: strings of the caller's, which are pointers in it. */
enum { PATH = 100, VERSION, TEXT, OUT_TEXT };

#define F(at, n, name_, kind_) \
    { .name = name_, .offset = at, .size = n, .kind = AS_##kind_ }
#define X(at, n, name_, kind_, table) \
    { .name = name_, .offset = at, .size = n, .kind = AS_##kind_, \
      .xlat = &xlat_##table }
#define S(at, n, name_, special) \
    { .name = name_, .offset = at, .size = n, .kind = special }

static const Member map_create[] = {
    X(0, 4, "map_type", ENUM, bpf_map_types), F(4, 4, "key_size", UINT),
    F(8, 4, "value_size", UINT), F(12, 4, "max_entries", UINT),
    X(16, 4, "map_flags", FLAGS, bpf_map_flags), F(20, 4, "inner_map_fd", FD),
    F(28, 16, "map_name", CSTR), F(44, 4, "map_ifindex", IFINDEX),
    F(48, 4, "btf_fd", FD), F(52, 4, "btf_key_type_id", UINT),
    F(56, 4, "btf_value_type_id", UINT),
    F(60, 4, "btf_vmlinux_value_type_id", UINT), F(64, 8, "map_extra", HEX),
    MEMBER_END
};
static const Member map_elem[] = {
    F(0, 4, "map_fd", FD), F(8, 8, "key", ADDR), F(16, 8, "value", ADDR),
    X(24, 8, "flags", FLAGS, bpf_update_flags), MEMBER_END
};
static const Member map_delete[] = {
    F(0, 4, "map_fd", FD), F(8, 8, "key", ADDR), MEMBER_END
};
static const Member map_next[] = {
    F(0, 4, "map_fd", FD), F(8, 8, "key", ADDR), F(16, 8, "next_key", ADDR),
    MEMBER_END
};
static const Member prog_load[] = {
    X(0, 4, "prog_type", ENUM, bpf_prog_types), F(4, 4, "insn_cnt", UINT),
    F(8, 8, "insns", ADDR), S(16, 8, "license", TEXT),
    F(24, 4, "log_level", UINT), F(28, 4, "log_size", UINT),
    S(32, 8, "log_buf", OUT_TEXT), S(40, 4, "kern_version", VERSION),
    X(44, 4, "prog_flags", FLAGS, bpf_prog_flags),
    F(48, 16, "prog_name", CSTR), F(64, 4, "prog_ifindex", IFINDEX),
    X(68, 4, "expected_attach_type", ENUM, bpf_attach_types),
    F(72, 4, "prog_btf_fd", FD), F(76, 4, "func_info_rec_size", UINT),
    F(80, 8, "func_info", ADDR), F(88, 4, "func_info_cnt", UINT),
    F(92, 4, "line_info_rec_size", UINT), F(96, 8, "line_info", ADDR),
    F(104, 4, "line_info_cnt", UINT), F(108, 4, "attach_btf_id", UINT),
    F(112, 4, "attach_prog_fd", FD), MEMBER_END
};
static const Member object[] = {
    S(0, 8, "pathname", PATH), F(8, 4, "bpf_fd", FD),
    X(12, 4, "file_flags", FLAGS, bpf_map_flags), MEMBER_END
};
static const Member attach[] = {
    F(0, 4, "target_fd", FD), F(4, 4, "attach_bpf_fd", FD),
    X(8, 4, "attach_type", ENUM, bpf_attach_types),
    X(12, 4, "attach_flags", FLAGS, bpf_attach_flags),
    F(16, 4, "replace_bpf_fd", FD), MEMBER_END
};
static const Member detach[] = {
    F(0, 4, "target_fd", FD),
    X(8, 4, "attach_type", ENUM, bpf_attach_types), MEMBER_END
};
static const Member test_run[] = {
    F(0, 4, "prog_fd", FD), F(4, 4, "retval", UINT),
    F(8, 4, "data_size_in", UINT), F(12, 4, "data_size_out", UINT),
    F(16, 8, "data_in", ADDR), F(24, 8, "data_out", ADDR),
    F(32, 4, "repeat", UINT), F(36, 4, "duration", UINT),
    F(40, 4, "ctx_size_in", UINT), F(44, 4, "ctx_size_out", UINT),
    F(48, 8, "ctx_in", ADDR), F(56, 8, "ctx_out", ADDR),
    X(64, 4, "flags", FLAGS, bpf_test_run_flags), F(68, 4, "cpu", UINT),
    F(72, 4, "batch_size", UINT), MEMBER_END
};
static const Member next_id[] = {
    F(0, 4, "start_id", UINT), F(4, 4, "next_id", UINT),
    X(8, 4, "open_flags", FLAGS, bpf_map_flags), MEMBER_END
};
static const Member prog_id[] = {
    F(0, 4, "prog_id", UINT), F(4, 4, "next_id", UINT),
    X(8, 4, "open_flags", FLAGS, bpf_map_flags), MEMBER_END
};
static const Member map_id[] = {
    F(0, 4, "map_id", UINT), F(4, 4, "next_id", UINT),
    X(8, 4, "open_flags", FLAGS, bpf_map_flags), MEMBER_END
};
static const Member btf_id[] = { F(0, 4, "btf_id", UINT), MEMBER_END };
static const Member link_id[] = { F(0, 4, "link_id", UINT), MEMBER_END };
static const Member freeze[] = { F(0, 4, "map_fd", FD), MEMBER_END };
static const Member info[] = {
    F(0, 4, "bpf_fd", FD), F(4, 4, "info_len", UINT), F(8, 8, "info", ADDR),
    MEMBER_END
};
static const Member query[] = {
    F(0, 4, "target_fd", FD),
    X(4, 4, "attach_type", ENUM, bpf_attach_types),
    X(8, 4, "query_flags", FLAGS, bpf_query_flags),
    X(12, 4, "attach_flags", FLAGS, bpf_attach_flags),
    F(16, 8, "prog_ids", ADDR), F(24, 4, "prog_cnt", UINT), MEMBER_END
};
static const Member tracepoint[] = {
    S(0, 8, "name", TEXT), F(8, 4, "prog_fd", FD), MEMBER_END
};
static const Member btf_load[] = {
    F(0, 8, "btf", ADDR), F(8, 8, "btf_log_buf", ADDR),
    F(16, 4, "btf_size", UINT), F(20, 4, "btf_log_size", UINT),
    F(24, 4, "btf_log_level", UINT), MEMBER_END
};
static const Member task_query[] = {
    F(0, 4, "pid", INT), F(4, 4, "fd", FD), F(8, 4, "flags", HEX),
    F(12, 4, "buf_len", UINT), F(16, 8, "buf", ADDR), F(24, 4, "prog_id", UINT),
    X(28, 4, "fd_type", ENUM, bpf_fd_types), F(32, 8, "probe_offset", HEX),
    F(40, 8, "probe_addr", HEX), MEMBER_END
};
static const Member batch[] = {
    F(0, 8, "in_batch", ADDR), F(8, 8, "out_batch", ADDR),
    F(16, 8, "keys", ADDR), F(24, 8, "values", ADDR), F(32, 4, "count", UINT),
    F(36, 4, "map_fd", FD), X(40, 8, "elem_flags", FLAGS, bpf_update_flags),
    F(48, 8, "flags", HEX), MEMBER_END
};
static const Member link_create[] = {
    F(0, 4, "prog_fd", FD), F(4, 4, "target_fd", FD),
    X(8, 4, "attach_type", ENUM, bpf_attach_types), F(12, 4, "flags", HEX),
    MEMBER_END
};
static const Member link_update[] = {
    F(0, 4, "link_fd", FD), F(4, 4, "new_prog_fd", FD),
    X(8, 4, "flags", FLAGS, bpf_attach_flags), MEMBER_END
};

/* By command; some are a structure within the union. */
static const struct {
    const Member *fields;
    const char *member;
} commands[] = {
    [BPF_MAP_CREATE] = { map_create, NULL },
    [BPF_MAP_LOOKUP_ELEM] = { map_elem, NULL },
    [BPF_MAP_UPDATE_ELEM] = { map_elem, NULL },
    [BPF_MAP_DELETE_ELEM] = { map_delete, NULL },
    [BPF_MAP_GET_NEXT_KEY] = { map_next, NULL },
    [BPF_PROG_LOAD] = { prog_load, NULL },
    [BPF_OBJ_PIN] = { object, NULL },
    [BPF_OBJ_GET] = { object, NULL },
    [BPF_PROG_ATTACH] = { attach, NULL },
    [BPF_PROG_DETACH] = { detach, NULL },
    [BPF_PROG_TEST_RUN] = { test_run, "test" },
    [BPF_PROG_GET_NEXT_ID] = { next_id, NULL },
    [BPF_MAP_GET_NEXT_ID] = { next_id, NULL },
    [BPF_PROG_GET_FD_BY_ID] = { prog_id, NULL },
    [BPF_MAP_GET_FD_BY_ID] = { map_id, NULL },
    [BPF_OBJ_GET_INFO_BY_FD] = { info, "info" },
    [BPF_PROG_QUERY] = { query, "query" },
    [BPF_RAW_TRACEPOINT_OPEN] = { tracepoint, "raw_tracepoint" },
    [BPF_BTF_LOAD] = { btf_load, NULL },
    [BPF_BTF_GET_FD_BY_ID] = { btf_id, NULL },
    [BPF_TASK_FD_QUERY] = { task_query, "task_fd_query" },
    [BPF_MAP_LOOKUP_AND_DELETE_ELEM] = { map_elem, NULL },
    [BPF_MAP_FREEZE] = { freeze, NULL },
    [BPF_BTF_GET_NEXT_ID] = { next_id, NULL },
    [BPF_MAP_LOOKUP_BATCH] = { batch, "batch" },
    [BPF_MAP_LOOKUP_AND_DELETE_BATCH] = { batch, "batch" },
    [BPF_MAP_UPDATE_BATCH] = { batch + 2, "batch" },
    [BPF_LINK_CREATE] = { link_create, "link_create" },
    [BPF_LINK_UPDATE] = { link_update, "link_update" },
    [BPF_LINK_GET_FD_BY_ID] = { link_id, NULL },
    [BPF_LINK_GET_NEXT_ID] = { next_id, NULL },
};

static void print_special(Printer *p, const Member *f, uint64_t value,
                          const uint8_t *data)
{
    switch (f->kind) {
    case PATH:
        print_path(p, value);
        break;
    case TEXT:
        print_string(p, value, p->opts->string_limit);
        break;
    case OUT_TEXT:
        /* log_buf: what the verifier says, behind its size. */
        if (p->at_return && load_uint(data + 28, 4)) {
            print_string(p, value, p->opts->string_limit);
        } else {
            print_addr(p, value);
        }
        break;
    case VERSION:
        text_str(p->out, "KERNEL_VERSION(");
        text_udec(p->out, value >> 16);
        text_str(p->out, ", ");
        text_udec(p->out, value >> 8 & 0xff);
        text_str(p->out, ", ");
        text_udec(p->out, value & 0xff);
        text_char(p->out, ')');
        break;
    }
}

void print_bpf_attr(Printer *p, int cmd, uint64_t addr, uint32_t size)
{
    uint8_t data[144] = { 0 };
    uint32_t n = size < sizeof(data) ? size : sizeof(data), end = 0;
    const Member *f;

    if (!addr || !size || cmd < 0 ||
        cmd >= (int)(sizeof(commands) / sizeof(commands[0])) ||
        !commands[cmd].fields || !printer_read(p, addr, data, n)) {
        print_addr(p, addr);
        return;
    }
    text_char(p->out, '{');
    if (commands[cmd].member) {
        print_member(p, commands[cmd].member);
        text_char(p->out, '{');
    }
    for (f = commands[cmd].fields; f->name && f->offset < n; f++) {
        end = f->offset + f->size;
        /* What is not given counts as zero, for the kernel too. */
        print_member(p, f->name);
        if (f->kind >= PATH) {
            print_special(p, f, load_uint(data + f->offset, f->size), data);
        } else {
            print_field(p, data + f->offset, f);
        }
    }
    if (commands[cmd].member) {
        text_char(p->out, '}');
    }
    for (uint32_t i = end; i < n; i++) {
        if (data[i]) {
            /* The command has no use for it. */
            text_str(p->out, ", ...");
            break;
        }
    }
    text_char(p->out, '}');
}

void print_sock_fprog(Printer *p, uint64_t addr)
{
    unsigned word = printer_word(p);
    uint8_t data[16];

    if (!addr || !printer_read(p, addr, data, 2 * word)) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{len=");
    text_udec(p->out, load_uint(data, 2));
    print_member(p, "filter");
    print_addr(p, load_uint(data + word, word));
    text_char(p->out, '}');
}

void print_seccomp_args(Printer *p, unsigned op, uint64_t addr)
{
    static const Member sizes[] = {
        FIELD(struct seccomp_notif_sizes, seccomp_notif, UINT),
        FIELD(struct seccomp_notif_sizes, seccomp_notif_resp, UINT),
        FIELD(struct seccomp_notif_sizes, seccomp_data, UINT),
        MEMBER_END
    };
    uint32_t action;

    if (op == SECCOMP_SET_MODE_FILTER) {
        print_sock_fprog(p, addr);
    } else if (op == SECCOMP_GET_ACTION_AVAIL && addr &&
               printer_read(p, addr, &action, sizeof(action))) {
        text_char(p->out, '[');
        print_enum(p->out, &xlat_seccomp_actions, action);
        text_char(p->out, ']');
    } else if (op == SECCOMP_GET_NOTIF_SIZES && p->at_return && !p->failed) {
        print_fields_at(p, addr, sizeof(struct seccomp_notif_sizes), sizes);
    } else {
        print_addr(p, addr);
    }
}
