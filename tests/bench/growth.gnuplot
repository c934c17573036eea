# SPDX-License-Identifier: MIT
# Draws growth.tsv: see growth.sh.
set terminal svg size 800,440 font 'sans-serif,13' background 'white'
set datafile separator tab
set key outside right
set grid
set ylabel 'ns a link'
names = 'add "unique add" dedup encode decode collect cache collect cache'

set output 'growth_links.svg'
set logscale xy
set format x '10^{%T}'
set xrange [1:1e7]
set xlabel 'links'
plot for [i = 0:6] 'growth.tsv' index i using 2:4 \
    with linespoints linewidth 2 pointtype 7 pointsize 0.4 title word(names, i + 1)

set output 'growth_threads.svg'
unset logscale
set format x '%g'
set xrange [*:*]
set xtics 1
set yrange [0:*]
set xlabel 'threads, 1,024 links'
plot for [i = 7:8] 'growth.tsv' index i using 3:4 \
    with linespoints linewidth 2 pointtype 7 pointsize 0.4 title word(names, i + 1)
