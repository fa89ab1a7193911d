#include "grike.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int grike_send(struct grike *g, int n) {
  char byte = '?';

  while (n-- > 0) {
    double start = now(), taken;
    if (write(g->out, &byte, 1) != 1 || read(g->in, &byte, 1) != 1) return -1;
    taken = now() - start;
    if (marl_add(&g->times, &taken, sizeof taken) != 0) return -1;
  }
  return 0;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* The middle one of all times. */
double grike_median(const struct grike *g) {
  size_t n = g->times.used / sizeof(double);
  double *times = (double *)g->times.bytes;

  if (n == 0) return 0;
  qsort(times, n, sizeof *times, compare);
  return times[n / 2];
}
