// SPDX-License-Identifier: GPL-2.0
/*
 * What cache lines cost when CPUs share them. In most benches every worker adds one to a word; only
 * where the words lie differs. The additions are plain ones: those to one word lose counts, which
 * does not matter here, since the line has to come over all the same.
 */
#include <kbench/portable.h>

static KB_SHARED unsigned long shared_word;

#define WORD_OPTIONS \
	.context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT, .flags = KBENCH_BENCH_DEPENDENT

/* Words of all workers, @stride bytes apart, with nothing else on their lines. */
static int words_alloc(struct kb *kb, size_t stride)
{
	kb->data = kb_line_zalloc(kb->nr_workers * stride);
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
	kb->priv = kb_at(kb->data, kb->index * (size_t)kb->param[0]);
	return 0;
}

static int padded_setup(struct kb *kb)
{
	return words_alloc(kb, KB_LINE);
}

static int padded_setup_worker(struct kb *kb)
{
	kb->priv = kb_at(kb->data, kb->index * (size_t)KB_LINE);
	return 0;
}

KBENCH(false_sharing,
       "each worker adds to its own word, stride bytes from the next: what distance is enough?",
       .setup = stride_setup, .teardown = words_teardown, .setup_worker = stride_setup_worker,
       WORD_OPTIONS,
       KB_PARAMS({ .name = "stride", .unit = "bytes", .def = 8, .min = 8, .max = 256,
		   .help = "distance of two workers' words, a multiple of 8" },
		 KB_PARAM_THINK))
{
	unsigned long *word = kb->priv;

	(*word)++;
}

KBENCH(true_sharing, "all workers add to the same word: how bad does it get with more CPUs?",
       WORD_OPTIONS, KB_PARAMS(KB_PARAM_THINK))
{
	shared_word++;
}

KBENCH(padded,
       "each worker adds to a word alone on its lines: does padding make it as fast as 1 CPU?",
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
KBENCH(one_writer,
       "the first worker writes a word, all others read it: who pays, the writer or the readers?",
       .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT, .min_cpus = 2,
       .setup = padded_setup, .teardown = words_teardown,
       .setup_worker = padded_setup_worker, KB_PARAMS(KB_PARAM_THINK))
{
	unsigned long *shared = kb->data, *own = kb->priv;

	WRITE_ONCE(*own, READ_ONCE(*shared) + 1);
}

KBENCH(shared_read,
       "all workers read one word that nobody writes: does sharing alone cost anything?",
       .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT, KB_PARAMS(KB_PARAM_THINK))
{
	kb_use(READ_ONCE(shared_word));
}

/*
 * The word says whose turn it is, so at any time one of the two workers can go on, and a round may
 * end and the next begin anywhere.
 */
KBENCH(handover,
       "a line to another CPU and back, for every pair of CPUs: how far apart are they?",
       .context = KB_ATOMIC, KB_PAIRS, .setup = padded_setup, .teardown = words_teardown)
{
	unsigned long *turn = kb->data;

	if (!kb_wait_for(kb, turn, kb->index))
		return;
	WRITE_ONCE(*turn, !kb->index);
}

KBENCH_SUITE(cache, "Cache lines that CPUs share, by accident or not",
	     false_sharing, true_sharing, padded, one_writer, shared_read, handover);
