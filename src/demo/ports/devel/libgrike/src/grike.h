/* libgrike: round-trip times. */
#ifndef GRIKE_H
#define GRIKE_H

#include <marl.h>

struct grike {
  int in, out;
  struct marl_buf times; /* a double for each message, in milliseconds */
};

/* Sends n messages; 0, or -1 with errno. */
int grike_send(struct grike *g, int n);
double grike_median(const struct grike *g);

#endif
