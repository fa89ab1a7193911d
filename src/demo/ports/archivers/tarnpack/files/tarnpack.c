/* tarnpack: packs, unpacks and checks standard input. */
#include <stdlib.h>
#include <tarn.h>
#include <unistd.h>

static void fail(const char *what) {
  fprintf(stderr, "tarnpack: %s\n", what);
  exit(1);
}

static void check(enum tarn_error e) {
  if (e != TARN_OK) fail(tarn_strerror(e));
}

static void emit(const struct marl_buf *b) {
  if (fwrite(b->data, 1, b->len, stdout) != b->len || fflush(stdout) != 0) fail("cannot write");
}

int main(int argc, char **argv) {
  struct marl_buf in = {0}, packed = {0}, again = {0};
  int mode = 'p', c;

  while ((c = getopt(argc, argv, "dst")) != -1) {
    if (c == '?') {
      fprintf(stderr, "usage: tarnpack [-d | -s | -t] < input > output\n");
      return 2;
    }
    mode = c;
  }
  if (marl_read(&in, stdin) != 0) fail("cannot read");
  switch (mode) {
    case 'd':
      check(tarn_unpack(in.data, in.len, &again));
      emit(&again);
      break;
    case 's':
      printf("%08lx %zu\n", (unsigned long)tarn_crc32(in.data, in.len), in.len);
      break;
    case 't':
      check(tarn_pack(in.data, in.len, &packed));
      check(tarn_unpack(packed.data, packed.len, &again));
      if (again.len != in.len || memcmp(again.data, in.data, in.len) != 0) fail("not the same");
      printf("%zu -> %zu\n", in.len, packed.len);
      break;
    default:
      check(tarn_pack(in.data, in.len, &packed));
      emit(&packed);
  }
  return 0;
}
