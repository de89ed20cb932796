/*
 * The page walk and copies of guest memory.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fake-vmm.h"

typedef struct Mem {
    FakeVM *vm;
    FrailMem mem;
    FrailSpace space;
    uint32_t generation;
} Mem;

static void open_mem(Mem *m, bool la57)
{
    m->vm = fake_new((FakeOptions) { .la57 = la57 });
    m->generation = 7;
    m->space = (FrailSpace) { .cr3 = m->vm->root, .la57 = la57 };
    frail_mem_init(&m->mem, &fake_ops, m->vm, &m->generation);
}

static void close_mem(Mem *m)
{
    fake_free(m->vm);
}

static uint64_t walk(Mem *m, uint64_t va)
{
    uint64_t gpa = ~0ull;

    return frail_mem_walk(&m->mem, m->space, va, &gpa) ? gpa : ~0ull;
}

static void test_walk(const void *data)
{
    bool la57 = data != NULL;
    uint64_t gpa;
    Mem m;

    open_mem(&m, la57);
    gpa = fake_alloc(m.vm, 2);
    fake_map(m.vm, m.vm->root, 0x7ffff7ff7000, gpa, 0);
    fake_map(m.vm, m.vm->root, 0xffff800000000000, gpa + 0x1000, 0);
    g_assert_cmphex(walk(&m, 0x7ffff7ff7000), ==, gpa);
    g_assert_cmphex(walk(&m, 0x7ffff7ff7fff), ==, gpa + 0xfff);
    g_assert_cmphex(walk(&m, 0xffff800000000008), ==, gpa + 0x1008);
    g_assert_cmphex(walk(&m, 0x7ffff7ff8000), ==, ~0ull);

    /* PCID, the top bits of CR3, NX and the available bits are no address. */
    m.space.cr3 |= 0x8000000000000fff;
    *(uint64_t *)fake_phys(m.vm, m.vm->root + 8 * 255) |= 0xfff0000000000e00;
    if (!la57) {
        g_assert_cmphex(walk(&m, 0x7ffff7ff7008), ==, gpa + 8);
    }
    close_mem(&m);
}

static void test_five_levels(void)
{
    uint64_t gpa;
    Mem m;

    open_mem(&m, true);
    gpa = fake_alloc(m.vm, 1);
    fake_map(m.vm, m.vm->root, 0x00a1234567890000, gpa, 0);
    fake_map(m.vm, m.vm->root, 0xff11000000000000, gpa, 0);
    g_assert_cmphex(walk(&m, 0x00a1234567890123), ==, gpa + 0x123);
    g_assert_cmphex(walk(&m, 0xff11000000000fff), ==, gpa + 0xfff);
    g_assert_cmphex(walk(&m, 0x0100000000000000), ==, ~0ull);
    g_assert_cmphex(walk(&m, 0xfeffffffffffffff), ==, ~0ull);
    /* With four levels the same addresses are not canonical. */
    m.space.la57 = false;
    g_assert_cmphex(walk(&m, 0x00a1234567890123), ==, ~0ull);
    close_mem(&m);
}

static void test_large(void)
{
    uint64_t byte;
    Mem m;

    open_mem(&m, false);
    fake_map(m.vm, m.vm->root, 0x40200000, 0x200000, 1);
    fake_map(m.vm, m.vm->root, 0xffff888000000000, 0, 2);
    fake_map(m.vm, m.vm->root, 0xffff888040000000, FAKE_HIGH, 2);
    g_assert_cmphex(walk(&m, 0x40200000), ==, 0x200000);
    g_assert_cmphex(walk(&m, 0x403abcde), ==, 0x3abcde);
    g_assert_cmphex(walk(&m, 0xffff888000312345), ==, 0x312345);
    g_assert_cmphex(walk(&m, 0xffff888040001001), ==, FAKE_HIGH + 0x1001);
    /* Bit 12 of a large page's entry is PAT, not an address. */
    fake_map(m.vm, m.vm->root, 0x40400000, 0x201000, 1);
    g_assert_cmphex(walk(&m, 0x40400010), ==, 0x200010);
    /* Bit 7 of the last level is PAT as well: a 4 KiB page stays one. */
    fake_map(m.vm, m.vm->root, 0x40600000, 0x300000 | 0x80, 0);
    g_assert_cmphex(walk(&m, 0x40600011), ==, 0x300011);
    /* What a large page promises need not be RAM. */
    g_assert_cmphex(walk(&m, 0xffff888040012000), ==, FAKE_HIGH + 0x12000);
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, 0xffff888040012000, &byte,
                                    1), ==, 0);
    ((uint8_t *)fake_phys(m.vm, FAKE_HIGH + 0xffff))[0] = 0x5a;
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, 0xffff88804000ffff, &byte,
                                    8), ==, 1);
    g_assert_cmphex(byte & 0xff, ==, 0x5a);
    close_mem(&m);
}

