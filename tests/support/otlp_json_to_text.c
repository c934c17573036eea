/* SPDX-License-Identifier: MIT */
/*
 * Converts an OTLP/JSON message on standard input to protobuf's text format, which
 * `protoc --encode` reads. So independent parsers compare the JSON with the protobuf.
 *
 * Rejects invalid JSON (by jansson: no repeated keys, valid UTF-8) and invalid OTLP: ids must be
 * lowercase hex, 64-bit integers must be strings.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void refuse(const char *key, const char *why) {
    fprintf(stderr, "%s: %s\n", key, why);
    exit(EXIT_FAILURE);
}

static bool is_one_of(const char *key, const char *const *keys) {
    for (; *keys != NULL; keys++) {
        if (strcmp(key, *keys) == 0) {
            return true;
        }
    }
    return false;
}

/* traceId becomes trace_id. */
static void print_name(const char *key, int depth) {
    printf("%*s", 2 * depth, "");
    for (; *key != '\0'; key++) {
        if (isupper((unsigned char)*key)) {
            putchar('_');
        }
        putchar(tolower((unsigned char)*key));
    }
}

static void print_hex(const char *key, const char *digits) {
    size_t length = strlen(digits);
    if (strspn(digits, "0123456789abcdef") != length || length % 2 != 0) {
        refuse(key, "not lowercase hex");
    }
    for (size_t i = 0; i < length; i += 2) {
        printf("\\x%.2s", digits + i);
    }
}

static unsigned base64_digit(const char *key, char digit) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *place = digit == '\0' ? NULL : strchr(digits, digit);
    if (place == NULL) {
        refuse(key, "not base64");
    }
    return (unsigned)(place - digits);
}

static void print_base64(const char *key, const char *text) {
    size_t length = strlen(text);
    if (length % 4 != 0) {
        refuse(key, "base64 without its padding");
    }
    length -= length > 0 && text[length - 1] == '=';
    length -= length > 0 && text[length - 1] == '=';
    unsigned bits = 0;
    for (size_t i = 0; i < length; i++) {
        bits = bits << 6 | base64_digit(key, text[i]);
        if (i % 4 != 0) {
            printf("\\x%02x", bits >> (6 - 2 * (i % 4)) & 0xff);
        }
    }
}

static void print_escaped(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        unsigned char character = (unsigned char)text[i];
        if (isprint(character) && character != '"' && character != '\\') {
            putchar(character);
        } else {
            printf("\\%03o", character);
        }
    }
}

static void print_number_text(const char *key, const char *text) {
    size_t sign = text[0] == '-';
    if (text[sign] == '\0' || strspn(text + sign, "0123456789") != strlen(text + sign)) {
        refuse(key, "not a decimal integer");
    }
    printf(": %s\n", text);
}

static void print_double_text(const char *key, const char *text) {
    static const char *const names[][2] = {
        {"NaN", "nan"}, {"Infinity", "inf"}, {"-Infinity", "-inf"}};
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(text, names[i][0]) == 0) {
            printf(": %s\n", names[i][1]);
            return;
        }
    }
    refuse(key, "not a double");
}

static void print_string(const char *key, const json_t *value) {
    static const char *const ids[] = {"traceId", "spanId", "parentSpanId", NULL};
    static const char *const integers[] = {"intValue", "startTimeUnixNano", "endTimeUnixNano",
                                           NULL};
    const char *text = json_string_value(value);
    if (is_one_of(key, integers)) {
        print_number_text(key, text);
        return;
    }
    if (strcmp(key, "doubleValue") == 0) {
        print_double_text(key, text);
        return;
    }
    printf(": \"");
    if (is_one_of(key, ids)) {
        print_hex(key, text);
    } else if (strcmp(key, "bytesValue") == 0) {
        print_base64(key, text);
    } else {
        print_escaped(text, json_string_length(value));
    }
    printf("\"\n");
}

static void print_number(const char *key, json_t *value) {
    static const char *const numbers[] = {
        "kind", "flags", "droppedAttributesCount", "droppedLinksCount", "doubleValue", NULL};
    if (!is_one_of(key, numbers)) {
        refuse(key, "a number where none may be");
    }
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    printf(": %s\n", text);
    free(text);
}

static void print_field(const char *key, json_t *value, int depth);

/* The depth is limited by jansson. */
static void print_members(json_t *object, int depth) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        print_field(key, value, depth);
    }
}

static void print_field(const char *key, json_t *value, int depth) {
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            print_field(key, json_array_get(value, i), depth);
        }
        return;
    }
    print_name(key, depth);
    if (json_is_object(value)) {
        printf(" {\n");
        print_members(value, depth + 1);
        printf("%*s}\n", 2 * depth, "");
    } else if (json_is_string(value)) {
        print_string(key, value);
    } else if (json_is_boolean(value)) {
        printf(": %s\n", json_is_true(value) ? "true" : "false");
    } else if (json_is_number(value)) {
        print_number(key, value);
    } else {
        refuse(key, "null is no value");
    }
}

int main(void) {
    json_error_t error;
    json_t *message = json_loadf(stdin, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!json_is_object(message)) {
        fprintf(stderr, "line %d, column %d: %s\n", error.line, error.column, error.text);
        return EXIT_FAILURE;
    }
    print_members(message, 0);
    json_decref(message);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
