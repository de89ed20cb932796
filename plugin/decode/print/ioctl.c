/*
 * Arguments of the usual ioctl commands.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decode/print/members.h"
#include "decode/print/block.h"
#include "decode/print/ioctl.h"
#include "decode/print/proc.h"
#include "decode/print/time.h"
#include "decode/print/tty.h"

typedef struct IoctlArg {
    uint32_t cmd;
    uint8_t when;
    void (*print)(Printer *p, uint64_t arg);
} IoctlArg;

static void print_plain_int(Printer *p, uint64_t arg)
{
    text_dec(p->out, (int32_t)arg);
}

static void print_plain_ulong(Printer *p, uint64_t arg)
{
    text_udec(p->out, printer_word(p) == 4 ? (uint32_t)arg : arg);
}

static void print_fd_arg(Printer *p, uint64_t arg)
{
    print_fd(p, (int32_t)arg);
}

static void print_flush(Printer *p, uint64_t arg)
{
    print_enum(p->out, &xlat_tcflsh, (uint32_t)arg);
}

static void print_owner(Printer *p, uint64_t addr)
{
    print_id_pointer(p, addr, 4);
}

static void print_flow(Printer *p, uint64_t arg)
{
    print_enum(p->out, &xlat_tcxonc, (uint32_t)arg);
}

/*
 * Sorted by the command.  A command that holds the size of a long has two
 * rows; numbers, not names, which the headers have for one ABI only.
 */
