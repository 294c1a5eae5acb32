# SPDX-License-Identifier: GPL-2.0
# One panel of horizontal bars with whiskers and the figures beside them. From kbench:
#   $kb_data: number, value, low, high, "name", "figure" for each bar; kb_nr bars
#   kb_left, kb_right, kb_top, kb_bottom: the axes, in parts of the page
#   kb_title, kb_label; kb_log: 1 for a logarithmic axis with the ticks kb_ticks
#   kb_low, kb_high: range of the values

set lmargin at screen kb_left
set rmargin at screen kb_right
set tmargin at screen kb_top
set bmargin at screen kb_bottom

set title kb_title offset 0, -0.4 textcolor rgb 'black'
set xlabel kb_label textcolor rgb kb_ink
unset ylabel
unset key
unset logscale
set format x '%g'
set yrange [kb_nr - 0.4 : -0.6]
set ytics scale 0

if (kb_log) {
	# A bar on a logarithmic axis has no zero to start from: it starts at a full decade.
	set logscale x 10
	kb_begin = 10 ** floor(log10(0.8 * kb_low))
	kb_end = 1.1 * kb_high
	eval('set xtics (' . kb_ticks . ')')
} else {
	kb_begin = 0
	kb_end = 1.04 * kb_high
	set xtics autofreq
}
# A little less than the begin, so that rounding does not lose its tick.
set xrange [0.999 * kb_begin : kb_end]
set grid xtics noytics back lt 1 lc rgb kb_grid lw 0.8

set style fill solid 0.75 noborder
set errorbars small
plot $kb_data using 2:1:(kb_begin):2:($1 - 0.36):($1 + 0.36):ytic(5) \
		with boxxyerror lc rgb '#56B4E9', \
	'' using 2:1:3:4 with xerrorbars pt 0 lw 1.4 lc rgb 'black', \
	'' using (kb_end):1:6 with labels left offset 0.8, 0 textcolor rgb 'black'

unset label
unset ytics
