/* libscree: tables in text form. */
#ifndef SCREE_H
#define SCREE_H

#include <marl.h>
#include <stdio.h>

struct scree;

/* A reader of f; separator is ',' or '\t' or whatever stands between fields. NULL: no memory. */
struct scree *scree_open(FILE *f, int separator);

/* The next record: how many fields it has, 0 at the end, -1 for an error (see scree_error). */
int scree_next(struct scree *s);
const char *scree_field(const struct scree *s, int i);
size_t scree_line(const struct scree *s);
const char *scree_error(const struct scree *s);
void scree_close(struct scree *s);

/* Adds a field as it is written in such a table, in quotes where they are needed. */
int scree_write(struct marl_buf *out, const char *field, int separator);

#endif
