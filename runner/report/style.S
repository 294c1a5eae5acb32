/* SPDX-License-Identifier: GPL-2.0 */
/* report.css as it is, for html.c. */
	.section .rodata
	.globl kb_report_style
kb_report_style:
	.incbin "runner/report/report.css"
	.byte 0
	.section .note.GNU-stack, "", %progbits
