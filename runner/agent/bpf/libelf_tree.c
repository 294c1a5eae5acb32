// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions that the static libelf of elfutils 0.192, which Debian 13 has, calls and does not
 * bring: they belong to a library of elfutils that is not installed. They begin and end the tree of
 * what elf_getdata_rawchunk() handed out, which libbpf never asks for, so that the tree stays as
 * the empty one that libelf allocates. Weak: a libelf that is whole uses its own.
 */

void __attribute__((weak)) eu_search_tree_init(void *tree);
void __attribute__((weak)) eu_search_tree_fini(void *tree, void (*free_node)(void *node));

void eu_search_tree_init(void *tree)
{
	(void)tree;
}

void eu_search_tree_fini(void *tree, void (*free_node)(void *node))
{
	(void)tree;
	(void)free_node;
}
