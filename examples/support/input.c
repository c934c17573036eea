/* SPDX-License-Identifier: MIT */
#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Makes `ahead` contain up to `size` bytes, fewer only at the end of the input. */
static void look_ahead(struct input *input, size_t size) {
    input->size += fread(input->ahead + input->size, 1, size - input->size, input->file);
}

static int next_byte(struct input *input) {
    int byte = input->at < input->size ? input->ahead[input->at++] : getc(input->file);
    input->ends += byte == '\n';
    return byte;
}

static int peek_byte(struct input *input) {
    if (input->at < input->size) {
        return input->ahead[input->at];
    }
    int byte = getc(input->file);
    if (byte != EOF) {
        ungetc(byte, input->file);
    }
    return byte;
}

/* UTF-16 begins with its byte order mark, or with an ASCII character next to a zero. */
static bool is_utf16(const unsigned char *bytes, size_t size) {
    return size >= 4 &&
           ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff) ||
            (bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0) ||
            (bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0 && bytes[3] != 0));
}

const char *input_open(struct input *input, const char *name) {
    bool standard = name == NULL || strcmp(name, "-") == 0;
    memset(input, 0, sizeof *input);
    input->most = INPUT_MAX;
    input->name = standard ? "standard input" : name;
    input->file = standard ? stdin : fopen(name, "rb");
    if (input->file == NULL) {
        return strerror(errno);
    }
    look_ahead(input, 4);
    if (ferror(input->file)) {
        return strerror(errno);
    }
    if (is_utf16(input->ahead, input->size)) {
        return "this is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8";
    }
    if (input->size >= 3 && memcmp(input->ahead, "\xef\xbb\xbf", 3) == 0) {
        input->at = 3;
    }
    return NULL;
}

spanlink_str input_peek(struct input *input) {
    look_ahead(input, sizeof input->ahead);
    return (spanlink_str){(const char *)input->ahead + input->at, input->size - input->at};
}

/* Enlarges the text's buffer; if that is not possible, the text is too long. */
static void grow(struct input *input) {
    size_t capacity = input->capacity == 0 ? 4096 : 2 * input->capacity;
    char *longer = capacity <= input->most ? realloc(input->text, capacity) : NULL;
    if (longer == NULL) {
        input->too_long = true;
        return;
    }
    input->text = longer;
    input->capacity = capacity;
}

/* Starts a new text. */
static void begin(struct input *input) {
    input->length = 0;
    input->too_long = false;
    input->first_line = input->ends + 1;
    if (input->capacity == 0) {
        grow(input); /* an empty text is a text */
    }
}

/* Appends a character, unless the text is too long. */
static void keep(struct input *input, int byte) {
    if (input->length + 1 >= input->capacity && !input->too_long) {
        grow(input);
    }
    if (!input->too_long) {
        input->text[input->length++] = (char)byte;
        input->text[input->length] = '\0';
    }
}

bool input_until(struct input *input, char end) {
    if (peek_byte(input) == EOF) {
        return false;
    }
    begin(input);
    int byte = next_byte(input);
    for (; byte != (unsigned char)end && byte != EOF; byte = next_byte(input)) {
        keep(input, byte);
    }
    return true;
}

bool input_line(struct input *input) {
    if (!input_until(input, '\n')) {
        return false;
    }
    if (input->length > 0 && input->text[input->length - 1] == '\r') {
        input->length--;
    }
    return true;
}

/* How deep a JSON text is inside brackets, and whether inside a string. */
struct nesting {
    size_t depth;
    bool in_string, escaped;
};

static void follow(struct nesting *nesting, int byte) {
    if (nesting->in_string) {
        nesting->in_string = byte != '"' || nesting->escaped;
        nesting->escaped = byte == '\\' && !nesting->escaped;
    } else if (byte == '"') {
        nesting->in_string = true;
    } else if (byte == '{' || byte == '[') {
        nesting->depth++;
    } else if (byte == '}' || byte == ']') {
        nesting->depth--;
    }
}

/* White space, and the commas of a list whose brackets are missing. */
static int pass_over_blanks(struct input *input) {
    int byte = peek_byte(input);
    while (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == ',') {
        next_byte(input);
        byte = peek_byte(input);
    }
    return byte;
}

bool input_json(struct input *input) {
    struct nesting nesting = {0, false, false};
    int first = pass_over_blanks(input), byte;
    if (first != '{' && first != '[') {
        return input_line(input);
    }
    begin(input);
    do {
        byte = next_byte(input);
        keep(input, byte);
        follow(&nesting, byte);
    } while (nesting.depth > 0 && peek_byte(input) != EOF &&
             !(byte == '\n' && (nesting.in_string || (first == '{' && peek_byte(input) == '{'))));
    return true;
}

void input_all(struct input *input) {
    begin(input);
    for (int byte = next_byte(input); byte != EOF; byte = next_byte(input)) {
        keep(input, byte);
    }
}

const char *input_fault(const struct input *input) {
    return ferror(input->file) ? strerror(errno) : NULL;
}

void input_close(struct input *input) {
    if (input->file != NULL && input->file != stdin) {
        fclose(input->file);
    }
    free(input->text);
}
