/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KBENCH_COMPAT_H
#define _KBENCH_COMPAT_H
#endif
