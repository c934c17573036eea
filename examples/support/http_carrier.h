/* SPDX-License-Identifier: MIT */
/*
 * Trace context in the headers of HTTP messages: of libmicrohttpd's requests and libcurl's. The
 * bytes of a header whose name ends in "-bin" are transported as base64, as in gRPC.
 */
#ifndef EXAMPLES_HTTP_CARRIER_H
#define EXAMPLES_HTTP_CARRIER_H

#include <curl/curl.h>
#include <microhttpd.h>

#include <spanlink/propagation.h>

/* A request that was received, with a buffer for the bytes of grpc-trace-bin. */
struct request_headers {
    struct MHD_Connection *connection;
    char bytes[64];
};

/* Reads its headers: each line counts, names are matched without regard to case. */
spanlink_getter request_getter(struct request_headers *headers);

/* Adds headers to a list for CURLOPT_HTTPHEADER. */
spanlink_setter header_list_setter(struct curl_slist **headers);

#endif
