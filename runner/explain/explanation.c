// SPDX-License-Identifier: GPL-2.0
#include "explanation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_difference(const void *a, const void *b)
{
	const struct kb_explained *x = a, *y = b;
	double dx = fabs(x->b - x->a), dy = fabs(y->b - y->a);
	double mx = fmax(x->a, x->b), my = fmax(y->a, y->b);

	/* Equal differences may differ in their last digit. */
	if (!kb_same_count(dx, dy))
		return dx > dy ? -1 : 1;
	if (!kb_same_count(mx, my))
		return mx > my ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Both are sorted by name. */
static void merge(struct kb_explanation *explanation)
{
	const struct kb_profile *a = explanation->a, *b = explanation->b;
	size_t i = 0, k = 0;

	while (i < a->nr || k < b->nr) {
		struct kb_explained *function = &explanation->functions[explanation->nr++];
		int order;

		if (i < a->nr && k < b->nr)
			order = strcmp(a->functions[i].name, b->functions[k].name);
		else
			order = i < a->nr ? -1 : 1;
		function->name = order <= 0 ? a->functions[i].name : b->functions[k].name;
		function->loop = !strcmp(function->name, order <= 0 ? a->loop : b->loop);
		if (order <= 0)
			function->a = a->functions[i++].count;
		if (order >= 0)
			function->b = b->functions[k++].count;
	}
}

int kb_explain(struct kb_explanation *explanation, const struct kb_profile *a,
	       const struct kb_profile *b)
{
	memset(explanation, 0, sizeof(*explanation));
	explanation->a = a;
	explanation->b = b;
	explanation->functions = calloc(a->nr + b->nr + 1, sizeof(*explanation->functions));
	if (!explanation->functions)
		return -1;
	merge(explanation);
	qsort(explanation->functions, explanation->nr, sizeof(*explanation->functions),
	      by_difference);
	return 0;
}

void kb_explanation_free(struct kb_explanation *explanation)
{
	free(explanation->functions);
	memset(explanation, 0, sizeof(*explanation));
}
