# SPDX-License-Identifier: GPL-2.0
# make help says what there is.

PREFIX		?= /usr/local
BINDIR		?= $(PREFIX)/bin
LIBEXECDIR	?= $(PREFIX)/libexec/kbench
DATADIR		?= $(PREFIX)/share/kbench
MANDIR		?= $(PREFIX)/share/man
BASHDIR		?= $(PREFIX)/share/bash-completion/completions
ZSHDIR		?= $(PREFIX)/share/zsh/site-functions
FISHDIR		?= $(PREFIX)/share/fish/vendor_completions.d
KDIR		?= /lib/modules/$(shell uname -r)/build
INSTALL		?= install
CFLAGS		?= -O2 -g
BENCH_CPUS	?= 8

KB_CFLAGS	:= -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wconversion -Werror -MMD -MP
LIBRARIES	:= jansson yajl gsl smartcols libzstd libarchive libmd inih

# Asked once, and only when something is compiled.
LIB_CFLAGS	= $(eval LIB_CFLAGS := $$(shell pkg-config --cflags $(LIBRARIES)))$(LIB_CFLAGS)
LIB_LIBS	= $(eval LIB_LIBS := $$(shell pkg-config --libs $(LIBRARIES)))$(LIB_LIBS)
VERSION		= $(shell sed -n 's/^.define KBENCH_VERSION[ \t]*"\(.*\)"/\1/p' kbench/uapi/kbench.h)
COMMIT		:= $(shell git describe --always --dirty 2>/dev/null || echo unknown)

B		:= build
# One folder per step: docs/ARCHITECTURE.md.
RUNNER_DIRS	:= base cli experiment bisect plan kernel target record result compare explain \
		   export plot report
