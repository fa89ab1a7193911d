/* wordcairn 0.9.3: the commonest words of a text. */
#include <ctype.h>
#include <marl.h>
#include <stdlib.h>
#include <string.h>

struct word {
  const char *text;
  long n;
};

static int commoner(const void *a, const void *b) {
  const struct word *x = a, *y = b;
  return x->n < y->n ? 1 : -1;
}

static void count(struct marl_map *words, const char *word) {
  const char *old = marl_map_get(words, word);
  char number[24];
  snprintf(number, sizeof number, "%ld", old == NULL ? 1 : atol(old) + 1);
  if (marl_map_put(words, word, number) != 0) exit(1);
}

int main(int argc, char **argv) {
  struct marl_map *words = marl_map_new();
  struct marl_buf word = {0};
  size_t top = argc > 1 ? (size_t)atol(argv[1]) : 10, n, i;
  struct word *sorted;
  int c;

  if (words == NULL) return 1;
  while ((c = getchar()) != EOF) {
    if (isalpha(c)) {
      if (marl_addc(&word, tolower(c)) != 0) return 1;
    } else if (word.len > 0) {
      count(words, word.data);
      marl_clear(&word);
    }
  }
  n = marl_map_count(words);
  sorted = calloc(n + 1, sizeof *sorted);
  if (sorted == NULL) return 1;
  for (i = 0; i < n; i++) {
    sorted[i].text = marl_map_key(words, i);
    sorted[i].n = atol(marl_map_value(words, i));
  }
  qsort(sorted, n, sizeof *sorted, commoner);
  for (i = 0; i < n && i < top; i++) printf("%7ld %s\n", sorted[i].n, sorted[i].text);
  return 0;
}
