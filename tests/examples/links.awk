# SPDX-License-Identifier: MIT
# The links of a request in the text format of otlp_json_to_text, one a line:
# `TRACE_ID SPAN_ID FLAGS INDEX TRACESTATE`, and ` of ORIGINAL_COUNT` where links were cut.

# What follows the colon, without quotes.
function value(    text) {
    text = $0
    sub(/^[^:]*: /, "", text)
    gsub(/^"|"$/, "", text)
    return text
}

function hex(    text) {
    text = value()
    gsub(/\\x/, "", text)
    return text
}

/^ *links \{/ {
    inside = 1
    depth = match($0, /[^ ]/)
    type = number = state = truncated = original = ""
}
!inside { next }
/^ *trace_id:/ { trace = hex() }
/^ *span_id:/ { span = hex() }
/^ *trace_state:/ { state = value() == "" ? "" : " " value() }
/^ *flags:/ { flags = value() }
/^ *key:/ { key = value() }
/^ *string_value:/ && key == "link.type" { type = value() }
/^ *int_value:/ && key == "batch.index" { number = value() }
/^ *bool_value:/ && key == "links.truncated" { truncated = value() }
/^ *int_value:/ && key == "links.original_count" { original = " of " value() }
/^ *\}/ && match($0, /[^ ]/) == depth {
    inside = 0
    if (type != "batch_item" || (truncated == "true") != (original != "")) print "a strange link:"
    print trace " " span " " flags " " number state original
}
