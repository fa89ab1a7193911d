/* oxbow: words on a stack. */
#include <marl.h>
#include <stdlib.h>
#include <string.h>

#ifdef NUMBER_double
typedef double number;
#define FORMAT "%g "
#else
typedef long number;
#define FORMAT "%ld "
#endif

#define DEPTH 256
#define NESTING 64

static number stack[DEPTH];
static int depth, nesting, checking;
static number loop_index;
static struct marl_map *words; /* bodies of the words that were defined */

static void fail(const char *what, const char *word) {
  fprintf(stderr, "oxbow: %s: %s\n", word, what);
  exit(1);
}

static void push(number n) {
  if (depth == DEPTH) fail("the stack is full", "");
  stack[depth++] = n;
}

static number pop(const char *word) {
  if (depth == 0) fail("the stack is empty", word);
  return stack[--depth];
}

/* The next word at *p, copied; 0 at the end. Comments stand in lone brackets. */
static int next(const char **p, char *word, size_t size) {
  size_t n;
  for (;;) {
    *p += strspn(*p, " \t\r\n");
    n = strcspn(*p, " \t\r\n");
    if (n == 0) return 0;
    if (n != 1 || **p != '(') break;
    *p += strcspn(*p, ")");
    if (**p != 0) ++*p;
  }
  if (n >= size) fail("is too long a word", *p);
  memcpy(word, *p, n);
  word[n] = 0;
  *p += n;
  return 1;
}

/* Moves *p behind the word that ends a block, or behind `other` if that comes first. */
static void skip(const char **p, const char *open, const char *other, const char *end) {
  char word[64];
  int level = 0;
  while (next(p, word, sizeof word)) {
    if (strcmp(word, open) == 0) level++;
    if (level == 0 && (strcmp(word, end) == 0 || strcmp(word, other) == 0)) return;
    if (strcmp(word, end) == 0) level--;
  }
  fail("is missing", end);
}

static void run(const char *p);

static void define(const char **p) {
  char name[64];
  const char *start;
  char *body;

  if (!next(p, name, sizeof name)) fail("has no name", ":");
  start = *p;
  skip(p, ":", ";", ";");
  body = strndup(start, (size_t)(*p - start) - 1);
  if (body == NULL || marl_map_put(words, name, body) != 0) fail("out of memory", name);
  free(body);
}

static void loop(const char **p) {
  number from = pop("do"), to = pop("do"), outer = loop_index;
  const char *start = *p, *end;
  char *body;

  skip(p, "do", "loop", "loop");
  end = *p - strlen("loop");
  body = strndup(start, (size_t)(end - start));
  if (body == NULL) fail("out of memory", "do");
  for (loop_index = from; loop_index < to; loop_index++) run(body);
  loop_index = outer;
  free(body);
}

static int arithmetic(const char *w) {
  number b, a;
  if (w[1] != 0 && strcmp(w, "mod") != 0) return 0;
  if (strchr("+-*/<>=m", w[0]) == NULL) return 0;
  b = pop(w);
  a = pop(w);
  if ((w[0] == '/' || w[0] == 'm') && b == 0) fail("division by zero", w);
  switch (w[0]) {
    case '+': push(a + b); break;
    case '-': push(a - b); break;
    case '*': push(a * b); break;
    case '/': push(a / b); break;
    case 'm': push((number)((long)a % (long)b)); break;
    case '<': push(a < b); break;
    case '>': push(a > b); break;
    default: push(a == b);
  }
  return 1;
}

static int shuffle(const char *w) {
  number a, b;
  if (strcmp(w, "dup") == 0) {
    a = pop(w);
    push(a);
    push(a);
  } else if (strcmp(w, "drop") == 0) {
    pop(w);
  } else if (strcmp(w, "swap") == 0) {
    b = pop(w);
    a = pop(w);
    push(b);
    push(a);
  } else if (strcmp(w, "over") == 0) {
    b = pop(w);
    a = pop(w);
    push(a);
    push(b);
    push(a);
  } else {
    return 0;
  }
  return 1;
}

static void run(const char *p) {
  char w[64], *end;
  const char *body;
  number n;

  if (++nesting > NESTING) fail("words call each other too deeply", "");
  while (next(&p, w, sizeof w)) {
    if (strcmp(w, ":") == 0) define(&p);
    else if (checking) continue;
    else if (strcmp(w, "do") == 0) loop(&p);
    else if (strcmp(w, "i") == 0) push(loop_index);
    else if (strcmp(w, "if") == 0) { if (pop(w) == 0) skip(&p, "if", "else", "then"); }
    else if (strcmp(w, "else") == 0) skip(&p, "if", "then", "then");
    else if (strcmp(w, "then") == 0) continue;
    else if (strcmp(w, ".") == 0) printf(FORMAT, pop(w));
    else if (strcmp(w, "cr") == 0) putchar('\n');
    else if (arithmetic(w) || shuffle(w)) continue;
    else if ((body = marl_map_get(words, w)) != NULL) {
      /* A copy, since the word may be defined anew while it runs. */
      char *copy = strdup(body);
      if (copy == NULL) fail("out of memory", w);
      run(copy);
      free(copy);
    } else {
      n = (number)strtod(w, &end);
      if (*end != 0) fail("is not a word", w);
      push(n);
    }
  }
  nesting--;
}

/* oxbow [-c] [FILE ...]: runs files, or standard input. -c: only reads the definitions. */
int main(int argc, char **argv) {
  struct marl_buf text = {0};
  int i = 1;

  words = marl_map_new();
  if (words == NULL) return 1;
  if (argc > 1 && strcmp(argv[1], "-c") == 0) {
    checking = 1;
    i++;
  }
  if (i == argc && marl_read(&text, stdin) != 0) fail("cannot read", "standard input");
  for (; i < argc; i++) {
    FILE *f = fopen(argv[i], "r");
    if (f == NULL || marl_read(&text, f) != 0) fail("cannot read", argv[i]);
    fclose(f);
  }
  if (text.len > 0) run(text.data);
  marl_free(&text);
  marl_map_free(words);
  return fflush(stdout) == 0 ? 0 : 1;
}
