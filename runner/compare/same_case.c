// SPDX-License-Identifier: GPL-2.0
#include "same_case.h"

#include <stdlib.h>
#include <string.h>

const struct kb_same_case *kb_same_find(const struct kb_same_kernel *same, const char *name)
{
	for (size_t i = 0; i < same->nr; i++)
		if (!strcmp(same->cases[i].name, name))
			return &same->cases[i];
	return NULL;
}

void kb_same_kernel_free(struct kb_same_kernel *same)
{
	for (size_t i = 0; i < same->nr; i++)
		free(same->cases[i].name);
	free(same->cases);
	memset(same, 0, sizeof(*same));
}
