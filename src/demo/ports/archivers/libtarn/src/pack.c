#include "tarn.h"

static int put32(struct marl_buf *out, uint32_t v) {
  unsigned char b[4] = {v & 255, v >> 8 & 255, v >> 16 & 255, v >> 24 & 255};
  return marl_add(out, b, sizeof b);
}

static int literals(struct marl_buf *out, const unsigned char *p, size_t n) {
  while (n > 0) {
    size_t part = n < 128 ? n : 128;
    if (marl_addc(out, (int)part - 1) != 0 || marl_add(out, p, part) != 0) return -1;
    p += part;
    n -= part;
  }
  return 0;
}

enum tarn_error tarn_pack(const void *bytes, size_t n, struct marl_buf *out) {
  const unsigned char *p = bytes, *end = p + n, *start = p;

  if (marl_add(out, TARN_MAGIC, 5) != 0 || put32(out, (uint32_t)n) != 0 ||
      put32(out, tarn_crc32(bytes, n)) != 0)
    return TARN_NOMEM;
  while (p < end) {
    size_t run = 1;
    while (p + run < end && run < TARN_RUN_MAX && p[run] == *p) run++;
    if (run < TARN_RUN_MIN) {
      p += run;
      continue;
    }
    if (literals(out, start, (size_t)(p - start)) != 0 ||
        marl_addc(out, (int)run + 125) != 0 || marl_addc(out, *p) != 0)
      return TARN_NOMEM;
    p += run;
    start = p;
  }
  return literals(out, start, (size_t)(end - start)) == 0 ? TARN_OK : TARN_NOMEM;
}
