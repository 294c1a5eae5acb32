# SPDX-License-Identifier: GPL-2.0
# Features of the kernel at hand: kb-features are -D options for the HAVE_ macros of compat.h, as
# one compilation of features.c finds them. Included by the Kbuild file of the core, which alone
# needs them so far.

# Kbuild reads this for "clean" too, without the configuration and the flags.
ifdef CONFIG_MODULES

kb-probed := $(shell sed -n 's/^.line 1 "\(HAVE_.*\)"$$/\1/p' $(src)/features.c)
kb-errors := $(sort $(shell LC_ALL=C $(CC) $(NOSTDINC_FLAGS) $(LINUXINCLUDE) $(KBUILD_CPPFLAGS) \
	$(KBUILD_CFLAGS) -D__KERNEL__ -DMODULE -DKBUILD_MODNAME='"kb_probe"' \
	-DKBUILD_BASENAME='"kb_probe"' -Wno-error -Werror=implicit-function-declaration \
	-fsyntax-only $(src)/features.c 2>&1 | sed -n 's/^\([^:]*\):.* error: .*/\1/p'))

# An error outside of the probes, or none in the one that cannot compile.
ifneq ($(filter-out $(kb-probed),$(kb-errors))$(if $(filter HAVE_NOTHING,$(kb-errors)),,none),)
$(error kbench: the compiler cannot compile probes against these kernel headers)
endif

# Functions that a feature is about: what is declared need not be exported to modules.
kb-calls-HAVE_KVFREE_RCU_BARRIER := kvfree_rcu_barrier
kb-unexported := $(foreach f,$(kb-probed),$(foreach s,$(kb-calls-$(f)),$(shell \
	test ! -e $(objtree)/Module.symvers || cut -f2 $(objtree)/Module.symvers | grep -qx $(s) || \
	echo $(f))))

kb-features := $(addprefix -D,$(filter-out $(kb-errors) $(kb-unexported),$(kb-probed)))

endif
