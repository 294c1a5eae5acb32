# SPDX-License-Identifier: GPL-2.0
# One panel of lines with whiskers, over CPU counts or a parameter. From kbench, beside what
# plots/page.gp has:
#   $kb_data: blocks of x, value, low, high with the series' name on top; kb_nr blocks
#   $kb_ideal: blocks of x, value: each series as it would be if more CPUs cost nothing;
#     kb_has_ideal: 1 where there are any
#   kb_dense: 1 where lines have so many points that marks and whiskers would hide them
#   kb_left, kb_right, kb_top, kb_bottom: the axes, in parts of the page
#   kb_title, kb_label: of the panel and the values' axis
#   kb_low, kb_high: where that begins and ends; kb_log: 1 for a logarithmic one; kb_ticks
#   kb_x_label, kb_x_low, kb_x_high, kb_x_ticks; kb_x_log: 1 when steps grow

set lmargin at screen kb_left
set rmargin at screen kb_right
set tmargin at screen kb_top
set bmargin at screen kb_bottom

set xlabel kb_x_label
unset logscale
set format '%g'
if (kb_x_log) {
	set logscale x 2
	set xrange [kb_x_low / 1.12 : kb_x_high * 1.12]
} else {
	kb_slack = 0.03 * (kb_x_high - kb_x_low)
	set xrange [kb_x_low - kb_slack : kb_x_high + kb_slack]
}
if (kb_log) {
	set logscale y 10
}
set yrange [kb_low : kb_high]
eval('set xtics (' . kb_x_ticks . ')')
eval('set ytics (' . kb_ticks . ')')

if (kb_term) {
	set title kb_title . "\n" . kb_label
	unset ylabel
	set key at screen 0.02, screen (0.5 + kb_nr) / kb_height top left Left reverse samplen 1
	plot for [kb_i = 0 : kb_nr - 1] $kb_data index kb_i using 1:2 with linespoints \
		lt kb_i + 1 title ' '.columnheader(1)
} else {
	unset title
	set label 111 kb_title at screen 0.5, screen kb_top + 14.0 / kb_height center \
		textcolor rgb 'black'
	set xlabel textcolor rgb kb_ink
	unset ylabel
	# A label of its own: where gnuplot puts that of an axis depends on how long the ticks are.
	set label 110 kb_label at screen 12.0 / kb_width, screen 0.5 * (kb_top + kb_bottom) \
		center rotate by 90 textcolor rgb kb_ink
	set key at screen kb_right + 0.012, screen kb_top left top Left reverse samplen 2 \
		spacing 1.15 textcolor rgb kb_ink
	set xtics scale 0.6
	set ytics scale 0.6
	set grid xtics ytics back lt 1 lc rgb kb_grid lw 0.8
	set errorbars small
	kb_ideals = kb_has_ideal ? kb_nr : 0
	kb_whiskers = kb_dense ? 0 : kb_nr
	kb_lines = kb_dense ? kb_nr : 0
	plot for [kb_i = 0 : kb_whiskers - 1] $kb_data index kb_i using 1:2:3:4 \
			with yerrorlines lt kb_i + 1 title columnheader(1), \
		for [kb_i = 0 : kb_lines - 1] $kb_data index kb_i using 1:2 with lines \
			lt kb_i + 1 title columnheader(1), \
		for [kb_i = 0 : kb_ideals - 1] $kb_ideal index kb_i using 1:2 with lines \
			lt kb_i + 1 lw 1.2 dt 3 notitle, \
		(kb_ideals > 0 ? NaN : NaN) with lines lw 1.2 dt 3 lc rgb kb_pale \
			title (kb_ideals > 0 ? 'ideal' : '')
}

unset label
