/* mktable: writes constant tables as C source. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t crc32_entry(uint32_t n) {
  int bit;
  for (bit = 0; bit < 8; bit++) n = n & 1 ? n >> 1 ^ 0xedb88320u : n >> 1;
  return n;
}

static uint32_t square_entry(uint32_t n) { return n * n; }

static uint32_t popcount_entry(uint32_t n) {
  uint32_t bits = 0;
  for (; n != 0; n >>= 1) bits += n & 1;
  return bits;
}

static const struct {
  const char *name;
  uint32_t (*entry)(uint32_t);
} kinds[] = {{"crc32", crc32_entry}, {"square", square_entry}, {"popcount", popcount_entry}};

static void usage(void) {
  fprintf(stderr, "usage: mktable crc32|square|popcount NAME [COUNT]\n");
  exit(2);
}

int main(int argc, char **argv) {
  unsigned long count = 256, i;
  size_t k;

  if (argc < 3 || argc > 4) usage();
  if (argc == 4) count = strtoul(argv[3], NULL, 10);
  if (count == 0 || count > 65536) usage();
  for (k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
    if (strcmp(kinds[k].name, argv[1]) == 0) break;
  if (k == sizeof kinds / sizeof kinds[0]) usage();

  printf("/* Made by mktable %s: do not edit. */\n#include <stdint.h>\n\n", argv[1]);
  printf("const uint32_t %s[%lu] = {", argv[2], count);
  for (i = 0; i < count; i++)
    printf("%s0x%08lx,", i % 6 == 0 ? "\n  " : " ", (unsigned long)kinds[k].entry((uint32_t)i));
  printf("\n};\n");
  return fflush(stdout) == 0 ? 0 : 1;
}
