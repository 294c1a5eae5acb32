/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one place for differences between kernel versions. Each HAVE_ macro comes from a probe in
 * kbench/features.mk that compiles a few lines against the kernel at hand, since distributions
 * backport and a version number tells little.
 */
#ifndef _KBENCH_COMPAT_H
#define _KBENCH_COMPAT_H

#include <linux/mm.h>

/** kb_vma_read_only() - the mapping can not be made writable later on (setter came in 6.3) */
static inline void kb_vma_read_only(struct vm_area_struct *vma)
{
#ifdef HAVE_VM_FLAGS_CLEAR
	vm_flags_clear(vma, VM_MAYWRITE);
#else
	vma->vm_flags &= ~VM_MAYWRITE;
#endif
}

#endif /* _KBENCH_COMPAT_H */
