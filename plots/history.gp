# SPDX-License-Identifier: GPL-2.0
# One panel: a case over results, and where it changed. From kbench, beside what plots/page.gp has:
#   $kb_data: x, value, lowest and highest boot of each result; $kb_boots: x, value of each boot
#   $kb_changes: x, "by how much" of each change point; the text is empty where it has no room
#   kb_left, kb_right, kb_top, kb_bottom: the axes, in parts of the page
#   kb_title, kb_label: of the panel and the values' axis
#   kb_low, kb_high: where that begins and ends; kb_log: 1 for a logarithmic one; kb_ticks
#   kb_x_label, kb_x_low, kb_x_high, kb_x_ticks

set lmargin at screen kb_left
set rmargin at screen kb_right
set tmargin at screen kb_top
set bmargin at screen kb_bottom

unset key
unset logscale
if (kb_log) {
	set logscale y 10
}
set xrange [kb_x_low - 0.5 : kb_x_high + 0.5]
set yrange [kb_low : kb_high]
eval('set xtics (' . kb_x_ticks . ')')
eval('set ytics (' . kb_ticks . ')')
set xlabel kb_x_label

if (kb_term) {
	set title kb_title . "\n" . kb_label
	unset ylabel
	plot $kb_changes using ($1 - 0.5):(kb_low):(0):(kb_high - kb_low) with vectors nohead lt 2, \
		$kb_data using 1:2 with linespoints lt 1, \
		$kb_changes using ($1 - 0.5):(kb_high):2 with labels left offset 1, 0
} else {
	unset title
	set label 111 kb_title at screen 0.5, screen kb_top + 14.0 / kb_height center \
		textcolor rgb 'black'
	set xlabel textcolor rgb kb_ink
	unset ylabel
	set label 110 kb_label at screen 12.0 / kb_width, screen 0.5 * (kb_top + kb_bottom) \
		center rotate by 90 textcolor rgb kb_ink
	set xtics scale 0.6
	set ytics scale 0.6
	set grid noxtics ytics back lt 1 lc rgb kb_grid lw 0.8
	plot $kb_changes using ($1 - 0.5):(kb_low):(0):(kb_high - kb_low) with vectors nohead \
			lw 1.6 lc rgb '#D55E00', \
		$kb_boots using 1:2 with points pt 7 ps 0.35 lc rgb '#56B4E9', \
		$kb_data using 1:2 with linespoints lt 1 ps 0.6, \
		$kb_changes using ($1 - 0.5):(kb_high):2 with labels left offset 0.5, -0.6 \
			textcolor rgb '#B04000'
}

unset label
