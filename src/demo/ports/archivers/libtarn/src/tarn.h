/*
 * libtarn: run-length packing with a checksum.
 *
 * A packed stream is "TARN1", the unpacked length and the CRC-32 (four bytes each, lowest first),
 * then tokens: a byte t below 128 says that t + 1 bytes follow as they are; any other one says that
 * the next byte stands t - 125 times.
 */
#ifndef TARN_H
#define TARN_H

#include <marl.h>
#include <stdint.h>
#include <string.h>

#define TARN_MAGIC "TARN1"
#define TARN_HEADER 13
#define TARN_RUN_MIN 3
#define TARN_RUN_MAX 131

enum tarn_error { TARN_OK, TARN_NOMEM, TARN_FOREIGN, TARN_SHORT, TARN_DAMAGED };

/* Both add to `out` and leave it half written when they fail. */
enum tarn_error tarn_pack(const void *bytes, size_t n, struct marl_buf *out);
enum tarn_error tarn_unpack(const void *bytes, size_t n, struct marl_buf *out);

const char *tarn_strerror(enum tarn_error e);
uint32_t tarn_crc32(const void *bytes, size_t n);

/* Whether this looks like a packed stream. */
static inline int tarn_packed(const void *bytes, size_t n) {
  return n > 0 && memcmp(bytes, TARN_MAGIC, 5) == 0;
}

#endif
