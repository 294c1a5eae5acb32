# SPDX-License-Identifier: GPL-2.0
# One panel: how many operations took how long. From kbench, beside what plots/page.gp has:
#   $kb_data: from, to, operations; $kb_marks: percentiles 50, 99 and 99.9
#   kb_guide: what reading the clock takes, 0 when that is not known
#   kb_left, kb_right, kb_top, kb_bottom: the axes, in parts of the page
#   kb_title, kb_label: of the panel and the operations' axis
#   kb_low, kb_high: where that begins and ends; kb_log: 1 for a logarithmic one; kb_ticks
#   kb_x_label, kb_x_low, kb_x_high, kb_x_ticks

set lmargin at screen kb_left
set rmargin at screen kb_right
set tmargin at screen kb_top
set bmargin at screen kb_bottom

unset key
unset logscale
set logscale x 10
if (kb_log) {
	set logscale y 10
}
set xrange [kb_x_low / 1.1 : kb_x_high * 1.1]
set yrange [kb_low : kb_high]
eval('set xtics (' . kb_x_ticks . ')')
eval('set ytics (' . kb_ticks . ')')
set xlabel kb_x_label

if (kb_term) {
	set title kb_title . "\n" . kb_label
	unset ylabel
	plot $kb_data using (sqrt($1 * $2)):3 with impulses lt 1
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
	set style fill solid 0.75 noborder
	plot $kb_data using 1:3:1:2:(kb_low):3 with boxxyerror lc rgb '#56B4E9', \
		$kb_marks using 1:(kb_low):(0):(kb_high - kb_low) with vectors nohead \
			lw 1.4 dt 3 lc rgb 'black'
}

unset label
