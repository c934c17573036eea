/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over files, or over all files of a directory, without a fuzzer. */
#define _POSIX_C_SOURCE 200809L

#include "fuzz.h"

#include <dirent.h>

enum { MOST_BYTES = 1 << 16, MOST_PATH = 4096 };

static bool run_file(const char *path) {
    static uint8_t bytes[MOST_BYTES];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, size);
    return true;
}

/* Returns how many files were run. Skips names in a directory that begin with a dot. */
static size_t run_directory(const char *path) {
    DIR *directory = opendir(path);
    size_t count = 0;
    if (directory == NULL) {
        return run_file(path);
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char name[MOST_PATH];
        int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && length > 0 && length < MOST_PATH) {
            count += run_file(name);
        }
    }
    closedir(directory);
    return count;
}

int main(int argc, char **argv) {
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        count += run_directory(argv[i]);
    }
    printf("%zu inputs\n", count);
    return count == 0;
}
