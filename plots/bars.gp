# SPDX-License-Identifier: GPL-2.0
# One panel of horizontal bars with whiskers and the figures beside them. From kbench, beside what
# plots/page.gp has:
#   $kb_data: number, value, low, high, "name", "figure" for each bar; kb_nr bars
#   kb_left, kb_right, kb_top, kb_bottom: the axes, in parts of the page
#   kb_title, kb_label: of the panel and its axis
#   kb_low, kb_high: where the axis begins and ends; kb_log: 1 for a logarithmic one
#   kb_ticks: the axis' ticks, as set xtics () takes them

set lmargin at screen kb_left
set rmargin at screen kb_right
set tmargin at screen kb_top
set bmargin at screen kb_bottom

unset ylabel
unset key
unset logscale
if (kb_log) {
	set logscale x 10
}
# A little less than the begin, so that rounding does not lose its tick.
set xrange [0.999 * kb_low : kb_high]
eval('set xtics (' . kb_ticks . ')')
set xlabel kb_label

if (kb_term) {
	# A line of text for each bar.
	set title kb_title
	set yrange [kb_nr : -1]
	set border 1
	unset ytics
	set errorbars 0
	plot $kb_data using (kb_low):1:($2 - kb_low):(0) with vectors nohead lt 1, \
		'' using 2:1:3:4 with xerrorbars lt 2 pt 0, \
		'' using (kb_low):1:5 with labels right offset -1, 0, \
		'' using (kb_high):1:6 with labels left offset 2, 0
} else {
	unset title
	set label 111 kb_title at screen 0.5, screen kb_top + 14.0 / kb_height center \
		textcolor rgb 'black'
	set xlabel textcolor rgb kb_ink
	set yrange [kb_nr - 0.4 : -0.6]
	set ytics () scale 0
	set grid xtics noytics back lt 1 lc rgb kb_grid lw 0.8
	set style fill solid 0.75 noborder
	set errorbars small
	plot $kb_data using 2:1:(kb_low):2:($1 - 0.36):($1 + 0.36):ytic(5) \
			with boxxyerror lc rgb '#56B4E9', \
		'' using 2:1:3:4 with xerrorbars pt 0 lw 1.4 lc rgb 'black', \
		'' using (kb_high):1:6 with labels left offset 0.8, 0 textcolor rgb 'black'
}

unset label
unset ytics
