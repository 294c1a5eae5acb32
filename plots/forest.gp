# SPDX-License-Identifier: GPL-2.0
# One panel: a kernel against another, case by case. From kbench, beside what plots/page.gp has:
#   $kb_data: number, value, low, high, "name", "figure and verdict", verdict; kb_nr rows.
#     Values are changes in percent, or with kb_log ratios. Verdicts: 0 inconclusive, 1 regressed,
#     2 improved, 3 equivalent, -1 too few boots for one
#   kb_same: the value that means no difference; kb_least to kb_most: those that do not matter
#   kb_left, kb_right, kb_top, kb_bottom: the axes, in parts of the page
#   kb_title, kb_label: of the panel and its axis
#   kb_low, kb_high: where the axis begins and ends; kb_log: 1 for a logarithmic one; kb_ticks

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
set xrange [kb_low : kb_high]
eval('set xtics (' . kb_ticks . ')')
set xlabel kb_label

if (kb_term) {
	set title kb_title
	set yrange [kb_nr : -1]
	set border 1
	unset ytics
	set errorbars 0
	plot $kb_data using (kb_same):1:('|') with labels, \
		'' using 2:1:3:4 with xerrorbars lt 1 pt 0, \
		'' using 2:1:(substr('-?RI=', $7 + 2, $7 + 2)) with labels, \
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
	set errorbars small
	set object 1 rectangle from kb_least, graph 0 to kb_most, graph 1 behind \
		fillcolor rgb '#e4e4e4' fillstyle solid noborder
	set arrow 1 from kb_same, graph 0 to kb_same, graph 1 nohead lw 1 lc rgb kb_ink
	kb_is(verdict, value) = verdict == value ? 1 : NaN
	plot $kb_data using 2:1:3:4:ytic(5) with xerrorbars pt 0 lw 0 lc rgb 'white', \
		'' using ($2 * kb_is($7, 1)):1:3:4 with xerrorbars pt 9 ps 1.0 lw 1.6 lc rgb '#D55E00', \
		'' using ($2 * kb_is($7, 2)):1:3:4 with xerrorbars pt 11 ps 1.0 lw 1.6 lc rgb '#009E73', \
		'' using ($2 * kb_is($7, 3)):1:3:4 with xerrorbars pt 7 ps 0.8 lw 1.6 lc rgb '#0072B2', \
		'' using ($2 * kb_is($7, 0)):1:3:4 with xerrorbars pt 6 ps 0.8 lw 1.6 lc rgb kb_pale, \
		'' using ($2 * kb_is($7, -1)):1:3:4 with xerrorbars pt 4 ps 0.8 lw 1.6 lc rgb kb_pale, \
		'' using (kb_high):1:6 with labels left offset 0.8, 0 textcolor rgb 'black'
	unset object 1
	unset arrow 1
}

unset label
unset ytics
