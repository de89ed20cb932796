/*
 * Requests of ioctl(2) by name.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/names/print.h"

static const XlatName names[] = {
#include "decode/names/ioctl-names.inc"
};

const Xlat xlat_ioctl_requests = {
    .label = "_IOC_??\?",
    .names = names,
    .count = sizeof(names) / sizeof(names[0]),
    .sorted = true,
};

/* The fields of a request. */
#define IOC_NR(r)       ((r) & 0xff)
#define IOC_TYPE(r)     ((r) >> 8 & 0xff)
#define IOC_SIZE(r)     ((r) >> 16 & 0x3fff)
#define IOC_DIR(r)      ((r) >> 30)

#define DIR_WRITE       1
#define DIR_READ        2

/* Requests that carry a length, whose size is that of the caller's buffer. */
static const struct {
    uint8_t dir, type, nr;
    const char *name;
} sized[] = {
    { DIR_READ, 'E', 0x06, "EVIOCGNAME" },
    { DIR_READ, 'E', 0x07, "EVIOCGPHYS" },
    { DIR_READ, 'E', 0x08, "EVIOCGUNIQ" },
    { DIR_READ, 'E', 0x09, "EVIOCGPROP" },
    { DIR_READ, 'E', 0x0a, "EVIOCGMTSLOTS" },
    { DIR_READ, 'E', 0x18, "EVIOCGKEY" },
    { DIR_READ, 'E', 0x19, "EVIOCGLED" },
    { DIR_READ, 'E', 0x1a, "EVIOCGSND" },
    { DIR_READ, 'E', 0x1b, "EVIOCGSW" },
    { DIR_READ, 'H', 0x04, "HIDIOCGRAWNAME" },
    { DIR_READ, 'H', 0x05, "HIDIOCGRAWPHYS" },
    { DIR_READ | DIR_WRITE, 'H', 0x06, "HIDIOCSFEATURE" },
    { DIR_READ | DIR_WRITE, 'H', 0x07, "HIDIOCGFEATURE" },
    { DIR_READ, 'U', 0x2c, "UI_GET_SYSNAME" },
    { DIR_READ, 'j', 0x13, "JSIOCGNAME" },
    { DIR_WRITE, 'k', 0x00, "SPI_IOC_MESSAGE" },
};

#define SPI_TRANSFER_SIZE   32
#define EVENT_BITS          0x20    /* + a type of event */
#define EVENT_GET_AXIS      0x40    /* + an axis */
#define EVENT_SET_AXIS      0xc0
#define AXES                0x40
#define AXIS_SIZE           24

/* Input devices: the event or the axis is in the number. */
static bool print_event_request(FrailText *t, uint32_t request)
{
    unsigned nr = IOC_NR(request);

    if (IOC_TYPE(request) != 'E') {
        return false;
    }
    if (IOC_DIR(request) == DIR_READ && nr >= EVENT_BITS &&
        nr < EVENT_GET_AXIS) {
        text_str(t, "EVIOCGBIT(");
        if (nr == EVENT_BITS) {
            text_char(t, '0');
        } else {
            print_enum(t, &xlat_input_ev_types, nr - EVENT_BITS);
        }
        text_str(t, ", ");
        text_udec(t, IOC_SIZE(request));
    } else if (IOC_DIR(request) == DIR_READ && nr >= EVENT_GET_AXIS &&
               nr < EVENT_GET_AXIS + AXES &&
               IOC_SIZE(request) == AXIS_SIZE) {
        text_str(t, "EVIOCGABS(");
        print_enum(t, &xlat_input_abs_axes, nr - EVENT_GET_AXIS);
    } else if (IOC_DIR(request) == DIR_WRITE && nr >= EVENT_SET_AXIS &&
               nr < EVENT_SET_AXIS + AXES &&
               IOC_SIZE(request) == AXIS_SIZE) {
        text_str(t, "EVIOCSABS(");
        print_enum(t, &xlat_input_abs_axes, nr - EVENT_SET_AXIS);
    } else {
        return false;
    }
    text_char(t, ')');
    return true;
}

static bool print_sized_request(FrailText *t, uint32_t request)
{
    for (size_t i = 0; i < sizeof(sized) / sizeof(sized[0]); i++) {
        unsigned size = IOC_SIZE(request);

        if (IOC_DIR(request) != sized[i].dir ||
            IOC_TYPE(request) != sized[i].type ||
            IOC_NR(request) != sized[i].nr) {
            continue;
        }
        text_str(t, sized[i].name);
        text_char(t, '(');
        text_udec(t, sized[i].type == 'k' ? size / SPI_TRANSFER_SIZE : size);
        text_char(t, ')');
        return true;
    }
    return false;
}

static void print_encoded(FrailText *t, uint32_t request)
{
    static const char *const dirs[] = {
        "_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE",
    };

    text_str(t, "_IOC(");
    text_str(t, dirs[IOC_DIR(request)]);
    text_str(t, ", ");
    text_hex(t, IOC_TYPE(request));
    text_str(t, ", ");
    text_hex(t, IOC_NR(request));
    text_str(t, ", ");
    text_hex(t, IOC_SIZE(request));
    text_char(t, ')');
}

bool print_ioctl_request(FrailText *t, uint32_t request)
{
    const char *name = xlat_name(&xlat_ioctl_requests, request);

    if (name) {
        text_str(t, name);
        return true;
    }
    if (print_event_request(t, request) || print_sized_request(t, request)) {
        return true;
    }
    print_encoded(t, request);
    return false;
}
