# SPDX-License-Identifier: GPL-2.0
# Features of the kernel at hand, probed by compiling: the HAVE_ macros of kbench/compat.h.
# Included by the Kbuild file of the core, which alone needs them so far: a probe costs half a second.

kb-comma := ,
kb-hash := \#

# $(call kb-probe,HAVE_NAME,headers,statement)
kb-probe = $(shell printf '%s\n' $(foreach h,$(2),'$(kb-hash)include <$(h)>') \
	'int kb_probe(void *p); int kb_probe(void *p) { $(3); return !p; }' | \
	$(CC) $(NOSTDINC_FLAGS) $(LINUXINCLUDE) $(KBUILD_CPPFLAGS) $(KBUILD_CFLAGS) \
	-D__KERNEL__ -DMODULE -DKBUILD_MODNAME='"kb_probe"' -DKBUILD_BASENAME='"kb_probe"' \
	-Werror=implicit-function-declaration -fsyntax-only -x c - 2>/dev/null && echo -D$(1))

# Kbuild reads this for "clean" too, without the configuration and the flags.
ifdef CONFIG_MODULES

# What compiles on every kernel: when this one does not, the probes themselves are broken.
ifeq ($(call kb-probe,HAVE_PROBE,linux/mm.h,(void)p),)
$(error kbench: the compiler cannot compile a probe against these kernel headers)
endif

kb-features := $(call kb-probe,HAVE_VM_FLAGS_CLEAR,linux/mm.h,vm_flags_clear(p$(kb-comma) 0))
kb-features += $(call kb-probe,HAVE_HRTIMER_SETUP,linux/hrtimer.h,hrtimer_setup(p$(kb-comma) 0$(kb-comma) 0$(kb-comma) 0))
kb-features += $(call kb-probe,HAVE_IRQ_STAT,linux/hardirq.h,(void)(irq_stat.apic_timer_irqs + irq_stat.apic_irq_work_irqs + irq_stat.irq_resched_count + irq_stat.irq_call_count))
kb-features += $(call kb-probe,HAVE_KVFREE_RCU_BARRIER,linux/rcupdate.h linux/slab.h,kvfree_rcu_barrier())

endif
