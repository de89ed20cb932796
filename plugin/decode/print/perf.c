/*
 * perf_event_open(2).
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <linux/perf_event.h>

#include "decode/print/members.h"
#include "decode/print/perf.h"

static void print_config(Printer *p, uint32_t type, uint64_t config)
{
    switch (type) {
    case PERF_TYPE_HARDWARE:
        if (config >> 32) {
            /* The PMU's number is above the event's. */
            text_hex(p->out, config >> 32);
            text_str(p->out, "<<32|");
        }
        print_enum(p->out, &xlat_perf_hw_ids, (uint32_t)config);
        break;
    case PERF_TYPE_SOFTWARE:
        print_enum(p->out, &xlat_perf_sw_ids, config);
        break;
    case PERF_TYPE_TRACEPOINT:
        text_udec(p->out, config);
        break;
    case PERF_TYPE_HW_CACHE:
        if (config >> 32) {
            text_hex(p->out, config >> 32);
            text_str(p->out, "<<32|");
        }
        if ((uint32_t)config >> 24) {
            text_hex(p->out, (uint32_t)config >> 24);
            text_str(p->out, "<<24|");
        }
        print_enum(p->out, &xlat_perf_cache_results, config >> 16 & 0xff);
        text_str(p->out, "<<16|");
        print_enum(p->out, &xlat_perf_cache_ops, config >> 8 & 0xff);
        text_str(p->out, "<<8|");
        print_enum(p->out, &xlat_perf_cache_ids, config & 0xff);
        break;
    default:
        text_hex(p->out, config);
        break;
    }
}

/* The bit fields in their order; precise_ip, which has two bits, is one. */
static const char *const bits[] = {
    "disabled", "inherit", "pinned", "exclusive", "exclude_user",
    "exclude_kernel", "exclude_hv", "exclude_idle", "mmap", "comm", "freq",
    "inherit_stat", "enable_on_exec", "task", "watermark", NULL, NULL,
    "mmap_data", "sample_id_all", "exclude_host", "exclude_guest",
    "exclude_callchain_kernel", "exclude_callchain_user", "mmap2",
    "comm_exec", "use_clockid", "context_switch", "write_backward",
    "namespaces", "ksymbol", "bpf_event", "aux_output", "cgroup",
    "text_poke", "build_id", "inherit_thread", "remove_on_exec", "sigtrap",
};

static void print_bits(Printer *p, uint64_t flags)
{
    static const char *const skid[] = {
        "arbitrary skid", "constant skid", "requested to have 0 skid",
        "must have 0 skid"
    };

    for (unsigned i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
        if (i == 15) {
            unsigned precise = flags >> 15 & 3;

            print_member(p, "precise_ip");
            text_udec(p->out, precise);
            text_str(p->out, " /* ");
            text_str(p->out, skid[precise]);
            text_str(p->out, " */");
        } else if (bits[i] && flags >> i & 1) {
            print_member(p, bits[i]);
            text_char(p->out, '1');
        }
    }
}

void print_perf_attr(Printer *p, uint64_t addr)
{
    struct perf_event_attr attr = { 0 };
    uint64_t flags;
    uint32_t size;

    /* Without a size it is the first one's. */
    if (!addr || !printer_read(p, addr + 4, &size, sizeof(size)) ||
        (size && size < PERF_ATTR_SIZE_VER0) ||
        !printer_read(p, addr, &attr, PERF_ATTR_SIZE_VER0)) {
        print_addr(p, addr);
        return;
    }
    text_str(p->out, "{type=");
    print_enum(p->out, &xlat_perf_types, attr.type);
    print_member(p, "size");
    print_enum(p->out, &xlat_perf_attr_sizes, attr.size);
    print_member(p, "config");
    print_config(p, attr.type, attr.config);
    memcpy(&flags, (const char *)&attr + 40, sizeof(flags));
    print_member(p, attr.freq ? "sample_freq" : "sample_period");
    text_udec(p->out, attr.sample_period);
    print_member(p, "sample_type");
    print_flags(p->out, &xlat_perf_sample_flags, attr.sample_type);
    print_member(p, "read_format");
    print_flags(p->out, &xlat_perf_read_formats, attr.read_format);
    print_bits(p, flags);
    if (flags >> 38) {
        print_member(p, "__reserved_1");
        text_hex(p->out, flags >> 38);
        text_str(p->out, " /* Bits 63..38 */");
    }
    text_str(p->out, ", ...}");
}
