/* grikeping: round-trip times over standard input and output. */
#include <grike.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  struct grike g = {.in = 0, .out = 1};
  int n = argc > 1 ? atoi(argv[1]) : 10;

  if (grike_send(&g, n) != 0) {
    perror("grikeping");
    return 1;
  }
  fprintf(stderr, "median of %d: %.3f ms\n", n, grike_median(&g));
  return 0;
}
