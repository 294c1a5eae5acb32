# SPDX-License-Identifier: GPL-2.0
# The page that panels are drawn on. kbench sets the kb_ variables before it loads this:
#   kb_kind 'png' or 'svg'; kb_width, kb_height in pixels
#   kb_page_title, kb_page_subtitle, kb_page_foot; kb_page_note is empty unless the figures
#   must not be taken for those of hardware

set encoding utf8
if (kb_kind eq 'svg') {
	set terminal svg size kb_width,kb_height font 'DejaVu Sans,12' background 'white' \
		noenhanced
} else {
	set terminal pngcairo size kb_width,kb_height font 'DejaVu Sans,9' background 'white' \
		noenhanced
}

# Okabe and Ito's colours, which colour-blind people can tell apart; their yellow is left out,
# as it hardly shows on white. Every series has a mark of its own as well.
set linetype 1 lc rgb '#0072B2' lw 1.6 pt 7 ps 0.8
set linetype 2 lc rgb '#D55E00' lw 1.6 pt 5 ps 0.8
set linetype 3 lc rgb '#009E73' lw 1.6 pt 9 ps 1.0
set linetype 4 lc rgb '#CC79A7' lw 1.6 pt 13 ps 1.0
set linetype 5 lc rgb '#E69F00' lw 1.6 pt 11 ps 1.0
set linetype 6 lc rgb '#56B4E9' lw 1.6 pt 6 ps 0.9
set linetype 7 lc rgb '#000000' lw 1.6 pt 4 ps 0.8
set linetype cycle 7

kb_ink = '#333333'
kb_grid = '#dddddd'
kb_alert = '#B04000'

set border 3 lc rgb kb_ink
set tics nomirror out scale 0.6 textcolor rgb kb_ink

set multiplot
set label 101 kb_page_title at screen 0.5, screen 1.0 - 18.0 / kb_height center \
	font ',12' textcolor rgb 'black'
set label 102 kb_page_subtitle at screen 0.5, screen 1.0 - 40.0 / kb_height center \
	textcolor rgb kb_ink
if (strlen(kb_page_note) > 0) {
	set label 103 kb_page_note at screen 0.5, screen 1.0 - 62.0 / kb_height center \
		textcolor rgb kb_alert
}
set label 104 kb_page_foot at screen 0.5, screen 14.0 / kb_height center \
	font ',8' textcolor rgb kb_ink
