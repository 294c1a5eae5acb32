// SPDX-License-Identifier: GPL-2.0
/*
 * What cache lines cost when CPUs share them. Every worker adds one to a word; only where the
 * words lie differs. The additions are plain ones: those to one word lose counts, which does not
 * matter here, since the line has to come over all the same.
 */
#include <kbench/suite.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>

static KB_SHARED unsigned long shared_word;

#define WORD_OPTIONS \
	.context = KB_ATOMIC, .flags = KBENCH_BENCH_DEPENDENT

/* Words of all workers, @stride bytes apart, with nothing else on their lines. */
static int words_alloc(struct kb *kb, size_t stride)
{
	size_t size = max_t(size_t, kb->nr_workers * stride, KB_LINE);

	/* A power of two is aligned to itself. */
	kb->data = kvzalloc(roundup_pow_of_two(size), GFP_KERNEL);
	return kb->data ? 0 : -ENOMEM;
}

static void words_teardown(struct kb *kb)
{
	kvfree(kb->data);
	kb->data = NULL;
}

static int stride_setup(struct kb *kb)
{
	/* Other strides would put words across the border of two lines. */
	if (kb->param[0] % 8)
		return -EINVAL;
	return words_alloc(kb, (size_t)kb->param[0]);
}

static int stride_setup_worker(struct kb *kb)
{
	kb->priv = kb->data + kb->index * (size_t)kb->param[0];
	return 0;
}

static int padded_setup(struct kb *kb)
{
	return words_alloc(kb, KB_LINE);
}

static int padded_setup_worker(struct kb *kb)
{
	kb->priv = kb->data + kb->index * (size_t)KB_LINE;
	return 0;
}

KBENCH(false_sharing, "each worker adds to a word of its own, stride bytes from the next one's",
       .setup = stride_setup, .teardown = words_teardown, .setup_worker = stride_setup_worker,
       WORD_OPTIONS,
       KB_PARAMS({ .name = "stride", .unit = "bytes", .def = 8, .min = 8, .max = 256,
		   .help = "distance of two workers' words, a multiple of 8" },
		 KB_PARAM_THINK))
{
	unsigned long *word = kb->priv;

	(*word)++;
}

KBENCH(true_sharing, "all workers add to the same word", WORD_OPTIONS, KB_PARAMS(KB_PARAM_THINK))
{
	shared_word++;
}

KBENCH(padded, "each worker adds to a word that is alone on its cache lines",
       .setup = padded_setup, .teardown = words_teardown, .setup_worker = padded_setup_worker,
       WORD_OPTIONS, KB_PARAMS(KB_PARAM_THINK))
{
	unsigned long *word = kb->priv;

	(*word)++;
}

/*
 * Everyone reads the first worker's word and writes what comes after it to its own, which for the
 * first worker is the word that all read. One op for both, so that no branch is timed.
 */
KBENCH(one_writer, "the first worker writes a word, all others read it",
       .context = KB_ATOMIC, .min_cpus = 2, .setup = padded_setup, .teardown = words_teardown,
       .setup_worker = padded_setup_worker, KB_PARAMS(KB_PARAM_THINK))
{
	unsigned long *shared = kb->data, *own = kb->priv;

	WRITE_ONCE(*own, READ_ONCE(*shared) + 1);
}

KBENCH_SUITE(cache, "Cache lines that CPUs share, by accident or not",
	     false_sharing, true_sharing, padded, one_writer);
