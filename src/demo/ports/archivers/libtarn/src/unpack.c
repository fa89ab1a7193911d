#include "tarn.h"

static uint32_t get32(const unsigned char *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

enum tarn_error tarn_unpack(const void *bytes, size_t n, struct marl_buf *out) {
  const unsigned char *p = bytes, *end = p + n;
  size_t before = out->len, length;
  uint32_t crc;

  if (n < TARN_HEADER) return TARN_SHORT;
  if (memcmp(p, TARN_MAGIC, 5) != 0) return TARN_FOREIGN;
  length = get32(p + 5);
  crc = get32(p + 9);
  p += TARN_HEADER;
  while (p < end) {
    unsigned t = *p++;
    if (t < 128) {
      if ((size_t)(end - p) < t + 1) return TARN_SHORT;
      if (marl_add(out, p, t + 1) != 0) return TARN_NOMEM;
      p += t + 1;
    } else {
      unsigned i;
      if (p == end) return TARN_SHORT;
      for (i = 0; i < t - 125; i++)
        if (marl_addc(out, *p) != 0) return TARN_NOMEM;
      p++;
    }
    if (out->len - before > length) return TARN_DAMAGED;
  }
  if (out->len - before != length) return TARN_DAMAGED;
  if (length > 0 && tarn_crc32(out->data + before, length) != crc) return TARN_DAMAGED;
  return TARN_OK;
}

const char *tarn_strerror(enum tarn_error e) {
  switch (e) {
    case TARN_OK: return "no error";
    case TARN_NOMEM: return "out of memory";
    case TARN_FOREIGN: return "not a packed stream";
    case TARN_SHORT: return "ends too early";
    case TARN_DAMAGED: return "damaged";
  }
  return "unknown error";
}
