// SPDX-License-Identifier: GPL-2.0
/*
 * Bits: changed one by one, with atomic instructions and without, looked for, and counted.
 *
 * A bit that is changed stands in a word that each worker has for itself (shared=1: all change the
 * same one), at a place that the compiler knows, but for the benches called _variable. Those
 * without "test" only store, and still each waits for the one before, on the same word. The plain
 * forms lose bits when all change the same word, which does not matter here.
 */
#include <kbench/words.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/find.h>

#define ANYWHERE	.context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT
#define BIT_OPTIONS	ANYWHERE, .flags = KBENCH_BENCH_DEPENDENT, KB_WORDS

/* Neither the first nor the last bit of a word, and in its second byte. */
#define BIT_NR		9

KBENCH(set_bit, "set_bit: what does an atomic bit cost beside __set_bit?", BIT_OPTIONS)
{
	set_bit(BIT_NR, kb_words(kb));
}

KBENCH(set_bit_variable,
       "set_bit of a bit that the compiler does not know: dearer than a constant?",
       BIT_OPTIONS)
{
	set_bit(kb_hide(BIT_NR), kb_words(kb));
}

KBENCH(clear_bit, "clear_bit: as dear as set_bit?", BIT_OPTIONS)
{
	clear_bit(BIT_NR, kb_words(kb));
}

KBENCH(change_bit, "change_bit: as dear as set_bit?", BIT_OPTIONS)
{
	change_bit(BIT_NR, kb_words(kb));
}

KBENCH(test_and_set_bit, "test_and_set_bit: what do the old value and full order add to set_bit?",
       BIT_OPTIONS)
{
	kb_use(test_and_set_bit(BIT_NR, kb_words(kb)));
}

KBENCH(test_and_clear_bit,
       "test_and_clear_bit: what do the old value and full order add to clear_bit?",
       BIT_OPTIONS)
{
	kb_use(test_and_clear_bit(BIT_NR, kb_words(kb)));
}

KBENCH(test_and_change_bit,
       "test_and_change_bit: what do the old value and full order add to change_bit?",
       BIT_OPTIONS)
{
	kb_use(test_and_change_bit(BIT_NR, kb_words(kb)));
}

KBENCH(bit_lock,
       "test_and_set_bit_lock and clear_bit_unlock: is acquire, release less than full order?",
       BIT_OPTIONS)
{
	kb_use(test_and_set_bit_lock(BIT_NR, kb_words(kb)));
	clear_bit_unlock(BIT_NR, kb_words(kb));
}

KBENCH(__set_bit, "__set_bit, not atomic: what set_bit is measured against", BIT_OPTIONS)
{
	__set_bit(BIT_NR, kb_words(kb));
}

KBENCH(__set_bit_variable,
       "__set_bit of a bit that the compiler does not know: dearer than a constant?",
       BIT_OPTIONS)
{
	__set_bit(kb_hide(BIT_NR), kb_words(kb));
}

KBENCH(__clear_bit, "__clear_bit, not atomic: what clear_bit is measured against", BIT_OPTIONS)
{
	__clear_bit(BIT_NR, kb_words(kb));
}

KBENCH(__change_bit, "__change_bit, not atomic: what change_bit is measured against", BIT_OPTIONS)
{
	__change_bit(BIT_NR, kb_words(kb));
}

KBENCH(__test_and_set_bit,
       "__test_and_set_bit, not atomic: what does the old value add to __set_bit?",
       BIT_OPTIONS)
{
	kb_use(__test_and_set_bit(BIT_NR, kb_words(kb)));
}

KBENCH(__test_and_clear_bit,
       "__test_and_clear_bit, not atomic: what does the old value add to __clear_bit?",
       BIT_OPTIONS)
{
	kb_use(__test_and_clear_bit(BIT_NR, kb_words(kb)));
}

KBENCH(__test_and_change_bit,
       "__test_and_change_bit, not atomic: what does the old value add to __change_bit?",
       BIT_OPTIONS)
{
	kb_use(__test_and_change_bit(BIT_NR, kb_words(kb)));
}

KBENCH(test_bit, "test_bit: is looking before test_and_set_bit worth it?", ANYWHERE, KB_WORDS)
{
	kb_use(test_bit(BIT_NR, kb_words(kb)));
}

KBENCH(test_bit_variable,
       "test_bit of a bit that the compiler does not know: dearer than a constant?",
       ANYWHERE, KB_WORDS)
{
	kb_use(test_bit(kb_hide(BIT_NR), kb_words(kb)));
}

/* One value in the middle of its type, unknown to the compiler; ops do not depend on each other. */
#define WORD_OPTIONS	ANYWHERE, KB_PARAMS(KB_PARAM_THINK)

KBENCH(ffs, "ffs of an int: one instruction, or a search?", WORD_OPTIONS)
{
	kb_use(ffs(kb_hide(1 << 17)));
}

KBENCH(__ffs, "__ffs of a long that is not 0: what does ffs pay for its 0?", WORD_OPTIONS)
{
	kb_use(__ffs(kb_hide(1UL << 17)));
}

KBENCH(fls, "fls of an int: one instruction, or a search?", WORD_OPTIONS)
{
	kb_use(fls(kb_hide(1U << 17)));
}

KBENCH(__fls, "__fls of a long that is not 0: what does fls pay for its 0?", WORD_OPTIONS)
{
	kb_use(__fls(kb_hide(1UL << 17)));
}