static const IoctlArg args[] = {
    { 0x301, IOCTL_OUT, print_hd_geometry },        /* HDIO_GETGEO */
    { 0x125d, IOCTL_IN, print_int_pointer },        /* BLKROSET */
    { 0x125e, IOCTL_OUT, print_int_pointer },       /* BLKROGET */
    { 0x125f, IOCTL_NO_ARG, NULL },                 /* BLKRRPART */
    { 0x1260, IOCTL_OUT, print_size_pointer },      /* BLKGETSIZE */
    { 0x1261, IOCTL_NO_ARG, NULL },                 /* BLKFLSBUF */
    { 0x1262, IOCTL_IN, print_plain_ulong },        /* BLKRASET */
    { 0x1263, IOCTL_OUT, print_size_pointer },      /* BLKRAGET */
    { 0x1268, IOCTL_OUT, print_int_pointer },       /* BLKSSZGET */
    { 0x1269, IOCTL_IN, print_blkpg },              /* BLKPG */
    { 0x1277, IOCTL_IN, print_two_u64 },            /* BLKDISCARD */
    { 0x1278, IOCTL_OUT, print_uint_pointer },      /* BLKIOMIN */
    { 0x1279, IOCTL_OUT, print_uint_pointer },      /* BLKIOOPT */
    { 0x127a, IOCTL_OUT, print_int_pointer },       /* BLKALIGNOFF */
    { 0x127b, IOCTL_OUT, print_uint_pointer },      /* BLKPBSZGET */
    { 0x127c, IOCTL_OUT, print_uint_pointer },      /* BLKDISCARDZEROES */
    { 0x127d, IOCTL_IN, print_two_u64 },            /* BLKSECDISCARD */
    { 0x127e, IOCTL_OUT, print_short_pointer },     /* BLKROTATIONAL */
    { 0x127f, IOCTL_IN, print_two_u64 },            /* BLKZEROOUT */
    { 0x4c00, IOCTL_IN, print_fd_arg },             /* LOOP_SET_FD */
    { 0x4c01, IOCTL_NO_ARG, NULL },                 /* LOOP_CLR_FD */
    { 0x4c02, IOCTL_IN, print_loop_info },          /* LOOP_SET_STATUS */
    { 0x4c03, IOCTL_OUT, print_loop_info },         /* LOOP_GET_STATUS */
    { 0x4c04, IOCTL_IN, print_loop_info64 },        /* LOOP_SET_STATUS64 */
    { 0x4c05, IOCTL_OUT, print_loop_info64 },       /* LOOP_GET_STATUS64 */
    { 0x4c06, IOCTL_IN, print_fd_arg },             /* LOOP_CHANGE_FD */
    { 0x4c07, IOCTL_NO_ARG, NULL },                 /* LOOP_SET_CAPACITY */
    { 0x4c08, IOCTL_IN, print_plain_ulong },        /* LOOP_SET_DIRECT_IO */
    { 0x4c09, IOCTL_IN, print_plain_ulong },        /* LOOP_SET_BLOCK_SIZE */
    { 0x4c0a, IOCTL_IN, print_loop_config },        /* LOOP_CONFIGURE */
    { 0x4c80, IOCTL_IN, print_plain_int },          /* LOOP_CTL_ADD */
    { 0x4c81, IOCTL_IN, print_plain_int },          /* LOOP_CTL_REMOVE */
    { 0x4c82, IOCTL_NO_ARG, NULL },                 /* LOOP_CTL_GET_FREE */
    { 0x5401, IOCTL_OUT, print_termios },           /* TCGETS */
    { 0x5402, IOCTL_IN, print_termios },            /* TCSETS */
    { 0x5403, IOCTL_IN, print_termios },            /* TCSETSW */
    { 0x5404, IOCTL_IN, print_termios },            /* TCSETSF */
    { 0x5405, IOCTL_OUT, print_termio },            /* TCGETA */
    { 0x5406, IOCTL_IN, print_termio },             /* TCSETA */
    { 0x5407, IOCTL_IN, print_termio },             /* TCSETAW */
    { 0x5408, IOCTL_IN, print_termio },             /* TCSETAF */
    { 0x5409, IOCTL_IN, print_plain_int },          /* TCSBRK */
    { 0x540a, IOCTL_IN, print_flow },               /* TCXONC */
    { 0x540b, IOCTL_IN, print_flush },              /* TCFLSH */
    { 0x540c, IOCTL_NO_ARG, NULL },                 /* TIOCEXCL */
    { 0x540d, IOCTL_NO_ARG, NULL },                 /* TIOCNXCL */
    { 0x540e, IOCTL_IN, print_plain_int },          /* TIOCSCTTY */
    { 0x540f, IOCTL_OUT, print_int_pointer },       /* TIOCGPGRP */
    { 0x5410, IOCTL_IN, print_int_pointer },        /* TIOCSPGRP */
    { 0x5411, IOCTL_OUT, print_int_pointer },       /* TIOCOUTQ */
    { 0x5412, IOCTL_IN, print_one_char },           /* TIOCSTI */
    { 0x5413, IOCTL_OUT, print_winsize },           /* TIOCGWINSZ */
    { 0x5414, IOCTL_IN, print_winsize },            /* TIOCSWINSZ */
    { 0x5415, IOCTL_OUT, print_modem_lines },       /* TIOCMGET */
    { 0x5416, IOCTL_IN, print_modem_lines },        /* TIOCMBIS */
    { 0x5417, IOCTL_IN, print_modem_lines },        /* TIOCMBIC */
    { 0x5418, IOCTL_IN, print_modem_lines },        /* TIOCMSET */
    { 0x5419, IOCTL_OUT, print_int_pointer },       /* TIOCGSOFTCAR */
    { 0x541a, IOCTL_IN, print_int_pointer },        /* TIOCSSOFTCAR */
    { 0x541b, IOCTL_OUT, print_int_pointer },       /* FIONREAD */
    { 0x541d, IOCTL_NO_ARG, NULL },                 /* TIOCCONS */
    { 0x5420, IOCTL_IN, print_int_pointer },        /* TIOCPKT */
    { 0x5421, IOCTL_IN, print_int_pointer },        /* FIONBIO */
    { 0x5422, IOCTL_NO_ARG, NULL },                 /* TIOCNOTTY */
    { 0x5423, IOCTL_IN, print_int_pointer },        /* TIOCSETD */
    { 0x5424, IOCTL_OUT, print_int_pointer },       /* TIOCGETD */
    { 0x5425, IOCTL_IN, print_plain_int },          /* TCSBRKP */
    { 0x5427, IOCTL_NO_ARG, NULL },                 /* TIOCSBRK */
    { 0x5428, IOCTL_NO_ARG, NULL },                 /* TIOCCBRK */
    { 0x5429, IOCTL_OUT, print_int_pointer },       /* TIOCGSID */
    { 0x5437, IOCTL_NO_ARG, NULL },                 /* TIOCVHANGUP */
    { 0x5450, IOCTL_NO_ARG, NULL },                 /* FIONCLEX */
    { 0x5451, IOCTL_NO_ARG, NULL },                 /* FIOCLEX */
    { 0x5452, IOCTL_IN, print_int_pointer },        /* FIOASYNC */
    { 0xb701, IOCTL_NO_ARG, NULL },                 /* NS_GET_USERNS */
    { 0xb702, IOCTL_NO_ARG, NULL },                 /* NS_GET_PARENT */
    { 0xb703, IOCTL_NO_ARG, NULL },                 /* NS_GET_NSTYPE */
    { 0xb704, IOCTL_OUT, print_owner },             /* NS_GET_OWNER_UID */
    { 0x40045431, IOCTL_IN, print_int_pointer },    /* TIOCSPTLCK */
    { 0x40046602, IOCTL_IN, print_inode_flags },    /* FS_IOC32_SETFLAGS */
    { 0x40049409, IOCTL_IN, print_plain_int },      /* FICLONE */
    { 0x40086602, IOCTL_IN, print_inode_flags },    /* FS_IOC_SETFLAGS */
    { 0x401c5820, IOCTL_IN, print_fsxattr },        /* FS_IOC_FSSETXATTR */
    { 0x4020940d, IOCTL_IN, print_clone_range },    /* FICLONERANGE */
    { 0x40247007, IOCTL_IN, print_rtc_time },       /* RTC_ALM_SET */
    { 0x4024700a, IOCTL_IN, print_rtc_time },       /* RTC_SET_TIME */
    { 0x4028700f, IOCTL_IN, print_rtc_wkalrm },     /* RTC_WKALM_SET */
    { 0x402c542b, IOCTL_IN, print_termios2 },       /* TCSETS2 */
    { 0x402c542c, IOCTL_IN, print_termios2 },       /* TCSETSW2 */
    { 0x402c542d, IOCTL_IN, print_termios2 },       /* TCSETSF2 */
    { 0x80041270, IOCTL_OUT, print_int_pointer },   /* BLKBSZGET, i386 */
    { 0x80041272, IOCTL_OUT, print_u64_pointer },   /* BLKGETSIZE64, i386 */
    { 0x80045430, IOCTL_OUT, print_int_pointer },   /* TIOCGPTN */
    { 0x80045438, IOCTL_OUT, print_int_pointer },   /* TIOCGPKT */
    { 0x80045439, IOCTL_OUT, print_int_pointer },   /* TIOCGPTLCK */
    { 0x80046601, IOCTL_OUT, print_inode_flags },   /* FS_IOC32_GETFLAGS */
    { 0x80081270, IOCTL_OUT, print_int_pointer },   /* BLKBSZGET */
    { 0x80081272, IOCTL_OUT, print_u64_pointer },   /* BLKGETSIZE64 */
    { 0x80086601, IOCTL_OUT, print_inode_flags },   /* FS_IOC_GETFLAGS */
    { 0x801c581f, IOCTL_OUT, print_fsxattr },       /* FS_IOC_FSGETXATTR */
    { 0x80247008, IOCTL_OUT, print_rtc_time },      /* RTC_ALM_READ */
    { 0x80247009, IOCTL_OUT, print_rtc_time },      /* RTC_RD_TIME */
    { 0x80287010, IOCTL_OUT, print_rtc_wkalrm },    /* RTC_WKALM_RD */
    { 0x802c542a, IOCTL_OUT, print_termios2 },      /* TCGETS2 */
    { 0xc0045877, IOCTL_NO_ARG, NULL },             /* FIFREEZE */
    { 0xc0045878, IOCTL_NO_ARG, NULL },             /* FITHAW */
    { 0xc0189436, IOCTL_INOUT, print_dedupe },      /* FIDEDUPERANGE */
    { 0xc020660b, IOCTL_INOUT, print_fiemap },      /* FS_IOC_FIEMAP */
};

static const IoctlArg *find(uint32_t cmd)
{
    size_t low = 0, high = sizeof(args) / sizeof(args[0]);

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (args[mid].cmd == cmd) {
            return &args[mid];
        }
        if (args[mid].cmd < cmd) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return NULL;
}

IoctlWhen ioctl_arg_when(uint32_t cmd)
{
    const IoctlArg *a = find(cmd);

    return a ? (IoctlWhen)a->when : IOCTL_UNKNOWN;
}

void print_ioctl_arg(Printer *p, uint32_t cmd, uint64_t arg)
{
    const IoctlArg *a = find(cmd);

    if (!a) {
        print_addr(p, arg);
    } else if (a->print) {
        a->print(p, arg);
    }
}
