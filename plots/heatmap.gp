# SPDX-License-Identifier: GPL-2.0
# One panel: a cell for each pair of CPUs. From kbench, beside what plots/page.gp has:
#   $kb_data: column, row, value, "figure", and 0 to 1: where in the range the value is; kb_nr rows
#   kb_texts: 1 where cells have room for their figures
#   kb_left, kb_right, kb_top, kb_bottom: the axes, in parts of the page
#   kb_title, kb_label: of the panel and the values
#   kb_low, kb_high: range of the values; kb_log: 1 when they are to be told apart by factors
#   kb_ticks: of the values; kb_x_ticks: names of the CPUs, for both axes; kb_x_label

set lmargin at screen kb_left
set rmargin at screen kb_right
set tmargin at screen kb_top
set bmargin at screen kb_bottom

unset logscale
unset key
set xlabel kb_x_label
eval('set xtics (' . kb_x_ticks . ')')
eval('set ytics (' . kb_x_ticks . ')')

if (kb_term) {
	kb_legend = kb_texts ? '' : sprintf(', . %.3g to # %.3g', kb_low, kb_high)
	set title kb_title . "\n" . kb_label . kb_legend
	# Each cell is centred on a character.
	set xrange [-1 : kb_nr - 1]
	set yrange [kb_nr : -1]
	unset ylabel
	set border 0
	set xtics scale 0
	set ytics scale 0
	kb_shade(x) = substr('.:-=+*%@#', 1 + int(8.99 * x), 1 + int(8.99 * x))
	if (kb_texts) {
		plot $kb_data using 1:2:4 with labels
	} else {
		plot $kb_data using 1:2:(kb_shade($5)) with labels
	}
} else {
	unset title
	set xrange [-0.5 : kb_nr - 0.5]
	set yrange [kb_nr - 0.5 : -0.5]
	set label 111 kb_title at screen 0.5, screen kb_top + 14.0 / kb_height center \
		textcolor rgb 'black'
	set xlabel textcolor rgb kb_ink
	set ylabel kb_x_label textcolor rgb kb_ink
	set xtics scale 0
	set ytics scale 0
	unset grid
	# Cividis: from dark to light for everybody, whatever colours they see.
	set palette defined (0 '#00224E', 0.25 '#434E6C', 0.5 '#7D7C78', 0.75 '#BCAF6F', \
		1 '#FEE838')
	if (kb_log) {
		set logscale cb 10
	}
	# A single figure has no range that colours could show.
	kb_flat = kb_high <= kb_low
	set cbrange [kb_low : kb_flat ? 1.001 * kb_low : kb_high]
	if (kb_flat) {
		unset colorbox
	} else {
		set colorbox user origin screen kb_right + 16.0 / kb_width, screen kb_bottom \
			size screen 14.0 / kb_width, screen kb_top - kb_bottom noborder
		eval('set cbtics (' . kb_ticks . ') scale 0.4')
	}
	set label 110 kb_label at screen kb_right + (kb_flat ? 20.0 : 106.0) / kb_width, \
		screen 0.5 * (kb_top + kb_bottom) center rotate by 90 textcolor rgb kb_ink
	kb_ink_of(x) = x < 0.55 ? 0xffffff : 0x000000
	set style fill solid 1 noborder
	set key off
	if (kb_texts) {
		plot $kb_data using 1:2:($1 - 0.48):($1 + 0.48):($2 - 0.48):($2 + 0.48):3 \
				with boxxyerror lc palette, \
			'' using 1:2:4:(kb_ink_of($5)) with labels textcolor rgb variable
	} else {
		plot $kb_data using 1:2:($1 - 0.5):($1 + 0.5):($2 - 0.5):($2 + 0.5):3 \
			with boxxyerror lc palette
	}
}

unset label
unset logscale
unset ylabel
