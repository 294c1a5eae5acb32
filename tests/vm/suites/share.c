// SPDX-License-Identifier: GPL-2.0
/* Checks which of a worker's ops are to read. */
#include <kbench/suite.h>
#include <linux/errno.h>
#include <linux/math.h>

/* What a worker has seen of kb_reads() in its current hundred of ops. */
struct hundred {
	unsigned int	ops;
	unsigned int	reads;
};

static int share_setup_worker(struct kb *kb)
{
	kb->priv = kb_line_zalloc(sizeof(struct hundred));
	return kb->priv ? 0 : -ENOMEM;
}

static void share_teardown_worker(struct kb *kb)
{
	kvfree(kb->priv);
}

/* Fails unless of each hundred ops just the share reads, and of what is done so far about that. */
KBENCH(reads, "checks that readers percent of the ops read", .context = KB_ATOMIC,
       .setup_worker = share_setup_worker, .teardown_worker = share_teardown_worker,
       KB_PARAMS(KB_PARAM_CS, KB_PARAM_THINK, KB_PARAM_READERS))
{
	struct hundred *seen = kb->priv;
	int wanted;

	seen->reads += kb_reads(kb);
	seen->ops++;
	wanted = seen->ops * kb->param[2];
	if (abs((int)seen->reads * 100 - wanted) > (seen->ops == 100 ? 0 : 100))
		kb_fail(kb);
	if (seen->ops == 100)
		*seen = (struct hundred) {};
}

KBENCH_SUITE(share, "The share of ops that read", reads);
