# SPDX-License-Identifier: GPL-2.0
# The page that panels are drawn on. kbench sets the kb_ variables before it loads this:
#   kb_format: 'png', 'svg', 'pdf', or for terminals 'plain' or 'colour'
#   kb_term: 1 on a terminal, where each panel is a page of its own and texts are not drawn here
#   kb_width, kb_height: in pixels, on a terminal in characters and lines
#   kb_font: size of letters
#   kb_page_title, kb_page_subtitle, kb_page_foot, kb_page_foot_2: texts, may be empty
#   kb_page_note, kb_page_note_2: empty unless the figures must not be taken for those of hardware
#   kb_note_at, kb_note_2_at: pixels from the upper edge

set encoding utf8
if (kb_format eq 'svg') {
	set terminal svg size kb_width,kb_height font 'DejaVu Sans,'.kb_font background 'white' \
		noenhanced
}
if (kb_format eq 'png') {
	set terminal pngcairo size kb_width,kb_height font 'DejaVu Sans,'.kb_font \
		background 'white' noenhanced
}
if (kb_format eq 'pdf') {
	# In inches; as large as pictures are on screens of 96 pixels an inch.
	set terminal pdfcairo size kb_width/96.0,kb_height/96.0 font 'DejaVu Sans,'.kb_font \
		fontscale 0.75 pointscale 0.6 background 'white' noenhanced
}
if (kb_format eq 'plain') {
	set terminal dumb size kb_width,kb_height noenhanced nofeed mono
}
if (kb_format eq 'colour') {
	set terminal dumb size kb_width,kb_height noenhanced nofeed ansi256
}

# Okabe and Ito's colours, which colour-blind people can tell apart; their yellow is left out,
# as it hardly shows on white. Every series has a mark of its own as well.
if (kb_term) {
	set linetype 1 lc rgb '#56B4E9' pt 0
	set linetype 2 lc rgb '#D55E00' pt 1
	set linetype 3 lc rgb '#009E73' pt 2
	set linetype 4 lc rgb '#CC79A7' pt 3
	set linetype 5 lc rgb '#E69F00' pt 4
	set linetype 6 lc rgb '#0072B2' pt 5
	set linetype 7 lc rgb '#999999' pt 6
} else {
	set linetype 1 lc rgb '#0072B2' lw 1.6 pt 7 ps 0.8
	set linetype 2 lc rgb '#D55E00' lw 1.6 pt 5 ps 0.8
	set linetype 3 lc rgb '#009E73' lw 1.6 pt 9 ps 1.0
	set linetype 4 lc rgb '#CC79A7' lw 1.6 pt 13 ps 1.0
	set linetype 5 lc rgb '#E69F00' lw 1.6 pt 11 ps 1.0
	set linetype 6 lc rgb '#56B4E9' lw 1.6 pt 6 ps 0.9
	set linetype 7 lc rgb '#000000' lw 1.6 pt 4 ps 0.8
}
set linetype cycle 7

kb_ink = '#333333'
kb_grid = '#dddddd'
kb_pale = '#888888'
kb_alert = '#B04000'

if (kb_term) {
	set border 3
	set tics nomirror
} else {
	set border 3 lc rgb kb_ink
	set tics nomirror out scale 0.6 textcolor rgb kb_ink
	set multiplot
	kb_large = sprintf(',%.3g', 1.25 * kb_font)
	kb_small = sprintf(',%.3g', 0.9 * kb_font)
	set label 101 kb_page_title at screen 0.5, screen 1.0 - 18.0 / kb_height center \
		font kb_large textcolor rgb 'black'
	set label 102 kb_page_subtitle at screen 0.5, screen 1.0 - 40.0 / kb_height center \
		textcolor rgb kb_ink
	set label 103 kb_page_note at screen 0.5, screen 1.0 - 1.0 * kb_note_at / kb_height center \
		textcolor rgb kb_alert
	set label 106 kb_page_note_2 at screen 0.5, screen 1.0 - 1.0 * kb_note_2_at / kb_height \
		center textcolor rgb kb_alert
	set label 104 kb_page_foot at screen 0.5, screen 28.0 / kb_height center \
		font kb_small textcolor rgb kb_ink
	set label 105 kb_page_foot_2 at screen 0.5, screen 12.0 / kb_height center \
		font kb_small textcolor rgb kb_ink
}
