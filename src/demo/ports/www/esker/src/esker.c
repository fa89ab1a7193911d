/* esker: puts a page together from templates. */
#include <errno.h>
#include <marl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef WITH_TARN
#include <tarn.h>
#endif

#define NESTING 16

static struct marl_map *values;

static void fail(const char *name, const char *why) {
  fprintf(stderr, "esker: %s: %s\n", name, why);
  exit(1);
}

static void need(int status) {
  if (status != 0) fail("memory", "there is not enough");
}

/* A file's text; unpacked, when it is packed. */
static struct marl_buf load(const char *name) {
  struct marl_buf in = {0};
  FILE *f = fopen(name, "rb");

  if (f == NULL) fail(name, strerror(errno));
  if (marl_read(&in, f) != 0) fail(name, "cannot read");
  fclose(f);
#ifdef WITH_TARN
  if (tarn_packed(in.data, in.len)) {
    struct marl_buf out = {0};
    enum tarn_error e = tarn_unpack(in.data, in.len, &out);
    if (e != TARN_OK) fail(name, tarn_strerror(e));
    marl_free(&in);
    in = out;
  }
#endif
  return in;
}

static void escape(struct marl_buf *out, const char *s) {
  for (; *s != 0; s++) {
    switch (*s) {
      case '&': need(marl_puts(out, "&amp;")); break;
      case '<': need(marl_puts(out, "&lt;")); break;
      case '>': need(marl_puts(out, "&gt;")); break;
      case '"': need(marl_puts(out, "&quot;")); break;
      default: need(marl_addc(out, *s));
    }
  }
}

static const char *value(const char *name) {
  const char *v = marl_map_get(values, name);
#ifdef STRICT
  if (v == NULL) fail(name, "has no value");
#endif
  return v == NULL ? "" : v;
}

static void expand(struct marl_buf *out, const char *file, int level) {
  struct marl_buf text = load(file);
  const char *p = text.data, *start, *end;
  char name[256];
  int raw;

  if (level > NESTING) fail(file, "files take in each other");
  if (p == NULL) return;
  while ((start = strstr(p, "{{")) != NULL) {
    raw = strncmp(start, "{{{", 3) == 0;
    end = strstr(start, raw ? "}}}" : "}}");
    need(marl_add(out, p, (size_t)(start - p)));
    start += raw ? 3 : 2;
    if (end == NULL || (size_t)(end - start) >= sizeof name) fail(file, "braces are not closed");
    memcpy(name, start, (size_t)(end - start));
    name[end - start] = 0;
    p = end + (raw ? 3 : 2);
    if (name[0] == '>') {
      expand(out, name + 1, level + 1);
    } else if (name[0] == '<') {
      struct marl_buf part = load(name + 1);
      need(marl_add(out, part.data, part.len));
      marl_free(&part);
    } else if (raw) {
      need(marl_puts(out, value(name)));
    } else {
      escape(out, value(name));
    }
  }
  need(marl_puts(out, p));
  marl_free(&text);
}

int main(int argc, char **argv) {
  struct marl_buf page = {0};
  char *equals;
  int c;

  values = marl_map_new();
  if (values == NULL) return 1;
  while ((c = getopt(argc, argv, "v:")) != -1) {
    if (c != 'v' || (equals = strchr(optarg, '=')) == NULL) {
      fprintf(stderr, "usage: esker [-v name=value] template\n");
      return 2;
    }
    *equals = 0;
    need(marl_map_put(values, optarg, equals + 1));
  }
  if (optind != argc - 1) {
    fprintf(stderr, "usage: esker [-v name=value] template\n");
    return 2;
  }
  expand(&page, argv[optind], 0);
  fwrite(page.data, 1, page.len, stdout);
  marl_free(&page);
  marl_map_free(values);
  return fflush(stdout) == 0 ? 0 : 1;
}
