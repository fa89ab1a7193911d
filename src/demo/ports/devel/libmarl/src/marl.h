/* libmarl: growing buffers and string tables. */
#ifndef MARL_H
#define MARL_H

#include <stddef.h>
#include <stdio.h>

/* A buffer. All zero is an empty one. data[len] is always 0 once something was added. */
struct marl_buf {
  char *data;
  size_t len;
  size_t size;
};

/* These return 0, or -1 when there is no memory (the buffer keeps what it had). */
int marl_add(struct marl_buf *b, const void *bytes, size_t n);
int marl_addc(struct marl_buf *b, int c);
int marl_puts(struct marl_buf *b, const char *text);
int marl_printf(struct marl_buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Reads to the end of f; -1 also for a read error. */
int marl_read(struct marl_buf *b, FILE *f);
void marl_clear(struct marl_buf *b);
void marl_free(struct marl_buf *b);

/* A table from string to string; keys keep the order in which they came. */
struct marl_map;

struct marl_map *marl_map_new(void);
int marl_map_put(struct marl_map *m, const char *key, const char *value);
const char *marl_map_get(const struct marl_map *m, const char *key);
size_t marl_map_count(const struct marl_map *m);
const char *marl_map_key(const struct marl_map *m, size_t i);
const char *marl_map_value(const struct marl_map *m, size_t i);
void marl_map_free(struct marl_map *m);

#endif
