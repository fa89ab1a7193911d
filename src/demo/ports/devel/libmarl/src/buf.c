#include "marl.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Room for n more bytes and the final 0. */
static int reserve(struct marl_buf *b, size_t n) {
  size_t need = b->len + n + 1;
  size_t size = b->size ? b->size : 64;
  char *p;

  if (need < n) return -1;
  if (need <= b->size) return 0;
  while (size < need) size *= 2;
  p = realloc(b->data, size);
  if (p == NULL) return -1;
  b->data = p;
  b->size = size;
  return 0;
}

int marl_add(struct marl_buf *b, const void *bytes, size_t n) {
  if (reserve(b, n) != 0) return -1;
  if (n > 0) memcpy(b->data + b->len, bytes, n);
  b->len += n;
  b->data[b->len] = 0;
  return 0;
}

int marl_addc(struct marl_buf *b, int c) {
  char byte = (char)c;
  return marl_add(b, &byte, 1);
}

int marl_puts(struct marl_buf *b, const char *text) { return marl_add(b, text, strlen(text)); }

int marl_printf(struct marl_buf *b, const char *format, ...) {
  va_list args;
  int n;

  va_start(args, format);
  n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (n < 0 || reserve(b, (size_t)n) != 0) return -1;
  va_start(args, format);
  vsnprintf(b->data + b->len, (size_t)n + 1, format, args);
  va_end(args);
  b->len += (size_t)n;
  return 0;
}

int marl_read(struct marl_buf *b, FILE *f) {
  char block[4096];
  size_t n;

  while ((n = fread(block, 1, sizeof block, f)) > 0)
    if (marl_add(b, block, n) != 0) return -1;
  return ferror(f) ? -1 : 0;
}

void marl_clear(struct marl_buf *b) {
  b->len = 0;
  if (b->data != NULL) b->data[0] = 0;
}

void marl_free(struct marl_buf *b) {
  free(b->data);
  memset(b, 0, sizeof *b);
}
