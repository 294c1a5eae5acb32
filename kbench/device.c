// SPDX-License-Identifier: GPL-2.0
/* /dev/kbench: open, the commands, mmap, close. One open file is one session. */

#include <linux/capability.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "core.h"

static int session_open(struct inode *inode, struct file *file)
{
	struct kb_session *session;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	session = kzalloc(sizeof(*session), GFP_KERNEL);
	if (!session)
		return -ENOMEM;
	mutex_init(&session->lock);
	session->owner = current->files;
	session->mm = current->mm;
	file->private_data = session;
	return nonseekable_open(inode, file);
}

/*
 * The process that opened the session ends, or another program takes its place. A case may hold its
 * address space (benches that copy to user space): that keeps the mapping of the samples, which
 * keeps this file, and the file the case. So the case goes here, and release() comes then.
 */
static int session_flush(struct file *file, fl_owner_t owner)
{
	struct kb_session *session = file->private_data;

	if (owner != session->owner || current->mm == session->mm)
		return 0;
	mutex_lock(&session->lock);
	if (session->kase)
		kb_case_destroy(session->kase);
	session->kase = NULL;
	mutex_unlock(&session->lock);
	return 0;
}

static int session_release(struct inode *inode, struct file *file)
{
	struct kb_session *session = file->private_data;

	/* No command is at work any more: each held the file. */
	if (session->kase)
		kb_case_destroy(session->kase);
	mutex_destroy(&session->lock);
	kfree(session);
	return 0;
}

static long cmd_info(struct kb_session *session, void *arg)
{
	struct kbench_info *info = arg;

	info->abi = KBENCH_ABI;
	strscpy(info->version, KBENCH_VERSION, sizeof(info->version));
	strscpy(info->clock, KB_CLOCK_NAME, sizeof(info->clock));
	info->flags = kb_clock_stable() ? 0 : KBENCH_INFO_CLOCK_UNSTABLE;
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		info->flags |= KBENCH_INFO_RT;
	if (IS_ENABLED(CONFIG_PROVE_LOCKING) || IS_ENABLED(CONFIG_KASAN) ||
	    IS_ENABLED(CONFIG_DEBUG_SPINLOCK) || IS_ENABLED(CONFIG_DEBUG_PREEMPT) ||
	    IS_ENABLED(CONFIG_KCSAN) || IS_ENABLED(CONFIG_SLUB_DEBUG_ON))
		info->flags |= KBENCH_INFO_DEBUG_KERNEL;
	info->nr_cpu_ids = nr_cpu_ids;
	info->nr_benches = kb_registry_count();
	info->sample_size = sizeof(struct kbench_sample);
	return 0;
}

static long cmd_list(struct kb_session *session, void *arg)
{
	struct kbench_list *list = arg;
	struct kbench_bench_desc *desc;
	long err;

	if (list->flags)
		return -EINVAL;
	desc = kmalloc(sizeof(*desc), GFP_KERNEL);
	if (!desc)
		return -ENOMEM;
	err = kb_registry_describe(list->index, desc);
	if (!err && copy_to_user(u64_to_user_ptr(list->buf), desc,
				 min_t(size_t, list->buf_size, sizeof(*desc))))
		err = -EFAULT;
	kfree(desc);
	return err;
}

static bool text_ends(const char *text, size_t size)
{
	return strnlen(text, size) < size;
}

static bool setup_valid(const struct kbench_setup *setup)
{
	return !(setup->flags & ~KBENCH_SETUP_LATENCY) && !setup->reserved &&
	       setup->nr_cpus > 0 && setup->nr_cpus <= nr_cpu_ids &&
	       setup->nr_params <= KBENCH_MAX_PARAMS &&
	       setup->nr_counters <= KBENCH_MAX_COUNTERS && setup->max_samples >= 4 &&
	       setup->max_samples <= 65536 && text_ends(setup->suite, sizeof(setup->suite)) &&
	       text_ends(setup->bench, sizeof(setup->bench));
}

static bool counters_valid(const struct kbench_counter *counters, unsigned int nr)
{
	while (nr--)
		if (counters[nr].reserved)
			return false;
	return true;
}

/* The session's case anew, from arrays in kernel memory. */
static long replace_case(struct kb_session *session, struct kbench_setup *setup, const u32 *cpus,
			 const struct kbench_param_value *values,
			 const struct kbench_counter *counters)
{
	struct kb_case *kase;

	if (!counters_valid(counters, setup->nr_counters))
		return -EINVAL;
	if (session->kase) {
		kb_case_destroy(session->kase);
		session->kase = NULL;
	}
	kase = kb_case_create(setup, cpus, values, counters);
	if (IS_ERR(kase))
		return PTR_ERR(kase);
	session->kase = kase;
	return 0;
}

