/* libcairn: tables in memory. */
#ifndef CAIRN_H
#define CAIRN_H

#include <stdio.h>

struct cairn;

/* Reads a table, packed or not, whose first record names the columns. NULL: *error says why. */
struct cairn *cairn_load(FILE *f, const char **error);
size_t cairn_rows(const struct cairn *c);
int cairn_columns(const struct cairn *c);
const char *cairn_name(const struct cairn *c, int column);
/* The column of this name, or -1. */
int cairn_column(const struct cairn *c, const char *name);
/* Short records are filled up with empty fields. */
const char *cairn_get(const struct cairn *c, size_t row, int column);
void cairn_free(struct cairn *c);

#endif
