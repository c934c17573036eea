/* SPDX-License-Identifier: MIT */
/*
 * Trace context in the headers of HTTP messages: of libmicrohttpd's requests and libcurl's. The
 * bytes of a header whose name ends in "-bin" travel as base64, as gRPC has it.
 */
#ifndef EXAMPLES_HTTP_CARRIER_H
#define EXAMPLES_HTTP_CARRIER_H

#include <curl/curl.h>
#include <microhttpd.h>

#include <spanlink/propagation.h>

/* Of a request that came in, with room for the bytes of grpc-trace-bin. */
struct request_headers {
    struct MHD_Connection *connection;
    char bytes[64];
};

/* Reads them: each line counts, names are matched without case. */
spanlink_getter request_getter(struct request_headers *headers);

/* Adds headers to a list for CURLOPT_HTTPHEADER. */
spanlink_setter header_list_setter(struct curl_slist **headers);

#endif