static long cmd_setup(struct kb_session *session, void *arg)
{
	struct kbench_setup *setup = arg;
	struct kbench_param_value *values;
	struct kbench_counter *counters;
	u32 *cpus;
	long err;

	if (session->kase && session->kase->stuck)
		return -EIO;
	if (!setup_valid(setup))
		return -EINVAL;
	memset(setup->reason, 0, sizeof(setup->reason));
	setup->map_size = 0;

	/* Of no elements memdup_user() makes an empty array, and touches no user memory. */
	cpus = memdup_user(u64_to_user_ptr(setup->cpus), array_size(setup->nr_cpus, sizeof(*cpus)));
	if (IS_ERR(cpus))
		return PTR_ERR(cpus);
	values = memdup_user(u64_to_user_ptr(setup->params), setup->nr_params * sizeof(*values));
	if (IS_ERR(values)) {
		err = PTR_ERR(values);
		goto err_cpus;
	}
	counters = memdup_user(u64_to_user_ptr(setup->counters),
			       setup->nr_counters * sizeof(*counters));
	if (IS_ERR(counters)) {
		err = PTR_ERR(counters);
		goto err_values;
	}
	err = replace_case(session, setup, cpus, values, counters);
	kfree(counters);
err_values:
	kfree(values);
err_cpus:
	kfree(cpus);
	return err;
}

static long cmd_run(struct kb_session *session, void *arg)
{
	struct kbench_run *run = arg;

	if (!session->kase)
		return -ENXIO;
	memset(run->reason, 0, sizeof(run->reason));
	run->result_flags = 0;
	return kb_round_run(session->kase, run);
}

/**
 * struct command - an ioctl
 * @size:     of its struct, as this module knows it
 * @min_size: of the shortest struct that it accepts: the first version's
 * @fn:       does it; @arg is the struct in kernel memory, tail zeroed, copied back afterwards
 */
struct command {
	unsigned int	size;
	unsigned int	min_size;
	long		(*fn)(struct kb_session *session, void *arg);
};

static const struct command commands[] = {
	[_IOC_NR(KBENCH_IOC_INFO)] = { sizeof(struct kbench_info), 72, cmd_info },
	[_IOC_NR(KBENCH_IOC_LIST)] = { sizeof(struct kbench_list), 24, cmd_list },
	[_IOC_NR(KBENCH_IOC_SETUP)] = { sizeof(struct kbench_setup), 288, cmd_setup },
	[_IOC_NR(KBENCH_IOC_RUN)] = { sizeof(struct kbench_run), 208, cmd_run },
};

union command_arg {
	u32			size;
	struct kbench_info	info;
	struct kbench_list	list;
	struct kbench_setup	setup;
	struct kbench_run	run;
};

static long run_command(struct kb_session *session, const struct command *command,
			void __user *user)
{
	union command_arg *arg;
	u32 size;
	long err;

	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < command->min_size)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	arg = kzalloc(sizeof(*arg), GFP_KERNEL);
	if (!arg)
		return -ENOMEM;
	err = copy_struct_from_user(arg, command->size, user, size);
	if (!err) {
		err = command->fn(session, arg);
		/* Also after an error: the reason is in it. The caller's own size goes back. */
		arg->size = size;
		if (copy_to_user(user, arg, min(size, command->size)))
			err = -EFAULT;
	}
	kfree(arg);
	return err;
}

static long session_ioctl(struct file *file, unsigned int cmd, unsigned long user)
{
	struct kb_session *session = file->private_data;
	unsigned int nr = _IOC_NR(cmd);
	long err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	/* The size in @cmd is that of the caller's struct, which its first member says as well. */
	if (_IOC_TYPE(cmd) != KBENCH_IOC_MAGIC || nr >= ARRAY_SIZE(commands))
		return -ENOTTY;
	if (!mutex_trylock(&session->lock))
		return -EBUSY;
	err = run_command(session, &commands[nr], (void __user *)user);
	mutex_unlock(&session->lock);
	return err;
}

static int session_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct kb_session *session = file->private_data;
	int err;

	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	/* Trylock: a command may wait for this process's memory map while it holds the lock. */
	if (!mutex_trylock(&session->lock))
		return -EBUSY;
	if (session->kase) {
		kb_vma_read_only(vma);
		err = remap_vmalloc_range(vma, session->kase->map, vma->vm_pgoff);
	} else {
		err = -ENXIO;
	}
	mutex_unlock(&session->lock);
	return err;
}

static const struct file_operations session_fops = {
	.owner		= THIS_MODULE,
	.open		= session_open,
	.flush		= session_flush,
	.release	= session_release,
	.unlocked_ioctl	= session_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.mmap		= session_mmap,
};

static struct miscdevice kbench_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "kbench",
	.mode	= 0600,
	.fops	= &session_fops,
};

module_misc_device(kbench_device);

MODULE_DESCRIPTION("kbench: times kernel primitives");
MODULE_VERSION(KBENCH_VERSION);
MODULE_LICENSE("GPL");
