/* corrie: counts values of one column over several tables. */
#include <cairn.h>
#include <errno.h>
#include <marl.h>
#include <stdlib.h>
#include <string.h>
#include <tarn.h>

struct count {
  const char *value;
  long n;
};

static int higher(const void *a, const void *b) {
  const struct count *x = a, *y = b;
  if (x->n != y->n) return x->n < y->n ? 1 : -1;
  return strcmp(x->value, y->value);
}

static int count(struct marl_map *counts, FILE *f, const char *name, const char *column) {
  const char *error, *old;
  struct cairn *table = cairn_load(f, &error);
  char number[24];
  size_t row;
  int c;

  if (table == NULL) {
    fprintf(stderr, "corrie: %s: %s\n", name, error);
    return 1;
  }
  c = cairn_column(table, column);
  if (c < 0) {
    fprintf(stderr, "corrie: %s: there is no column %s\n", name, column);
    cairn_free(table);
    return 1;
  }
  for (row = 0; row < cairn_rows(table); row++) {
    old = marl_map_get(counts, cairn_get(table, row, c));
    snprintf(number, sizeof number, "%ld", old == NULL ? 1 : atol(old) + 1);
    if (marl_map_put(counts, cairn_get(table, row, c), number) != 0) return 1;
  }
  cairn_free(table);
  return 0;
}

static void print(const struct marl_map *counts, const char *column) {
  size_t n = marl_map_count(counts), i;
  struct count *sorted = calloc(n + 1, sizeof *sorted);

  if (sorted == NULL) exit(1);
  for (i = 0; i < n; i++) {
    sorted[i].value = marl_map_key(counts, i);
    sorted[i].n = atol(marl_map_value(counts, i));
  }
  qsort(sorted, n, sizeof *sorted, higher);
  printf("count,%s\n", column);
  for (i = 0; i < n; i++) {
    printf("%ld,%s", sorted[i].n, sorted[i].value);
#ifdef BARS
    long width = sorted[i].n * 40 / sorted[0].n;
    putchar(',');
    while (width-- > 0) putchar('#');
#endif
    putchar('\n');
  }
  free(sorted);
}

/* Says of each file whether it is packed, and whether a packed one is whole. */
static const char *kind(const char *name) {
  struct marl_buf in = {0}, out = {0};
  const char *says = "text";
  FILE *f = fopen(name, "rb");

  if (f == NULL || marl_read(&in, f) != 0)
    says = "unreadable";
  else if (tarn_packed(in.data, in.len))
    says = tarn_unpack(in.data, in.len, &out) == TARN_OK ? "packed" : "damaged";
  if (f != NULL) fclose(f);
  marl_free(&in);
  marl_free(&out);
  return says;
}

static int list(char **names) {
  for (; *names != NULL; names++) printf("%s: %s\n", *names, kind(*names));
  return 0;
}

int main(int argc, char **argv) {
  struct marl_map *counts = marl_map_new();
  int i, status = 0;

  if (argc < 2 || counts == NULL) {
    fprintf(stderr, "usage: corrie column [file ...]\n       corrie -l file ...\n");
    return 2;
  }
  if (strcmp(argv[1], "-l") == 0) return list(argv + 2);
  if (argc == 2) status = count(counts, stdin, "standard input", argv[1]);
  for (i = 2; i < argc; i++) {
    FILE *f = fopen(argv[i], "rb");
    if (f == NULL) {
      fprintf(stderr, "corrie: %s: %s\n", argv[i], strerror(errno));
      status = 1;
      continue;
    }
    status |= count(counts, f, argv[i], argv[1]);
    fclose(f);
  }
  print(counts, argv[1]);
  marl_map_free(counts);
  return fflush(stdout) == 0 ? status : 1;
}