static void test_absent(void)
{
    Mem m;

    open_mem(&m, false);
    g_assert_cmphex(walk(&m, 0), ==, ~0ull);
    g_assert_cmphex(walk(&m, 0x0000800000000000), ==, ~0ull);
    g_assert_cmphex(walk(&m, 0xffff7fffffffffff), ==, ~0ull);
    g_assert_cmphex(walk(&m, 0x8000000000401000), ==, ~0ull);
    g_assert_cmphex(walk(&m, 0xffffffffffffffff), ==, ~0ull);
    g_assert_null(frail_mem_pointer(&m.mem, m.space, 0x8000000000401000));
    /* Tables outside of RAM, at every level. */
    m.space.cr3 = 0x000ffffffffff000;
    g_assert_cmphex(walk(&m, USER_TEXT), ==, ~0ull);
    m.space.cr3 = m.vm->root;
    for (int level = 1; level <= 3; level++) {
        uint64_t va = 0x100000000000ull + ((uint64_t)level << 39);
        uint64_t table = m.vm->root;

        for (int l = 3; l >= level; l--) {
            uint64_t *e = (uint64_t *)fake_phys(m.vm, table) +
                ((va >> (12 + 9 * l)) & 511);

            *e = l == level ? 0x7ffffffff001 : fake_alloc(m.vm, 1) | 1;
            table = *e & ~0xfffull;
        }
        g_assert_cmphex(walk(&m, va), ==, ~0ull);
    }
    /* A page whose entry points outside of RAM maps, but cannot be read. */
    fake_map(m.vm, m.vm->root, 0x500000, 0x000ffffffffff000, 0);
    g_assert_null(frail_mem_pointer(&m.mem, m.space, 0x500000));
    /* A page table that points to itself ends after four levels. */
    ((uint64_t *)fake_phys(m.vm, m.vm->root))[511] = m.vm->root | 1;
    g_assert_cmphex(walk(&m, 0xfffffffffffff800), ==, m.vm->root + 0x800);
    close_mem(&m);
}

/* User mode's right to a page is asked for at every level. */
static void test_user(void)
{
    Mem m;

    open_mem(&m, false);
    m.space.user = true;
    g_assert_cmphex(walk(&m, USER_TEXT + 5), !=, ~0ull);
    g_assert_cmphex(walk(&m, LSTAR), ==, ~0ull);
    for (int level = 0; level <= 3; level++) {
        uint64_t table = m.vm->root, *e = NULL;

        for (int l = 3; l >= level; l--) {
            e = (uint64_t *)fake_phys(m.vm, table) +
                ((USER_TEXT >> (12 + 9 * l)) & 511);
            table = *e & ~0xfffull;
        }
        *e &= ~4ull;
        g_assert_cmphex(walk(&m, USER_TEXT), ==, ~0ull);
        *e |= 4;
        g_assert_cmphex(walk(&m, USER_TEXT), !=, ~0ull);
    }
    /* The kernel's half in a user's address: the upper levels still forbid. */
    fake_map(m.vm, m.vm->root, 0xffff888040600000, 0x300000 | 4, 0);
    g_assert_cmphex(walk(&m, 0xffff888040600000), ==, ~0ull);
    m.space.user = false;
    g_assert_cmphex(walk(&m, 0xffff888040600000), ==, 0x300000);
    close_mem(&m);
}

