// SPDX-License-Identifier: GPL-2.0
/*
 * Counts the instructions of each batch by address, inside the emulator: what really runs, after
 * all that a kernel patches into itself. Loaded by QEMU; counts.h says what is written where.
 *
 * Guests whose instructions are counted have all their CPUs in one thread, so nothing is shared.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../kbench/mark.h"
#include "counts.h"
#include "qemu.h"

#define EXPORT	__attribute__((visibility("default")))

/* Instructions of a guest from boot to its end; the table grows in doublings. */
#define FIRST_ROOM	(1UL << 16)

/**
 * struct place - one address
 * @fresh: how often it ran since the last reading of the clock
 * @whole: and from the first to the last reading
 */
struct place {
	uint64_t	address;
	uint64_t	fresh;
	uint64_t	whole;
};

/** struct list - of places */
struct list {
	struct place	**items;
	size_t		nr;
	size_t		room;
};

/**
 * enum state - of the batch at work
 * @SLEEPING: no batch has begun yet, or all are over: only marks are looked for
 * @WAKING:   the first mark came, counting begins soon
 * @IDLE:     there is none
 * @MARKED:   its mark came, the first reading of the clock did not
 * @COUNTING: that came
 */
enum state { SLEEPING, WAKING, IDLE, MARKED, COUNTING };

/**
 * struct counter - all there is
 * @places: a table by address, open; @nr_places of @room are taken
 * @fresh, @whole: the places whose numbers of that name are not 0
 */
static struct counter {
	qemu_plugin_id_t id;
	int		fd;
	enum state	state;
	uint64_t	begin;
	uint64_t	end;
	struct place	**places;
	size_t		nr_places;
	size_t		room;
	struct list	fresh;
	struct list	whole;
} counter;

EXPORT int qemu_plugin_version = QEMU_PLUGIN_INTERFACE;

