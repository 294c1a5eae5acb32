// SPDX-License-Identifier: GPL-2.0
#include "device_trees.h"

#include <stdlib.h>
#include <string.h>

#include "deb.h"
#include "paths.h"

#define MAX_BOARDS	16

/* In an entry of the cache; without a tree in it, it still tells that these were looked for. */
#define DIRECTORY	"dtb"

/* Cloud kernels have no drivers for boards, and their packages no trees. */
static bool can_have(const struct kb_kernel_info *info, const struct kb_machine *board)
{
	return !strcmp(board->arch, info->parts.arch->deb) && strcmp(info->parts.flavour, "cloud");
}

bool kb_trees_wanted(const struct kb_kernel_info *info)
{
	bool wanted = false;

	for (const struct kb_machine *board = kb_boards; board->name; board++)
		wanted |= can_have(info, board);
	return wanted;
}

/* Where a package has it, malloc()ed. */
static char *place_of(const struct kb_machine *board, const struct kb_kernel_info *info)
{
	return kb_kernel_is_split(info) ?
		kb_path("usr/lib/modules/%s/dtb/%s", info->release, board->tree) :
		kb_path("usr/lib/linux-image-%s/%s", info->release, board->tree);
}

int kb_trees_unpack(const char *deb, const char *dir, const struct kb_kernel_info *info,
		    struct kb_error *err)
{
	struct kb_deb_pick picks[MAX_BOARDS];
	char *from[MAX_BOARDS], *to[MAX_BOARDS];
	size_t nr = 0;
	char *trees = kb_path("%s/" DIRECTORY, dir);
	int ret = 0;

	for (const struct kb_machine *board = kb_boards; board->name && nr < MAX_BOARDS; board++) {
		if (!can_have(info, board))
			continue;
		from[nr] = place_of(board, info);
		to[nr] = kb_path("%s/%s", trees, kb_machine_tree_file(board));
		picks[nr] = (struct kb_deb_pick){ from[nr], to[nr] };
		nr++;
	}
	if (nr)
		ret = kb_make_dirs(trees, err);
	if (nr && !ret && kb_deb_pick(deb, picks, nr, err) < 0)
		ret = -1;
	while (nr--) {
		free(to[nr]);
		free(from[nr]);
	}
	free(trees);
	return ret;
}

bool kb_trees_missing(const char *entry, const struct kb_kernel_info *info)
{
	char *trees = kb_path("%s/" DIRECTORY, entry);
	bool there = kb_exists(trees);

	free(trees);
	/* What is packaged no more stays as it is. */
	return kb_trees_wanted(info) && !there && info->image[0];
}

char *kb_trees_path(const struct kb_kernel *kernel, const struct kb_machine *board,
		    struct kb_error *err)
{
	char *path = kb_path("%s/" DIRECTORY "/%s", kernel->dir, kb_machine_tree_file(board));

	if (kb_exists(path))
		return path;
	kb_fail(err, KB_EXIT_ENVIRONMENT, "kernel %s brings no device tree for --machine %s; take "
		"another, such as %s", kernel->release, board->name, board->kernel);
	free(path);
	return NULL;
}