static void test_read(void)
{
    uint8_t buf[3 * 4096];
    uint8_t *last;
    Mem m;

    open_mem(&m, false);
    for (unsigned i = 0; i < 4; i++) {
        memset(fake_kernel_ptr(m.vm, USER_STACK + i * 4096), 'a' + i, 4096);
    }
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, USER_STACK + 4094, buf,
                                    4), ==, 4);
    g_assert_cmpmem(buf, 4, "aabb", 4);
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, USER_STACK + 1, buf,
                                    sizeof(buf)), ==, sizeof(buf));
    g_assert_cmpint(buf[4094], ==, 'a');
    g_assert_cmpint(buf[4095], ==, 'b');
    g_assert_cmpint(buf[sizeof(buf) - 1], ==, 'd');
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, USER_STACK, buf, 0), ==,
                     0);
    /* To the end of what is there, and not a byte further. */
    memset(buf, '.', sizeof(buf));
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, USER_STACK + 0x3ffd, buf,
                                    sizeof(buf)), ==, 3);
    g_assert_cmpmem(buf, 4, "ddd.", 4);
    /* At the canonical hole, and where addresses start again from 0. */
    fake_map(m.vm, m.vm->root, 0x00007ffffffff000, fake_alloc(m.vm, 1), 0);
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, 0x7ffffffffff8, buf, 64),
                     ==, 8);
    last = fake_phys(m.vm, fake_alloc(m.vm, 1));
    memset(last, 'z', 4096);
    fake_map(m.vm, m.vm->root, 0xfffffffffffff000, m.vm->next - 4096, 0);
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, 0xfffffffffffffff0, buf,
                                    64), ==, 16);
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, ~0ull, buf, 64), ==, 1);
    /* A page at 0 is not behind the last one. */
    fake_map(m.vm, m.vm->root, 0, fake_alloc(m.vm, 1), 0);
    g_assert_cmpuint(frail_mem_read(&m.mem, m.space, ~0ull, buf, 64), ==, 1);
    g_assert_false(frail_mem_write(&m.mem, m.space, ~0ull, buf, 2));
    g_assert_true(frail_mem_write(&m.mem, m.space, ~0ull, buf, 1));
    close_mem(&m);
}

static void test_write(void)
{
    uint8_t data[8192];
    unsigned before;
    Mem m;

    memset(data, 'x', sizeof(data));
    open_mem(&m, false);
    before = m.vm->n_written;
    g_assert_true(frail_mem_write(&m.mem, m.space, USER_STACK + 100, data, 40));
    g_assert_cmpuint(m.vm->n_written, ==, before + 1);
    g_assert_cmphex(m.vm->written_gpa, ==, walk(&m, USER_STACK + 100));
    g_assert_cmpuint(m.vm->written_len, ==, 40);
    g_assert_cmpmem(fake_kernel_ptr(m.vm, USER_STACK + 100), 40, data, 40);
    g_assert_cmpint(*(char *)fake_kernel_ptr(m.vm, USER_STACK + 140), ==, 0);
    /* Over a page end, both pages are told of. */
    g_assert_true(frail_mem_write(&m.mem, m.space, USER_STACK + 0xffc, data,
                                  40));
    g_assert_cmpuint(m.vm->n_written, ==, before + 3);
    g_assert_cmpuint(m.vm->written_len, ==, 36);
    g_assert_cmpmem(fake_kernel_ptr(m.vm, USER_STACK + 0x1000), 36, data, 36);
    /* All or nothing. */
    g_assert_false(frail_mem_write(&m.mem, m.space, USER_STACK + 0x3ff0, data,
                                   17));
    g_assert_cmpint(*(char *)fake_kernel_ptr(m.vm, USER_STACK + 0x3ff0), ==, 0);
    g_assert_false(frail_mem_write(&m.mem, m.space, USER_STACK + 1, data,
                                   sizeof(data)));
    g_assert_true(frail_mem_write(&m.mem, m.space, USER_STACK, data,
                                  sizeof(data)));
    g_assert_false(frail_mem_write(&m.mem, m.space, 0x7ffffffffffc, data, 8));
    g_assert_false(frail_mem_write(&m.mem, m.space, 0xfffffffffffffffc, data,
                                   8));
    g_assert_cmpuint(m.vm->n_written, ==, before + 5);
    /* ROM is read, and never written, whether it is in the cache or not. */
    m.vm->rom = walk(&m, USER_STACK) & FRAIL_PAGE_MASK;
    m.generation++;
    frail_mem_refresh(&m.mem);
    for (int i = 0; i < 2; i++) {
        g_assert_false(frail_mem_write(&m.mem, m.space, USER_STACK, "y", 1));
        g_assert_cmpuint(frail_mem_read(&m.mem, m.space, USER_STACK, data, 1),
                         ==, 1);
        g_assert_cmpint(data[0], ==, 'x');
    }
    close_mem(&m);
}

