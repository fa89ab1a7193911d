#include "cairn.h"

#include <marl.h>
#include <scree.h>
#include <stdlib.h>
#include <string.h>
#include <tarn.h>

struct cairn {
  int columns;
  size_t records; /* the first one is the names */
  struct marl_buf text, starts; /* fields, each with a final 0; a size_t for each of them */
};

static int add(struct cairn *c, const char *field) {
  size_t start = c->text.len;
  return marl_add(&c->starts, &start, sizeof start) != 0 || marl_puts(&c->text, field) != 0 ||
         marl_addc(&c->text, 0) != 0;
}

static const char *parse(struct cairn *c, struct marl_buf *table) {
  const char *error = NULL;
  FILE *f = fmemopen(table->data, table->len, "r");
  struct scree *s = f == NULL ? NULL : scree_open(f, ',');
  int n, i;

  if (s == NULL) {
    if (f != NULL) fclose(f);
    return "out of memory";
  }
  while (error == NULL && (n = scree_next(s)) != 0) {
    if (n < 0) {
      error = scree_error(s);
      break;
    }
    if (c->records == 0) c->columns = n;
    for (i = 0; i < c->columns; i++)
      if (add(c, scree_field(s, i)) != 0) error = "out of memory";
    c->records++;
  }
  scree_close(s);
  fclose(f);
  return error;
}

struct cairn *cairn_load(FILE *f, const char **error) {
  struct marl_buf in = {0}, unpacked = {0};
  struct cairn *c = calloc(1, sizeof *c);
  enum tarn_error e;

  *error = c == NULL ? "out of memory" : NULL;
  if (c != NULL && marl_read(&in, f) != 0) *error = "cannot read";
  if (*error == NULL && in.len > 0) {
    e = tarn_unpack(in.data, in.len, &unpacked);
    if (e == TARN_OK)
      *error = unpacked.len > 0 ? parse(c, &unpacked) : NULL;
    else if (e == TARN_FOREIGN || in.len < TARN_HEADER)
      *error = parse(c, &in);
    else
      *error = tarn_strerror(e);
  }
  marl_free(&in);
  marl_free(&unpacked);
  if (*error != NULL) {
    cairn_free(c);
    return NULL;
  }
  return c;
}

size_t cairn_rows(const struct cairn *c) { return c->records == 0 ? 0 : c->records - 1; }

int cairn_columns(const struct cairn *c) { return c->columns; }

static const char *field(const struct cairn *c, size_t record, int column) {
  size_t start;
  memcpy(&start, c->starts.data + (record * (size_t)c->columns + (size_t)column) * sizeof start,
         sizeof start);
  return c->text.data + start;
}

const char *cairn_name(const struct cairn *c, int column) { return field(c, 0, column); }

int cairn_column(const struct cairn *c, const char *name) {
  int i;
  for (i = 0; i < c->columns; i++)
    if (strcmp(cairn_name(c, i), name) == 0) return i;
  return -1;
}

const char *cairn_get(const struct cairn *c, size_t row, int column) {
  return row >= cairn_rows(c) || column < 0 || column >= c->columns ? ""
                                                                    : field(c, row + 1, column);
}

void cairn_free(struct cairn *c) {
  if (c == NULL) return;
  marl_free(&c->text);
  marl_free(&c->starts);
  free(c);
}
