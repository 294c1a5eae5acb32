/* SPDX-License-Identifier: GPL-2.0 */
/* How real the machine is that this program runs on. */
#ifndef KB_FIDELITY_H
#define KB_FIDELITY_H

/**
 * kb_host_fidelity() - "native", "virtual" (a hypervisor says so in CPUID, DMI or the device
 * tree) or "tcg" (an emulator does)
 */
const char *kb_host_fidelity(void);

/**
 * kb_hypervisor_fidelity() - the same of a machine whose agent names its hypervisor
 * @name: as in a result's environment; "" or NULL: there is none
 */
const char *kb_hypervisor_fidelity(const char *name);

/** kb_dmi_is_virtual() - whether a machine of this DMI vendor and product is a virtual one */
int kb_dmi_is_virtual(const char *vendor, const char *product);

#endif
