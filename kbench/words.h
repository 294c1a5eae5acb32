/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For suites that ask what an instruction on a word costs: each worker has a word on a cache line
 * of its own, or all have the same one, by the parameter "shared". Included after suite.h.
 */
#ifndef _KBENCH_WORDS_H
#define _KBENCH_WORDS_H

#include "suite.h"

/** KB_PARAM_SHARED - the first parameter of a bench whose setup is kb_words_setup() */
#define KB_PARAM_SHARED \
	{ .name = "shared", .def = 0, .min = 0, .max = 1, \
	  .help = "0: each worker has a word alone on its cache line; 1: all have the same" }

/** KB_WORDS - options of such a bench: kb_words(kb) is its worker's word */
#define KB_WORDS \
	.setup = kb_words_setup, .setup_worker = kb_words_setup_worker, \
	.teardown = kb_words_teardown, KB_PARAMS(KB_PARAM_SHARED, KB_PARAM_THINK)

static inline int kb_words_setup(struct kb *kb)
{
	kb->data = kb_line_zalloc(kb->nr_workers * (size_t)KB_LINE);
	return kb->data ? 0 : -ENOMEM;
}

static inline int kb_words_setup_worker(struct kb *kb)
{
	kb->priv = kb->data + (kb->param[0] ? 0 : kb->index * (size_t)KB_LINE);
	return 0;
}

static inline void kb_words_teardown(struct kb *kb)
{
	kvfree(kb->data);
	kb->data = NULL;
}

/** kb_words() - the worker's words, zero at the begin; KB_LINE bytes of them */
static __always_inline unsigned long *kb_words(const struct kb *kb)
{
	return kb->priv;
}

#endif /* _KBENCH_WORDS_H */
