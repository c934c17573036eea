/* SPDX-License-Identifier: MIT */
/* Trace context in the headers of HTTP messages: of libmicrohttpd's requests and libcurl's. */
#ifndef EXAMPLES_HTTP_CARRIER_H
#define EXAMPLES_HTTP_CARRIER_H

#include <curl/curl.h>
#include <microhttpd.h>

#include <spanlink/propagation.h>

/* Reads the headers of a request that came in: each line counts, names are matched without case. */
spanlink_getter request_getter(struct MHD_Connection *connection);

/* Adds headers to a list for CURLOPT_HTTPHEADER. */
spanlink_setter header_list_setter(struct curl_slist **headers);

#endif
