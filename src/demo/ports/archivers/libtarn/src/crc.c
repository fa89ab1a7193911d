#include "tarn.h"

extern const uint32_t tarn_crc_table[256]; /* made by mktable */

uint32_t tarn_crc32(const void *bytes, size_t n) {
  const unsigned char *p = bytes;
  uint32_t c = 0xffffffffu;

  while (n-- > 0) c = tarn_crc_table[(c ^ *p++) & 255] ^ c >> 8;
  return c ^ 0xffffffffu;
}
