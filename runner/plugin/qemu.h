/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the plugin uses of the emulator's interface for plugins, in version 1, which QEMU 7.2 has.
 * The functions are the emulator's own: the plugin finds them when it is loaded, and an emulator
 * that does not know the version refuses it. No package of Debian 12 has a header of this.
 */
#ifndef KB_PLUGIN_QEMU_H
#define KB_PLUGIN_QEMU_H

#include <stddef.h>
#include <stdint.h>

/** The version that is declared here, and the symbol in which the emulator looks for it. */
#define QEMU_PLUGIN_INTERFACE	1
extern int qemu_plugin_version;

/** Of one plugin, given to it when it is loaded. */
typedef uint64_t qemu_plugin_id_t;

/** A block of translated instructions and one of them: valid during the call that gives them. */
struct qemu_plugin_tb;
struct qemu_plugin_insn;

/** What the emulator tells of itself and the guest: nothing that is needed here. */
struct qemu_info;

/** Callbacks that look at no register need none of the guest's state to be written back. */
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS = 0 };

/** qemu_plugin_install() - the plugin's, called once it is loaded. Return: 0, else it is refused */
int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv);

/** Calls @translated for each block, as often as it is translated. */
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*translated)(qemu_plugin_id_t id,
							      struct qemu_plugin_tb *tb));

/** Calls @runs before each time that the instruction runs. */
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*runs)(unsigned int cpu, void *data),
					    enum qemu_plugin_cb_flags flags, void *data);

/**
 * qemu_plugin_reset() - unregister all, forget all translated blocks, then call @again
 * That comes when no CPU runs; until then all goes on as before.
 */
void qemu_plugin_reset(qemu_plugin_id_t id, void (*again)(qemu_plugin_id_t id));

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);

/** An instruction's bytes as they stand in memory, how many they are, and where. */
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

#endif