/* The emulator shows what a plugin says, and so does the runner. */
static void give_up(const char *what)
{
	fprintf(stderr, "kbench-count: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void *grow(void *items, size_t nr, size_t size)
{
	items = reallocarray(items, nr, size);
	if (!items)
		give_up("no memory");
	return items;
}

static void push(struct list *list, struct place *place)
{
	if (list->nr == list->room) {
		list->room = list->room ? 2 * list->room : 1024;
		list->items = grow(list->items, list->room, sizeof(struct place *));
	}
	list->items[list->nr++] = place;
}

/* Where @address is in the table, or is to go. */
static struct place **find(uint64_t address)
{
	size_t at = (address * 0x9e3779b97f4a7c15ULL) >> 20;

	while (counter.places[at & (counter.room - 1)] &&
	       counter.places[at & (counter.room - 1)]->address != address)
		at++;
	return &counter.places[at & (counter.room - 1)];
}

static void grow_table(void)
{
	struct place **before = counter.places;
	size_t nr = counter.room;

	counter.room = nr ? 2 * nr : FIRST_ROOM;
	counter.places = calloc(counter.room, sizeof(struct place *));
	if (!counter.places)
		give_up("no memory");
	for (size_t i = 0; i < nr; i++)
		if (before[i])
			*find(before[i]->address) = before[i];
	free(before);
}

/* The place of an address, which blocks that hold it share and which stays as long as we do. */
static struct place *place_of(uint64_t address)
{
	struct place **at, *place;

	if (2 * (counter.nr_places + 1) > counter.room)
		grow_table();
	at = find(address);
	place = *at;
	if (place)
		return place;
	place = calloc(1, sizeof(*place));
	if (!place)
		give_up("no memory");
	place->address = address;
	counter.nr_places++;
	*at = place;
	return place;
}

static void write_all(const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size) {
		ssize_t n = write(counter.fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			give_up("the counts cannot be written");
		at += n;
		size -= (size_t)n;
	}
}

static void write_batch(void)
{
	size_t size = sizeof(struct kb_counts_batch) +
		      counter.whole.nr * sizeof(struct kb_counts_place);
	struct kb_counts_batch *batch = grow(NULL, 1, size);
	struct kb_counts_place *places = (struct kb_counts_place *)(batch + 1);

	*batch = (struct kb_counts_batch){
		.magic = KB_COUNTS_BATCH, .begin = counter.begin, .end = counter.end,
		.nr = counter.whole.nr,
	};
	for (size_t i = 0; i < counter.whole.nr; i++)
		places[i] = (struct kb_counts_place){
			.address = counter.whole.items[i]->address,
			.count = counter.whole.items[i]->whole,
		};
	write_all(batch, size);
	free(batch);
}

static void forget(void)
{
	for (size_t i = 0; i < counter.fresh.nr; i++)
		counter.fresh.items[i]->fresh = 0;
	for (size_t i = 0; i < counter.whole.nr; i++)
		counter.whole.items[i]->whole = 0;
	counter.fresh.nr = counter.whole.nr = 0;
}

static void count(struct place *place)
{
	if (!place->fresh++)
		push(&counter.fresh, place);
}

/* Everything up to here lies between two readings of the clock. */
static void settle(void)
{
	for (size_t i = 0; i < counter.fresh.nr; i++) {
		struct place *place = counter.fresh.items[i];

		if (!place->whole)
			push(&counter.whole, place);
		place->whole += place->fresh;
		place->fresh = 0;
	}
	counter.fresh.nr = 0;
}

static void instruction_runs(unsigned int cpu, void *data)
{
	(void)cpu;
	if (counter.state == COUNTING)
		count(data);
}

static void clock_is_read(unsigned int cpu, void *data)
{
	struct place *place = data;

	(void)cpu;
	if (counter.state == COUNTING) {
		count(place);
		settle();
		counter.end = place->address;
	} else if (counter.state == MARKED) {
		counter.begin = counter.end = place->address;
		counter.state = COUNTING;
	}
}

static void batch_begins(unsigned int cpu, void *data);
static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);

/* All blocks are translated anew, with all callbacks. */
static void wake(qemu_plugin_id_t id)
{
	counter.state = IDLE;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
}

static void sleep_on(qemu_plugin_id_t id)
{
	(void)id;
}

/* Booting takes the most instructions, and is done before: this is why the first batch is lost. */
static void batch_begins(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (counter.state == SLEEPING) {
		counter.state = WAKING;
		qemu_plugin_reset(counter.id, wake);
	} else if (counter.state != WAKING) {
		forget();
		counter.state = MARKED;
	}
}

static void batch_ends(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (counter.state == COUNTING)
		write_batch();
	if (counter.state == COUNTING || counter.state == MARKED) {
		forget();
		counter.state = IDLE;
	}
}

static void all_is_over(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (counter.state == IDLE) {
		counter.state = WAKING;
		qemu_plugin_reset(counter.id, sleep_on);
	}
}

static bool is_mark(const unsigned char *bytes, size_t size, uint32_t mark)
{
	static const unsigned char x86[] = KB_MARK_X86;
	uint32_t arm64 = KB_MARK_ARM64(mark);

	if (size == sizeof(arm64))
		return !memcmp(bytes, &arm64, size);
	return size == sizeof(x86) + sizeof(mark) && !memcmp(bytes, x86, sizeof(x86)) &&
	       !memcmp(bytes + sizeof(x86), &mark, sizeof(mark));
}

/* x86-64: rdtsc. arm64: mrs of cntvct_el0, into any register. */
static bool is_clock(const unsigned char *bytes, size_t size)
{
	static const unsigned char rdtsc[] = { 0x0f, 0x31 };
	uint32_t word;

	if (size == sizeof(rdtsc))
		return !memcmp(bytes, rdtsc, size);
	if (size != sizeof(word))
		return false;
	memcpy(&word, bytes, sizeof(word));
	return (word & ~0x1fU) == 0xd53be040U;
}

/* What is to be called before an instruction, or NULL. */
static void (*callback_for(const unsigned char *bytes, size_t size))(unsigned int cpu, void *data)
{
	if (is_mark(bytes, size, KB_MARK_BEGIN))
		return batch_begins;
	if (counter.state == SLEEPING)
		return NULL;
	if (is_mark(bytes, size, KB_MARK_END))
		return batch_ends;
	if (is_mark(bytes, size, KB_MARK_OVER))
		return all_is_over;
	return is_clock(bytes, size) ? clock_is_read : instruction_runs;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		void (*callback)(unsigned int cpu, void *data);

		callback = callback_for(qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
		if (callback)
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, callback, QEMU_PLUGIN_CB_NO_REGS,
				place_of(qemu_plugin_insn_vaddr(insn)));
	}
}

/* "fd=N": where to write, which was opened by who started the emulator. */
EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc,
			       char **argv)
{
	const struct kb_counts_boot boot = { .magic = KB_COUNTS_BOOT };

	(void)info;
	if (argc != 1 || sscanf(argv[0], "fd=%d", &counter.fd) != 1)
		return -1;
	counter.id = id;
	write_all(&boot, sizeof(boot));
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
