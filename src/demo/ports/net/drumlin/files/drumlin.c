/* drumlin: a store of keys and values; requests on standard input, answers on standard output. */
#include <errno.h>
#include <marl.h>
#include <stdlib.h>
#include <string.h>
#ifdef WITH_TARN
#include <tarn.h>
#endif

static struct marl_map *store;

static int fail(const char *name, const char *why) {
  fprintf(stderr, "drumlin: %s: %s\n", name, why);
  return 1;
}

/* Puts "key value" lines into the store. */
static int parse(char *text) {
  char *line, *space;

  for (line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    space = strchr(line, ' ');
    if (space == NULL) return -1;
    *space = 0;
    if (marl_map_put(store, line, space + 1) != 0) return -1;
  }
  return 0;
}

static int load(const char *name) {
  struct marl_buf in = {0}, *text = &in;
  FILE *f = fopen(name, "rb");

  if (f == NULL) return errno == ENOENT ? 0 : fail(name, strerror(errno));
  if (marl_read(&in, f) != 0) return fail(name, "cannot read");
  fclose(f);
#ifdef WITH_TARN
  struct marl_buf out = {0};
  enum tarn_error e = tarn_unpack(in.data, in.len, &out);
  if (e != TARN_OK && e != TARN_FOREIGN) return fail(name, tarn_strerror(e));
  if (e == TARN_OK) text = &out;
#endif
  if (text->len > 0 && parse(text->data) != 0) return fail(name, "is no store");
  return 0;
}

static int save(const char *name) {
  struct marl_buf text = {0}, *result = &text;
  size_t i;
  FILE *f;

  for (i = 0; i < marl_map_count(store); i++)
    if (marl_printf(&text, "%s %s\n", marl_map_key(store, i), marl_map_value(store, i)) != 0)
      return fail(name, "out of memory");
#ifdef WITH_TARN
  struct marl_buf packed = {0};
  if (tarn_pack(text.data, text.len, &packed) != TARN_OK) return fail(name, "out of memory");
  result = &packed;
#endif
  f = fopen(name, "wb");
  if (f == NULL) return fail(name, strerror(errno));
  if (fwrite(result->data, 1, result->len, f) != result->len || fclose(f) != 0)
    return fail(name, "cannot write");
  return 0;
}

int main(int argc, char **argv) {
  char line[4096], *key, *value;
  int changed = 0;

  if (argc != 2) return fail("usage", "drumlin file");
  store = marl_map_new();
  if (store == NULL || load(argv[1]) != 0) return 1;
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\r\n")] = 0;
    key = strchr(line, ' ');
    if (key != NULL) *key++ = 0;
    value = key == NULL ? NULL : strchr(key, ' ');
    if (value != NULL) *value++ = 0;
    if (strcmp(line, "count") == 0) {
      printf("%zu\n", marl_map_count(store));
    } else if (strcmp(line, "get") == 0 && key != NULL) {
      const char *v = marl_map_get(store, key);
      printf("%s\n", v == NULL ? "-" : v);
    } else if (strcmp(line, "put") == 0 && value != NULL) {
      if (marl_map_put(store, key, value) != 0) return fail(key, "out of memory");
      changed = 1;
      puts("ok");
    } else {
      puts("?");
    }
    fflush(stdout);
  }
  return changed ? save(argv[1]) : 0;
}
