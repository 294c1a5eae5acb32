# SPDX-License-Identifier: GPL-2.0
# One panel: what latency how many operations stay below. From kbench, beside what plots/page.gp
# has:
#   $kb_data: blocks of x, latency, latency, latency with the case's name on top; kb_nr blocks.
#     x is 1 / (1 - p): 2 for the median, 100 for 99 %
#   kb_guide, kb_guide_label: what reading the clock takes, 0 when that is not known
#   kb_left, kb_right, kb_top, kb_bottom: the axes, in parts of the page
#   kb_title, kb_label: of the panel and the latencies' axis
#   kb_low, kb_high: where that begins and ends; kb_log: 1 for a logarithmic one; kb_ticks
#   kb_x_label, kb_x_low, kb_x_high, kb_x_ticks

set lmargin at screen kb_left
set rmargin at screen kb_right
set tmargin at screen kb_top
set bmargin at screen kb_bottom

unset logscale
set logscale x 10
if (kb_log) {
	set logscale y 10
}
set xrange [kb_x_low : kb_x_high * 1.1]
set yrange [kb_low : kb_high]
eval('set xtics (' . kb_x_ticks . ')')
eval('set ytics (' . kb_ticks . ')')
set xlabel kb_x_label

if (kb_term) {
	set title kb_title . "\n" . kb_label
	unset ylabel
	set key at screen 0.02, screen (0.5 + kb_nr) / kb_height top left Left reverse samplen 1
	plot for [kb_i = 0 : kb_nr - 1] $kb_data index kb_i using 1:2 with steps \
		lt kb_i + 1 title ' '.columnheader(1)
} else {
	unset title
	set label 111 kb_title at screen 0.5, screen kb_top + 14.0 / kb_height center \
		textcolor rgb 'black'
	set xlabel textcolor rgb kb_ink
	unset ylabel
	set label 110 kb_label at screen 12.0 / kb_width, screen 0.5 * (kb_top + kb_bottom) \
		center rotate by 90 textcolor rgb kb_ink
	set key at screen kb_right + 0.012, screen kb_top left top Left reverse samplen 2 \
		spacing 1.15 textcolor rgb kb_ink
	set xtics scale 0.6
	set ytics scale 0.6
	set grid xtics ytics back lt 1 lc rgb kb_grid lw 0.8
	plot for [kb_i = 0 : kb_nr - 1] $kb_data index kb_i using 1:2 with steps \
			lt kb_i + 1 title columnheader(1), \
		(kb_guide > 0 ? kb_guide : NaN) with lines lw 1.2 dt 3 lc rgb kb_pale \
			title kb_guide_label
}

unset label