KBENCH(fls64, "fls64 of a u64: dearer than fls?", WORD_OPTIONS)
{
	kb_use(fls64(kb_hide(1ULL << 35)));
}

KBENCH(ffz, "ffz, the first 0 in a long: dearer than __ffs?", WORD_OPTIONS)
{
	kb_use(ffz(kb_hide((1UL << 17) - 1)));
}

KBENCH(hweight32, "hweight32, the bits set in a u32: one instruction, or a call?", WORD_OPTIONS)
{
	kb_use(hweight32(kb_hide(0x5a5a5a5aU)));
}

KBENCH(hweight64, "hweight64, the bits set in a u64: dearer than hweight32?", WORD_OPTIONS)
{
	kb_use(hweight64(kb_hide(0x5a5a5a5a5a5a5a5aULL)));
}

/**
 * struct map - a worker's bitmap
 * @size: bits of it in use
 * @next: where find_next_bit goes on
 * @bits: the bitmap
 */
struct map {
	unsigned long	size;
	unsigned long	next;
	unsigned long	bits[];
};

#define PARAM_SIZE \
	{ .name = "size", .unit = "bits", .def = 1024, .min = 1, .max = 65536, \
	  .help = "length of the bitmap" }
#define PARAM_GAP \
	{ .name = "gap", .unit = "bits", .def = 64, .min = 1, .max = 65536, \
	  .help = "distance of the bits that are set, the first of the map among them" }

static struct map *map_make(struct kb *kb)
{
	unsigned long size = kb->param[0];
	struct map *map = kb_line_zalloc(struct_size(map, bits, BITS_TO_LONGS(size)));

	if (map)
		map->size = size;
	kb->priv = map;
	return map;
}

static int last_set(struct kb *kb)
{
	struct map *map = map_make(kb);

	if (!map)
		return -ENOMEM;
	__set_bit(map->size - 1, map->bits);
	return 0;
}

static int last_clear(struct kb *kb)
{
	struct map *map = map_make(kb);

	if (!map)
		return -ENOMEM;
	bitmap_set(map->bits, 0, map->size - 1);
	return 0;
}

static int first_set(struct kb *kb)
{
	struct map *map = map_make(kb);

	if (!map)
		return -ENOMEM;
	__set_bit(0, map->bits);
	return 0;
}

static int some_set(struct kb *kb)
{
	struct map *map = map_make(kb);
	unsigned long bit;

	if (!map)
		return -ENOMEM;
	for (bit = 0; bit < map->size; bit += kb->param[1])
		__set_bit(bit, map->bits);
	return 0;
}

static void map_free(struct kb *kb)
{
	kvfree(kb->priv);
	kb->priv = NULL;
}

#define MAP_OPTIONS(fill) \
	ANYWHERE, .setup_worker = fill, .teardown_worker = map_free, \
	KB_PARAMS(PARAM_SIZE, KB_PARAM_THINK)
#define SPARSE_OPTIONS \
	ANYWHERE, .setup_worker = some_set, .teardown_worker = map_free, \
	KB_PARAMS(PARAM_SIZE, PARAM_GAP, KB_PARAM_THINK)

KBENCH(find_first_bit,
       "find_first_bit where the last bit alone is set: how fast is a bitmap searched?",
       MAP_OPTIONS(last_set))
{
	const struct map *map = kb->priv;

	kb_use(find_first_bit(map->bits, map->size));
}

KBENCH(find_first_zero_bit,
       "find_first_zero_bit where the last bit alone is 0: as fast as find_first_bit?",
       MAP_OPTIONS(last_clear))
{
	const struct map *map = kb->priv;

	kb_use(find_first_zero_bit(map->bits, map->size));
}

KBENCH(find_last_bit, "find_last_bit where the first bit alone is set: as fast as find_first_bit?",
       MAP_OPTIONS(first_set))
{
	const struct map *map = kb->priv;

	kb_use(find_last_bit(map->bits, map->size));
}

KBENCH(find_next_bit,
       "find_next_bit, each from where the one before found: what is a step to the next bit?",
       .flags = KBENCH_BENCH_DEPENDENT, SPARSE_OPTIONS)
{
	struct map *map = kb->priv;
	unsigned long bit = find_next_bit(map->bits, map->size, map->next);

	/* Past the end it begins anew. */
	map->next = bit < map->size ? bit + 1 : 0;
}

KBENCH(for_each_set_bit,
       "for_each_set_bit over the bitmap: what is a whole walk, and is a list better?",
       SPARSE_OPTIONS)
{
	const struct map *map = kb->priv;
	unsigned long bit;

	for_each_set_bit(bit, map->bits, map->size)
		kb_use(bit);
}

KBENCH(bitmap_weight, "bitmap_weight: is counting the bits dear enough to keep a counter beside?",
       SPARSE_OPTIONS)
{
	const struct map *map = kb->priv;

	kb_use(bitmap_weight(map->bits, map->size));
}

KBENCH_SUITE(bitops, "Bits: changed, looked for, counted",
	     set_bit, set_bit_variable, clear_bit, change_bit, test_and_set_bit,
	     test_and_clear_bit, test_and_change_bit, bit_lock, __set_bit, __set_bit_variable,
	     __clear_bit, __change_bit, __test_and_set_bit, __test_and_clear_bit,
	     __test_and_change_bit, test_bit, test_bit_variable, ffs, __ffs, fls, __fls, fls64, ffz,
	     hweight32, hweight64, find_first_bit, find_first_zero_bit, find_last_bit,
	     find_next_bit, for_each_set_bit, bitmap_weight);