RUNNER		:= $(foreach d,$(RUNNER_DIRS),$(wildcard runner/$(d)/*.c))
RUNNER_CFLAGS	:= -Irunner $(addprefix -Irunner/,$(RUNNER_DIRS))
# The runner's code that the agent links too: it starts perf.
AGENT_BASE	:= $(addprefix runner/base/,advice.c error.c files.c paths.c process.c \
		   plain_text.c screen.c wrap.c)
AGENT_COMMON	:= $(filter-out runner/agent/no_bpf.c,$(wildcard runner/agent/*.c)) $(AGENT_BASE)
AGENT		:= $(AGENT_COMMON) $(wildcard runner/agent/bpf/*.c)
# Newer libelfs read compressed sections with zstd, too.
AGENT_LIBS	:= -lbpf -lelf -lzstd -lz
# Suites of which BPF programs are made, too, and those that are nothing else.
CLANG		?= clang
BPF_SUITES	:= $(shell grep -ls '^.include <kbench/portable.h>' suites/*.c) $(wildcard suites/bpf/*.c)
BPF_CFLAGS	= -target bpf -mcpu=v3 -O2 -g -Wall -Werror -Wno-unused-function -MMD -MP -I. \
		  -I/usr/include/$(shell $(CC) -print-multiarch)
# The agent's code that the runner links too.
SHARED		:= runner/agent/crc32.c runner/agent/utf8.c
UNIT		:= $(wildcard tests/unit/test_*.c)
UNIT_SUPPORT	:= $(filter-out $(UNIT),$(wildcard tests/unit/*.c))
WITH_COMMIT	:= $(shell grep -ls KBENCH_COMMIT $(RUNNER))

objects		= $(patsubst %.c,$(B)/obj/%.o,$(1))
BPF_OBJ		:= $(patsubst suites/%.c,$(B)/bpf/%.o,$(BPF_SUITES))
RUNNER_OBJ	:= $(call objects,$(RUNNER) $(SHARED)) $(B)/bpf/objects.o \
		   $(B)/obj/runner/report/style.o
AGENT_OBJ	:= $(call objects,$(AGENT)) $(B)/bpf/objects.o
UNIT_BIN	:= $(patsubst tests/unit/%.c,$(B)/tests/%,$(UNIT))

ifeq ($(V),1)
Q		:=
say		= @:
else
Q		:= @
say		= @printf '  %-8s %s\n' $(1) $(2)
MAKEFLAGS	+= --no-print-directory
endif

# For builds that a target starts itself; a -j from the command line has the last word.
JOBS		:= $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help deps bench bench-self check check-deb check-machines check-matrix check-ssh \
	check-ssh-arm64 example unit modules man deb install uninstall clean FORCE

# For guests of other architectures: where a compiler and a C library for them are.
CROSS_CC	?= aarch64-linux-gnu-gcc-12
CROSS_ARCH	:= $(if $(wildcard /usr/aarch64-linux-gnu/lib/libc.a),$(if \
		   $(shell command -v $(CROSS_CC)),arm64))
AGENTS		:= $(B)/kbench-agent $(addprefix $(B)/kbench-agent-,$(CROSS_ARCH))

all: $(B)/kbench $(AGENTS) $(B)/kbench-count.so

help:
	@echo 'make                build/kbench, build/kbench-agent and build/kbench-count.so'
	@echo 'make bench          install what is missing, build, kbench run locks --cpus $(BENCH_CPUS)'
	@echo 'make check          install what is missing, build, run all tests'
	@echo 'make check-machines the same for emulated boards alone'
	@echo 'make check-matrix   every suite on every series of kernels: a table; fetches some 600 MB'
	@echo 'make check-ssh      the ssh target with an emulated machine; check-ssh-arm64: of arm64'
	@echo 'make unit           the unit tests alone'
	@echo 'make bench-self     what kbench itself costs, and whether its counts repeat: a table'
	@echo 'make example        the results and pictures in results/example/ anew'
	@echo 'make modules        the kernel modules, against KDIR=$(KDIR); W=1 for more warnings'
	@echo 'make deps           install the Debian packages that are missing (.ci/packages)'
	@echo 'make install        to PREFIX=$(PREFIX), below DESTDIR when given'
	@echo 'make uninstall      the reverse'
	@echo 'make man            the man pages, in build/man/ (needs scdoc and python3)'
	@echo 'make deb            Debian packages for the release that runs here, in build/deb/'
	@echo 'make check-deb      builds, installs, tries and purges them in fresh Debian systems'
	@echo 'make clean          remove build/'
	@echo 'V=1 shows the commands.'

deps:
	@.ci/install-packages

# The packages come first, so what needs them is made by a make of its own.
bench: deps
	$(Q)$(MAKE) $(JOBS) all
	@env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL $(B)/kbench run locks --cpus $(BENCH_CPUS)

check: deps
	$(Q)$(MAKE) $(JOBS) all $(UNIT_BIN)
	@tests/run

check-machines: deps
	$(Q)$(MAKE) $(JOBS) all
	@tests/run machines

check-matrix: deps
	$(Q)$(MAKE) $(JOBS) all
	@tests/run matrix

check-ssh: deps
	$(Q)$(MAKE) $(JOBS) all
	@tests/run ssh

check-ssh-arm64: deps
	$(Q)$(MAKE) $(JOBS) all
	@tests/run tests/vm/ssh_arm64.py

bench-self: all $(B)/bench/aa_table
	@env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL tests/bench-self

example: deps
	$(Q)$(MAKE) $(JOBS) all
	@results/example/make

# Not a part of check: it takes minutes, and fetches whole systems.
check-deb: all
	@tests/run $(CURDIR)/tests/deb/test_deb.py

unit: $(UNIT_BIN)
	@tests/run unit

$(B)/obj/libraries:
	@mkdir -p $(@D)
	@pkg-config --exists $(LIBRARIES) 2>/dev/null || \
		{ echo 'Libraries are missing; "make deps" installs them.' >&2; exit 1; }
	@touch $@

# Rewritten only when the commit changed, so that only its users are compiled again.
$(B)/obj/commit: FORCE
	@mkdir -p $(@D)
	@echo '$(COMMIT)' | cmp -s - $@ || echo '$(COMMIT)' >$@

$(call objects,$(WITH_COMMIT)): $(B)/obj/commit

$(B)/obj/runner/agent/%.o: runner/agent/%.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(KB_CFLAGS) -c -o $@ $<

$(B)/bpf/%.o: suites/%.c
	$(call say,BPF,$<)
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

# The objects as they are, and the table bpf_suites of runner/agent/bpf/bpf.h.
$(B)/bpf/objects.S: $(BPF_OBJ)
	@{ echo '.section .note.GNU-stack,"",%progbits'; echo '.section .data.rel.ro,"aw"'; \
	echo '.balign 8'; echo '.globl bpf_suites'; echo 'bpf_suites:'; \
	$(foreach o,$^,echo '.quad name_$(basename $(notdir $(o))), $(basename $(notdir $(o))), \
	end_$(basename $(notdir $(o)))';) echo '.quad 0, 0, 0'; echo '.section .rodata'; \
	$(foreach o,$^,echo 'name_$(basename $(notdir $(o))): .asciz "$(basename $(notdir $(o)))"'; \
	echo '.balign 16'; echo '$(basename $(notdir $(o))): .incbin "$(o)"'; \
	echo 'end_$(basename $(notdir $(o))):';) } >$@

$(B)/bpf/objects.o: $(B)/bpf/objects.S
	$(call say,AS,$@)
	$(Q)$(CC) -c -o $@ $<

$(B)/obj/runner/%.o: runner/%.c | $(B)/obj/libraries
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(KB_CFLAGS) $(RUNNER_CFLAGS) \
		$(LIB_CFLAGS) -DKBENCH_COMMIT='"$(COMMIT)"' -c -o $@ $<

# What .incbin takes in is none of the compiler's dependencies.
$(B)/obj/runner/report/style.o: runner/report/style.S runner/report/report.css
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<

$(B)/obj/tests/unit/%.o: tests/unit/%.c | $(B)/obj/libraries
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(KB_CFLAGS) $(RUNNER_CFLAGS) \
		$(LIB_CFLAGS) -DTESTS_DIR='"$(CURDIR)/tests"' -c -o $@ $<

$(B)/kbench: $(RUNNER_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_LIBS) -lm $(LIBS)

$(B)/kbench-agent: $(AGENT_OBJ)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -static -o $@ $^ $(AGENT_LIBS) $(LIBS)

$(B)/cross/%.o: %.c
	$(call say,CC,$< for $(CROSS_ARCH))
	@mkdir -p $(@D)
	$(Q)$(CROSS_CC) $(CPPFLAGS) $(CFLAGS) $(KB_CFLAGS) -c -o $@ $<

$(B)/kbench-agent-arm64: $(patsubst %.c,$(B)/cross/%.o,$(AGENT_COMMON) runner/agent/no_bpf.c)
	$(call say,LD,$@)
	$(Q)$(CROSS_CC) $(CFLAGS) $(LDFLAGS) -static -o $@ $^

# Loaded by QEMU, which has the functions that are missing in it.
$(B)/kbench-count.so: $(wildcard runner/plugin/*.c)
	$(call say,LD,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(KB_CFLAGS) -fvisibility=hidden -fPIC $(LDFLAGS) -shared \
		-MF $(B)/obj/kbench-count.d -o $@ $^

# Tests see all of the runner and the agent but their main().
$(B)/tests/%: $(B)/obj/tests/unit/%.o $(call objects,$(UNIT_SUPPORT)) \
		$(filter-out %/main.o,$(sort $(RUNNER_OBJ) $(AGENT_OBJ)))
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LIB_LIBS) $(AGENT_LIBS) -lm $(LIBS)

# Rules of others beside kbench's: printed by bench-self.
$(B)/bench/%: tests/bench/%.c $(call objects,runner/compare/judge_pair.c runner/result/stats.c)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(KB_CFLAGS) $(RUNNER_CFLAGS) $(LIB_CFLAGS) -o $@ $^ \
		$(LIB_LIBS) -lm $(LIBS)

modules:
	@test -e $(KDIR)/Makefile || \
		{ echo 'No kernel headers at $(KDIR); install linux-headers-$$(uname -r)' \
		       'or give KDIR=.' >&2; exit 4; }
	@rm -rf $(B)/modules
	@mkdir -p $(B)/modules
	@cp -r kbench suites $(B)/modules/
	@echo 'obj-m += kbench/ suites/' >$(B)/modules/Kbuild
	$(Q)$(MAKE) -C $(KDIR) M=$(CURDIR)/$(B)/modules CONFIG_DEBUG_INFO_BTF_MODULES= \
		W=$(W) modules

# What the options do is taken from the program.
man: $(B)/man/kbench.1

$(B)/man/kbench.1: $(B)/kbench $(wildcard docs/man/*)
	@command -v scdoc >/dev/null || { echo 'scdoc is missing: apt install scdoc' >&2; exit 4; }
	$(call say,MAN,$(@D))
	$(Q)SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || \
		date +%s)} docs/man/make-pages $(B)/kbench $(@D)

deb: all man
	$(Q)env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL .ci/debian/build $(VERSION)

# An installed kbench knows where its data is; one in build/ looks beside itself.
$(B)/install/runner/base/paths.o: runner/base/paths.c FORCE | $(B)/obj/libraries
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(KB_CFLAGS) $(RUNNER_CFLAGS) $(LIB_CFLAGS) -DDATADIR='"$(DATADIR)"' \
		-DLIBEXECDIR='"$(LIBEXECDIR)"' -c -o $@ $<

$(B)/install/kbench: $(filter-out $(B)/obj/runner/base/paths.o,$(RUNNER_OBJ)) $(B)/install/runner/base/paths.o
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_LIBS) -lm $(LIBS)

# Without scdoc there are no pages; the command explains itself.
MAN		:= $(if $(shell command -v scdoc),man)

install: all $(B)/install/kbench $(MAN)
	$(call say,INSTALL,$(DESTDIR)$(PREFIX))
	$(Q)$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBEXECDIR) \
		$(DESTDIR)$(DATADIR)/kbench/uapi $(DESTDIR)$(DATADIR)/suites \
		$(DESTDIR)$(DATADIR)/plots $(DESTDIR)$(DATADIR)/runner/kernel $(DESTDIR)$(DATADIR)/docs
	$(Q)$(INSTALL) -m 755 $(B)/install/kbench $(DESTDIR)$(BINDIR)/kbench
	$(Q)$(INSTALL) -m 755 $(AGENTS) $(DESTDIR)$(LIBEXECDIR)/
	$(Q)$(INSTALL) -m 644 $(B)/kbench-count.so $(DESTDIR)$(LIBEXECDIR)/
	$(Q)$(INSTALL) -m 644 kbench/Kbuild kbench/*.mk kbench/*.[ch] $(DESTDIR)$(DATADIR)/kbench/
	$(Q)$(INSTALL) -m 644 kbench/uapi/*.h $(DESTDIR)$(DATADIR)/kbench/uapi/
	$(Q)$(INSTALL) -m 644 suites/Kbuild suites/*.[ch] $(DESTDIR)$(DATADIR)/suites/
	$(Q)$(INSTALL) -m 644 runner/kernel/debian-suites $(DESTDIR)$(DATADIR)/runner/kernel/
	$(Q)$(INSTALL) -m 644 plots/* $(DESTDIR)$(DATADIR)/plots/
	$(Q)$(INSTALL) -m 644 docs/*.json docs/writing-a-suite.md docs/bpf.md docs/raspberry-pi.md docs/comparing.md \
		docs/explain.md $(DESTDIR)$(DATADIR)/docs/
	$(Q)$(INSTALL) -D -m 644 runner/completion/kbench.bash $(DESTDIR)$(BASHDIR)/kbench
	$(Q)$(INSTALL) -D -m 644 runner/completion/_kbench $(DESTDIR)$(ZSHDIR)/_kbench
	$(Q)$(INSTALL) -D -m 644 runner/completion/kbench.fish $(DESTDIR)$(FISHDIR)/kbench.fish
ifneq ($(MAN),)
	$(Q)for page in $(B)/man/*.[1-8]; do \
		$(INSTALL) -D -m 644 -t $(DESTDIR)$(MANDIR)/man$${page##*.} $$page || exit; done
endif

uninstall:
	$(Q)rm -f $(DESTDIR)$(BINDIR)/kbench
	$(Q)rm -rf $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(DATADIR)
	$(Q)rm -f $(DESTDIR)$(BASHDIR)/kbench $(DESTDIR)$(ZSHDIR)/_kbench $(DESTDIR)$(FISHDIR)/kbench.fish
	$(Q)rm -f $(DESTDIR)$(MANDIR)/man[1-8]/kbench.[1-8] $(DESTDIR)$(MANDIR)/man[1-8]/kbench-*.[1-8]

clean:
	$(Q)rm -rf $(B)

-include $(shell find $(B) -type f -name '*.d' 2>/dev/null)
