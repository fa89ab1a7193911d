#include "scree.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS 256

struct scree {
  FILE *f;
  int separator;
  struct marl_buf text; /* the fields of one record, each with a final 0 */
  size_t start[FIELDS];
  int count;
  size_t line, next_line;
  const char *error;
};

struct scree *scree_open(FILE *f, int separator) {
  struct scree *s = calloc(1, sizeof *s);
  if (s == NULL) return NULL;
  s->f = f;
  s->separator = separator;
  s->next_line = 1;
  return s;
}

static int wrong(struct scree *s, const char *why) {
  s->error = why;
  return -1;
}

/* A quoted field, after its first quote: returns the character behind the last one. */
static int quoted(struct scree *s) {
  int c;
  while ((c = getc(s->f)) != EOF) {
    if (c == '"') {
      c = getc(s->f);
      if (c != '"') return c;
    } else if (c == '\n') {
      s->next_line++;
    }
    if (marl_addc(&s->text, c) != 0) return -2;
  }
  return -2;
}

int scree_next(struct scree *s) {
  int c = getc(s->f);

  marl_clear(&s->text);
  s->count = 0;
  s->line = s->next_line;
  if (c == EOF) return 0;
  for (;;) {
    if (s->count == FIELDS) return wrong(s, "more than 256 fields");
    s->start[s->count++] = s->text.len;
    if (c == '"') {
      c = quoted(s);
      if (c == -2) return wrong(s, "a quote is not closed");
    } else {
      for (; c != EOF && c != '\n' && c != s->separator; c = getc(s->f))
        if (c != '\r' && marl_addc(&s->text, c) != 0) return wrong(s, "out of memory");
    }
    if (marl_addc(&s->text, 0) != 0) return wrong(s, "out of memory");
    if (c == '\r') c = getc(s->f);
    if (c == EOF || c == '\n') break;
    if (c != s->separator) return wrong(s, "text behind a closing quote");
    c = getc(s->f);
  }
  s->next_line++;
  return s->count;
}

const char *scree_field(const struct scree *s, int i) {
  return i < 0 || i >= s->count ? "" : s->text.data + s->start[i];
}

size_t scree_line(const struct scree *s) { return s->line; }

const char *scree_error(const struct scree *s) { return s->error; }

void scree_close(struct scree *s) {
  if (s == NULL) return;
  marl_free(&s->text);
  free(s);
}

int scree_write(struct marl_buf *out, const char *field, int separator) {
  char special[] = {'"', '\n', '\r', (char)separator, 0};

  if (field[strcspn(field, special)] == 0) return marl_puts(out, field);
  if (marl_addc(out, '"') != 0) return -1;
  for (; *field != 0; field++)
    if ((*field == '"' && marl_addc(out, '"') != 0) || marl_addc(out, *field) != 0) return -1;
  return marl_addc(out, '"');
}
