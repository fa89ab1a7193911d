/* screetab: prints a table in columns. */
#include <marl.h>
#include <scree.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COLUMNS 256

struct column {
  size_t width;
  int numeric;
};

static int is_number(const char *s) { return *s != 0 && s[strspn(s, "0123456789.-")] == 0; }

/* Columns in bytes that begin a character, so that UTF-8 lines up. */
static size_t width(const char *s) {
  size_t n = 0;
  for (; *s != 0; s++) n += ((unsigned char)*s & 0xc0) != 0x80;
  return n;
}

int main(int argc, char **argv) {
  static struct column columns[COLUMNS];
  struct marl_buf cells = {0}; /* all fields, each with a final 0; an empty record is a newline */
  int separator = SEPARATOR, c, n, i;
  struct scree *s;
  const char *p, *end;
  size_t records = 0;

  while ((c = getopt(argc, argv, "s:")) != -1) {
    if (c == '?' || optarg[0] == 0) {
      fprintf(stderr, "usage: screetab [-s separator]\n");
      return 2;
    }
    separator = optarg[0];
  }
  for (i = 0; i < COLUMNS; i++) columns[i].numeric = 1;
  s = scree_open(stdin, separator);
  if (s == NULL) return 1;
  while ((n = scree_next(s)) > 0) {
    for (i = 0; i < n; i++) {
      const char *field = scree_field(s, i);
      if (width(field) > columns[i].width) columns[i].width = width(field);
      /* The first record names the columns. */
      if (records > 0 && *field != 0 && !is_number(field)) columns[i].numeric = 0;
      if (marl_puts(&cells, field) != 0 || marl_addc(&cells, 0) != 0) return 1;
    }
    if (marl_add(&cells, "\n", 2) != 0) return 1;
    records++;
  }
  if (n < 0) {
    fprintf(stderr, "screetab: line %zu: %s\n", scree_line(s), scree_error(s));
    return 1;
  }
  scree_close(s);

  i = 0;
  for (p = cells.data, end = p + cells.len; p != end; p += strlen(p) + 1) {
    if (strcmp(p, "\n") == 0) {
      putchar('\n');
      i = 0;
      continue;
    }
    int last = strcmp(p + strlen(p) + 1, "\n") == 0;
    int pad = (int)(columns[i].width - width(p));
    if (i > 0) fputs("  ", stdout);
    if (columns[i].numeric)
      printf("%*s%s", pad, "", p);
    else
      printf("%s%*s", p, last ? 0 : pad, "");
    i++;
  }
  marl_free(&cells);
  return fflush(stdout) == 0 ? 0 : 1;
}
