# SPDX-License-Identifier: MIT
# What batch_consumer must make of messages, worked out a second time: the links in order, as
# `TRACE_ID SPAN_ID FLAGS INDEX TRACESTATE`, the last one with the markers, then the counts.
# Variables: max, overflow.

function trim(text) {
    sub(/^[ \t]+/, "", text)
    sub(/[ \t]+$/, "", text)
    return text
}

# W3C Trace Context, "traceparent Header".
function is_traceparent(text,    version) {
    version = substr(text, 1, 2)
    if (length(text) < 55 || version == "ff" || (version == "00" && length(text) > 55)) return 0
    if (length(text) > 55 && substr(text, 56, 1) != "-") return 0
    if (substr(text, 3, 1) substr(text, 36, 1) substr(text, 53, 1) != "---") return 0
    if (substr(text, 4, 32) ~ /^0+$/ || substr(text, 37, 16) ~ /^0+$/) return 0
    return (version substr(text, 4, 32) substr(text, 37, 16) substr(text, 54, 2)) ~ /^[0-9a-f]+$/
}

# W3C Trace Context, "tracestate Header".
function is_tracestate(text,    count, members, place, i) {
    count = split(text, members, ",")
    for (i = 1; i <= count; i++) {
        members[i] = trim(members[i])
        if (members[i] == "") continue
        if (++place > 32) return 0
        if (members[i] !~ /^[a-z0-9][a-z0-9_*\/@-]*=[ -<>-~]*[!-<>-~]$/) return 0
        if (index(members[i], "=") > 257 || length(members[i]) - index(members[i], "=") > 256) return 0
    }
    return place > 0
}

function hex_value(text) {
    return 16 * (index("0123456789abcdef", substr(text, 1, 1)) - 1) + \
        index("0123456789abcdef", substr(text, 2, 1)) - 1
}

# Takes one of the kept links away: links are numbered by arrival and gaps stay.
function cut(number) {
    delete holder[span_of[number]]
    delete line_of[number]
    kept--
}

function latest_unsampled(    i) {
    for (i = last; i >= first; i--) {
        if (i in line_of && !sampled[i]) return i
    }
    return 0
}

# Drops a link for the new one; false: the new one is dropped.
function makes_room(is_sampled,    victim) {
    if (kept < max) return 1
    over++
    if (max == 0 || overflow == "keep_first") return 0
    if (overflow == "keep_last") {
        while (!(first in line_of)) first++
        victim = first
    } else {
        victim = is_sampled ? latest_unsampled() : 0
    }
    if (victim) cut(victim)
    return victim != 0
}

function offer(parent, state,    span, flags) {
    span = substr(parent, 4, 49)
    flags = hex_value(substr(parent, 54, 2))
    if (span in holder) {
        duplicates++
    } else if (makes_room(flags % 2)) {
        kept++
        last++
        holder[span] = last
        span_of[last] = span
        sampled[last] = flags % 2
        line_of[last] = substr(parent, 4, 32) " " substr(parent, 37, 16) " " (flags + 768) " " \
            (NR - 1) (is_tracestate(state) ? " " state : "")
    }
}

BEGIN {
    first = 1
    FS = "\t"
}
{
    sub(/\r$/, "")
    parent = trim($1)
    state = trim($2)
    if (parent == "") without++
    else if (!is_traceparent(parent)) invalid++
    else {
        if (state ~ /[^ \t,]/ && !is_tracestate(state)) dropped++
        offer(parent, state)
    }
}
END {
    while (last > 0 && !(last in line_of)) last--
    for (i = first; i <= last; i++) {
        if (i in line_of) print line_of[i] (over && i == last ? " of " (kept + over) : "")
    }
    printf "%d messages: %d links, %d duplicates, %d invalid, %d over the limit, " \
        "%d without context, %d tracestates dropped\n", \
        NR, kept, duplicates, invalid, over, without, dropped
}
