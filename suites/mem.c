// SPDX-License-Identifier: GPL-2.0
/*
 * Moving and comparing memory, by size. Every worker has its own source and destination, which
 * stay in the caches (span=0) or walk through more memory than those hold (span in bytes, for all
 * workers together). Sizes are in variables, as in most code; memcpy_64 is what the compiler makes
 * of a size that it knows.
 *
 * User space is memory of the process that set the case up: the worker's thread borrows its
 * address space, so copies go the same way as those of a system call.
 */
#include <kbench/suite.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define MAX_SIZE	(1 << 20)
#define MAX_OFFSET	63
#define MAX_SPAN	(1 << 30)

/*
 * struct area - a worker's memory
 * @from, @to: of @bytes bytes each, aligned to pages
 * @mm:        the address space that the worker borrows, NULL without
 * @user:      address of @bytes bytes in it, 0 without
 * @at:        where the next op begins, at most @end
 * @step:      from one op to the next: the size in whole lines; 0: they stay where they are
 */
struct area {
	void			*from;
	void			*to;
	struct mm_struct	*mm;
	unsigned long		user;
	size_t			bytes;
	size_t			at;
	size_t			end;
	size_t			step;
};

/* In this order. Without a size it is a page. */
#define PARAM_SPAN \
	{ .name = "span", .unit = "bytes", .def = 0, .min = 0, .max = MAX_SPAN, \
	  .help = "source memory that the ops of all workers walk through; 0: always the same" }
#define PARAM_SIZE \
	{ .name = "size", .unit = "bytes", .def = 1024, .min = 8, .max = MAX_SIZE, \
	  .help = "how much one op moves" }
#define PARAM_OFFSET \
	{ .name = "offset", .unit = "bytes", .def = 0, .min = 0, .max = MAX_OFFSET, \
	  .help = "how far behind the begin of a line the destination begins" }

static __always_inline struct area *area(const struct kb *kb)
{
	return kb->priv;
}

static __always_inline size_t size(const struct kb *kb)
{
	return (size_t)kb->param[1];
}

static __always_inline size_t offset(const struct kb *kb)
{
	return (size_t)kb->param[2];
}

/* Where this op begins. The next one begins behind it, after the last one at the front again. */
static __always_inline size_t advance(const struct kb *kb)
{
	size_t at = area(kb)->at, next = at + area(kb)->step;

	area(kb)->at = next > area(kb)->end ? 0 : next;
	return at;
}

static size_t op_bytes(const struct kb *kb)
{
	return size(kb) ? size(kb) : PAGE_SIZE;
}

static size_t area_bytes(const struct kb *kb)
{
	return PAGE_ALIGN(max_t(size_t, div_u64(kb->param[0], kb->nr_workers),
				op_bytes(kb) + MAX_OFFSET));
}

static int area_setup(struct kb *kb)
{
	return kbench_may_take(kb, (u64)area_bytes(kb) * 2 * kb->nr_workers);
}

/* Whole pages are aligned to pages. Rather none than what the OOM killer makes room for. */
static void *area_half(size_t bytes)
{
	void *memory = kvmalloc(bytes, GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN);

	/* Both halves equal, so that a comparison goes to the end; and every page is there. */
	if (memory)
		memset(memory, 1, bytes);
	return memory;
}

static int area_setup_worker(struct kb *kb)
{
	struct area *area = kzalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return -ENOMEM;
	kb->priv = area;
	area->bytes = area_bytes(kb);
	if (kb->param[0]) {
		area->step = ALIGN(op_bytes(kb), SMP_CACHE_BYTES);
		area->end = area->bytes - op_bytes(kb) - MAX_OFFSET;
	}
	area->from = area_half(area->bytes);
	area->to = area_half(area->bytes);
	return area->from && area->to ? 0 : -ENOMEM;
}

static void area_teardown_worker(struct kb *kb)
{
	struct area *area = kb->priv;

	if (!area)
		return;
	kvfree(area->from);
	kvfree(area->to);
	kfree(area);
	kb->priv = NULL;
}

#define AREA_OPTIONS \
	.setup = area_setup, .setup_worker = area_setup_worker, \
	.teardown_worker = area_teardown_worker, .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT

#define SIZE_PARAMS	KB_PARAMS(PARAM_SPAN, PARAM_SIZE, PARAM_OFFSET)
#define PAGE_PARAMS	KB_PARAMS(PARAM_SPAN)

KBENCH(memcpy, "memcpy of size bytes: from which size on does it pay to avoid a copy?",
       AREA_OPTIONS, SIZE_PARAMS)
{
	size_t at = advance(kb);

	memcpy(area(kb)->to + at + offset(kb), area(kb)->from + at, size(kb));
}

