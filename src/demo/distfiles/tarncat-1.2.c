/*
 * tarncat 1.2: prints files, packed with libtarn or not.
 *
 *   cc -o tarncat tarncat-1.2.c -ltarn -lmarl
 *   tarncat [FILE ...]
 *
 * In the public domain.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <tarn.h>

static int cat(FILE *f, const char *name) {
  struct marl_buf in = {0}, out = {0}, *result = &in;
  int status = 0;

  if (marl_read(&in, f) != 0) {
    fprintf(stderr, "tarncat: %s: cannot read\n", name);
    status = 1;
  } else if (tarn_packed(in.data, in.len)) {
    enum tarn_error e = tarn_unpack(in.data, in.len, &out);
    if (e != TARN_OK) {
      fprintf(stderr, "tarncat: %s: %s\n", name, tarn_strerror(e));
      status = 1;
    }
    result = &out;
  }
  if (status == 0) fwrite(result->data, 1, result->len, stdout);
  marl_free(&in);
  marl_free(&out);
  return status;
}

int main(int argc, char **argv) {
  int i, status = 0;

  if (argc < 2) return cat(stdin, "standard input");
  for (i = 1; i < argc; i++) {
    FILE *f = fopen(argv[i], "rb");
    if (f == NULL) {
      fprintf(stderr, "tarncat: %s: %s\n", argv[i], strerror(errno));
      status = 1;
      continue;
    }
    status |= cat(f, argv[i]);
    fclose(f);
  }
  return fflush(stdout) == 0 ? status : 1;
}