static void test_cache(void)
{
    unsigned maps;
    uint64_t a, b;
    Mem m;

    open_mem(&m, false);
    a = fake_alloc(m.vm, 1);
    b = fake_alloc(m.vm, FRAIL_MEM_SLOTS);
    fake_map(m.vm, m.vm->root, 0x600000, a, 0);
    g_assert_cmphex(walk(&m, 0x600000), ==, a);
    maps = m.vm->n_map;
    g_assert_cmphex(walk(&m, 0x600000), ==, a);
    g_assert_cmpuint(m.vm->n_map, ==, maps);
    /* Pages of one slot do not stand for each other. */
    for (unsigned i = 0; i < FRAIL_MEM_SLOTS; i++) {
        g_assert_true(frail_mem_page(&m.mem, b + i * 4096) ==
                      fake_phys(m.vm, b + i * 4096));
        g_assert_true(frail_mem_page(&m.mem, b + i * 4096 + 5) ==
                      fake_phys(m.vm, b + i * 4096));
    }
    /* The guest's tables are never cached: a change shows at once. */
    fake_map(m.vm, m.vm->root, 0x600000, b, 0);
    g_assert_cmphex(walk(&m, 0x600000), ==, b);
    fake_unmap(m.vm, m.vm->root, 0x600000);
    g_assert_cmphex(walk(&m, 0x600000), ==, ~0ull);
    /* A page that is not there is asked for again. */
    m.vm->hole = a;
    m.generation++;
    g_assert_true(frail_mem_refresh(&m.mem));
    g_assert_false(frail_mem_refresh(&m.mem));
    g_assert_null(frail_mem_page(&m.mem, a));
    m.vm->hole = 0;
    g_assert_nonnull(frail_mem_page(&m.mem, a));
    /* Without a new generation the pointer stays. */
    m.vm->hole = a;
    g_assert_nonnull(frail_mem_page(&m.mem, a));
    m.generation++;
    g_assert_true(frail_mem_refresh(&m.mem));
    g_assert_null(frail_mem_page(&m.mem, a));
    close_mem(&m);
}

static void test_random(void)
{
    uint64_t buf[64];
    Mem m;

    open_mem(&m, true);
    for (unsigned round = 0; round < 200; round++) {
        uint64_t table = 0x200000;

        /* Tables of garbage: whatever they say, nothing outside is touched. */
        for (unsigned i = 0; i < 8 * 512; i++) {
            ((uint64_t *)fake_phys(m.vm, table))[i] =
                (uint64_t)g_test_rand_int() << 32 ^
                (g_test_rand_int_range(0, 1024) << 12) ^
                g_test_rand_int_range(0, 4096);
        }
        for (unsigned i = 0; i < 100; i++) {
            FrailSpace space = {
                .cr3 = table + g_test_rand_int_range(0, 8) * 4096,
                .la57 = g_test_rand_bit(),
                .user = g_test_rand_bit(),
            };
            uint64_t va = (uint64_t)g_test_rand_int() << 32 ^ g_test_rand_int();
            uint64_t gpa;

            va = (uint64_t)((int64_t)(va << 16) >> 16);
            frail_mem_walk(&m.mem, space, va, &gpa);
            frail_mem_read(&m.mem, space, va, buf, sizeof(buf));
        }
    }
    close_mem(&m);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/mem/walk/4-levels", NULL, test_walk);
    g_test_add_data_func("/mem/walk/la57", "", test_walk);
    g_test_add_func("/mem/walk/5-levels", test_five_levels);
    g_test_add_func("/mem/walk/large", test_large);
    g_test_add_func("/mem/walk/absent", test_absent);
    g_test_add_func("/mem/user", test_user);
    g_test_add_func("/mem/read", test_read);
    g_test_add_func("/mem/write", test_write);
    g_test_add_func("/mem/cache", test_cache);
    g_test_add_func("/mem/random", test_random);
    return g_test_run();
}