KBENCH(memcpy_64, "memcpy of 64 bytes, known to the compiler: is a small copy free?", AREA_OPTIONS)
{
	memcpy(area(kb)->to, area(kb)->from, 64);
}

KBENCH(memmove, "memmove of size bytes: does being safe for overlaps cost anything?",
       AREA_OPTIONS, SIZE_PARAMS)
{
	size_t at = advance(kb);

	memmove(area(kb)->to + at + offset(kb), area(kb)->from + at, size(kb));
}

KBENCH(memset, "memset of size bytes to 0: what does kzalloc add to kmalloc?",
       AREA_OPTIONS, SIZE_PARAMS)
{
	memset(area(kb)->to + advance(kb) + offset(kb), 0, size(kb));
}

KBENCH(memcmp, "memcmp of size equal bytes: is reading twice as much faster than copying?",
       AREA_OPTIONS, SIZE_PARAMS)
{
	size_t at = advance(kb);

	if (unlikely(memcmp(area(kb)->to + at + offset(kb), area(kb)->from + at, size(kb))))
		kb_fail(kb);
}

KBENCH(copy_page, "copy_page: what does a copy-on-write fault pay for the copy?",
       AREA_OPTIONS, PAGE_PARAMS)
{
	size_t at = advance(kb);

	copy_page(area(kb)->to + at, area(kb)->from + at);
}

KBENCH(clear_page, "clear_page: what does a zeroed page cost beside getting the page?",
       AREA_OPTIONS, PAGE_PARAMS)
{
	clear_page(area(kb)->to + advance(kb));
}

/* User space */

/* The process is the one in the ioctl. The core frees the case when that ends: kbench/device.c. */
static int user_setup(struct kb *kb)
{
	int err = kbench_may_take(kb, (u64)area_bytes(kb) * 3 * kb->nr_workers);

	if (err)
		return err;
	mmget(current->mm);
	kb->data = current->mm;
	return 0;
}

static void user_teardown(struct kb *kb)
{
	if (kb->data)
		mmput(kb->data);
	kb->data = NULL;
}

static int user_setup_worker(struct kb *kb)
{
	int err = area_setup_worker(kb);
	unsigned long user;

	if (err)
		return err;
	kthread_use_mm(kb->data);
	area(kb)->mm = kb->data;
	user = vm_mmap(NULL, 0, area(kb)->bytes, PROT_READ | PROT_WRITE,
		       MAP_ANONYMOUS | MAP_PRIVATE | MAP_POPULATE, 0);
	if (IS_ERR_VALUE(user))
		return (int)user;
	area(kb)->user = user;
	return 0;
}

static void user_teardown_worker(struct kb *kb)
{
	if (area(kb) && area(kb)->mm) {
		if (area(kb)->user)
			vm_munmap(area(kb)->user, area(kb)->bytes);
		kthread_unuse_mm(area(kb)->mm);
	}
	area_teardown_worker(kb);
}

static __always_inline void __user *user(const struct kb *kb, size_t at)
{
	return (void __user *)(area(kb)->user + at);
}

/* What a copy left over, or the error: none is wanted. */
static __always_inline void copied(struct kb *kb, unsigned long left)
{
	if (unlikely(left))
		kb_fail(kb);
}

#define USER_OPTIONS \
	.setup = user_setup, .teardown = user_teardown, .setup_worker = user_setup_worker, \
	.teardown_worker = user_teardown_worker, .context = KB_PROCESS

KBENCH(copy_to_user, "copy_to_user of size bytes: what does crossing the border add to memcpy?",
       USER_OPTIONS, SIZE_PARAMS)
{
	size_t at = advance(kb);

	copied(kb, copy_to_user(user(kb, at + offset(kb)), area(kb)->from + at, size(kb)));
}

KBENCH(copy_from_user, "copy_from_user of size bytes: is it slower than the other way?",
       USER_OPTIONS, SIZE_PARAMS)
{
	size_t at = advance(kb);

	copied(kb, copy_from_user(area(kb)->to + at + offset(kb), user(kb, at), size(kb)));
}

KBENCH(put_user_word, "put_user of one word: is it cheaper than copy_to_user of as much?",
       USER_OPTIONS)
{
	copied(kb, put_user(kb_index(), (unsigned long __user *)user(kb, 0)));
}

KBENCH(get_user_word, "get_user of one word: what do access checks and barriers cost?",
       USER_OPTIONS)
{
	unsigned long word;

	copied(kb, get_user(word, (unsigned long __user *)user(kb, 0)));
	kb_use(word);
}

KBENCH_SUITE(mem, "Moving and comparing memory, by size",
	     memcpy, memcpy_64, memmove, memset, memcmp, copy_page, clear_page, copy_to_user,
	     copy_from_user, put_user_word, get_user_word);
