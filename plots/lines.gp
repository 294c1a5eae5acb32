# SPDX-License-Identifier: GPL-2.0
# One panel of lines with whiskers, over CPU counts or a parameter. From kbench:
#   $kb_data: blocks of x, value, low, high with the series' name on top; kb_nr blocks
#   kb_left, kb_right, kb_top, kb_bottom: the axes, in parts of the page
#   kb_title, kb_label; kb_log: 1 for a logarithmic axis with the ticks kb_ticks
#   kb_low, kb_high: range of the values
#   kb_x_label, kb_x_low, kb_x_high; kb_x_log: 1 when steps grow; kb_x_ticks: empty for gnuplot's

set lmargin at screen kb_left
set rmargin at screen kb_right
set tmargin at screen kb_top
set bmargin at screen kb_bottom

set title kb_title offset 0, -0.4 textcolor rgb 'black'
set xlabel kb_x_label textcolor rgb kb_ink
unset ylabel
# A label of its own: where gnuplot puts that of an axis depends on how long the ticks are.
set label 110 kb_label at screen 12.0 / kb_width, screen 0.5 * (kb_top + kb_bottom) \
	center rotate by 90 textcolor rgb kb_ink
set key at screen kb_right + 0.012, screen kb_top left top Left reverse samplen 2 spacing 1.15 \
	textcolor rgb kb_ink
unset logscale
set format '%g'

if (kb_x_log) {
	set logscale x 2
	set xrange [kb_x_low / 1.12 : kb_x_high * 1.12]
} else {
	kb_slack = 0.03 * (kb_x_high - kb_x_low)
	set xrange [kb_x_low - kb_slack : kb_x_high + kb_slack]
}
if (strlen(kb_x_ticks) > 0) {
	eval('set xtics (' . kb_x_ticks . ')')
} else {
	set xtics autofreq
}
if (kb_log) {
	set logscale y 10
	set yrange [0.85 * kb_low : 1.2 * kb_high]
	eval('set ytics (' . kb_ticks . ') scale 0.6')
} else {
	set yrange [0 : 1.06 * kb_high]
	set ytics autofreq scale 0.6
}
set grid xtics ytics back lt 1 lc rgb kb_grid lw 0.8

set errorbars small
plot for [kb_i = 0 : kb_nr - 1] $kb_data index kb_i using 1:2:3:4 with yerrorlines \
	lt kb_i + 1 title columnheader(1)

unset label
