#include "marl.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct entry {
  char *key;
  char *value;
  size_t next; /* in the same chain, counted from 1; 0 ends it */
};

struct marl_map {
  struct entry *entries;
  size_t count, size;
  size_t heads[256];
};

static unsigned slot(const char *key) {
  uint32_t h = 2166136261u;
  while (*key != 0) h = (h ^ (unsigned char)*key++) * 16777619u;
  return (h ^ h >> 8 ^ h >> 16 ^ h >> 24) & 255;
}

static struct entry *find(const struct marl_map *m, const char *key) {
  size_t i;
  for (i = m->heads[slot(key)]; i != 0; i = m->entries[i - 1].next)
    if (strcmp(m->entries[i - 1].key, key) == 0) return &m->entries[i - 1];
  return NULL;
}

struct marl_map *marl_map_new(void) { return calloc(1, sizeof(struct marl_map)); }

int marl_map_put(struct marl_map *m, const char *key, const char *value) {
  struct entry *e = find(m, key);
  char *copy = strdup(value);

  if (copy == NULL) return -1;
  if (e == NULL) {
    if (m->count == m->size) {
      size_t size = m->size ? m->size * 2 : 16;
      struct entry *p = realloc(m->entries, size * sizeof *p);
      if (p == NULL) {
        free(copy);
        return -1;
      }
      m->entries = p;
      m->size = size;
    }
    e = &m->entries[m->count];
    e->key = strdup(key);
    if (e->key == NULL) {
      free(copy);
      return -1;
    }
    e->value = NULL;
    e->next = m->heads[slot(key)];
    m->heads[slot(key)] = ++m->count;
  }
  free(e->value);
  e->value = copy;
  return 0;
}

const char *marl_map_get(const struct marl_map *m, const char *key) {
  struct entry *e = find(m, key);
  return e == NULL ? NULL : e->value;
}

size_t marl_map_count(const struct marl_map *m) { return m->count; }

const char *marl_map_key(const struct marl_map *m, size_t i) { return m->entries[i].key; }

const char *marl_map_value(const struct marl_map *m, size_t i) { return m->entries[i].value; }

void marl_map_free(struct marl_map *m) {
  size_t i;

  if (m == NULL) return;
  for (i = 0; i < m->count; i++) {
    free(m->entries[i].key);
    free(m->entries[i].value);
  }
  free(m->entries);
  free(m);
}
